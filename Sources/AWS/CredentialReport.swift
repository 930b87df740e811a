/// What came of asking for credentials, with every provider's word on it.
package struct CredentialReport: Sendable {
    package enum Outcome: Sendable, Hashable {
        case credentials(Credentials)
        /// They would have to be got from a network or a process, which was not wanted: what it would be, for people,
        /// and the session behind it.
        case onUse(Prospect)
        case failed(AWSFailure)
    }

    package var outcome: Outcome
    /// Complaints about the files, then what each provider said, in the order in which they were asked.
    package var reasons: [String]

    /// - Throws: ``AWSFailure`` with every provider's reason.
    package func get() throws(AWSFailure) -> Credentials {
        switch outcome {
        case .credentials(let credentials): return credentials
        case .onUse(let prospect):
            throw AWSFailure(
                "aws-no-credentials", "the credentials were not asked for: \(prospect.words)", do: "try again"
            )
        case .failed(var failure):
            failure.reasons = reasons
            throw failure
        }
    }
}

/// What came of asking for credentials, with every provider's word on it.
package struct CredentialReport: Sendable {
    package var outcome: Result<Credentials, AWSFailure>
    /// Complaints about the files, then what each provider said, in the order in which they were asked.
    package var reasons: [String]
}

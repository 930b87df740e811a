/// What a provider answers.
package enum ProviderAnswer: Sendable, Hashable {
    case credentials(Credentials)
    /// This provider was not set up here; the next one is asked.
    case notConfigured(String)
    /// Half of it is set up, which aws-cli passes over; the next one is asked, and this is the failure where
    /// nobody answers.
    case incomplete(AWSFailure)
    /// It was set up and cannot be used; nobody else is asked.
    case broken(AWSFailure)
    /// It is set up and would have to ask a network or a process, which is not wanted now.
    case onUse(Prospect)
}

/// What a provider answers.
package enum ProviderAnswer: Sendable, Hashable {
    case credentials(Credentials)
    /// This provider was not set up here; the next one is asked.
    case notConfigured(String)
    /// It was set up and cannot be used; nobody else is asked.
    case broken(AWSFailure)
}

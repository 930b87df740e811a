/// One way to come by credentials. May block: callers run it on a thread of their own.
package protocol CredentialProvider: Sendable {
    /// For the report: `environment`, `static keys in the credentials file`.
    var name: String { get }
    func resolve(_ context: ProviderContext) -> ProviderAnswer
}

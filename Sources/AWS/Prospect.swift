/// Credentials that would be had by asking a network or a process.
package struct Prospect: Sendable, Hashable {
    /// For people: `role DBA`, `credential process, run on use`.
    package var words: String
    /// The session that they would come from.
    package var session: LoginSession?
    /// Whose they would be, where the configuration tells.
    package var account: String?

    init(_ words: String, session: LoginSession? = nil, account: String? = nil) {
        self.words = words
        self.session = session
        self.account = account
    }
}

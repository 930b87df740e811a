import Profiles

/// A psql that is ready to start: what to run, and the secret in memory that it reads.
package struct PreparedSession: Sendable {
    package var profile: Profile
    package var command: PsqlCommand
    /// The password file in memory; nil where no secret is handed over. It lives as long as this value.
    package var passfile: Passfile?
    /// The token's life, where the login uses one.
    package var token: TokenClock?
    /// What is printed before psql takes the terminal.
    package var banner: String
}

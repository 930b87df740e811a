/// Why libpq cannot read a connection string. Holds no part of it that might be a secret.
package struct ConninfoProblem: Error, Sendable, Hashable {
    /// libpq's own complaint, what it quotes of the text left out.
    package var message: String
}

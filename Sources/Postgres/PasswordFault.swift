/// Why a login came to nothing, where that was its password's doing.
package enum PasswordFault: Sendable, Hashable {
    /// The server wants one, and libpq has found none.
    case missing
    /// The server would not have the one that it was given.
    case refused
}

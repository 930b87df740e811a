/// How a login proves who it is.
package enum Authentication: String, Sendable, Hashable, CaseIterable {
    /// A signed IAM token in place of a password.
    case iam
    /// A password that is asked for and kept in memory for the run at most.
    case password
    /// The user's own password file, read by libpq.
    case pgpass
    /// A section of the user's `pg_service.conf`, read by libpq.
    case service
    /// Nothing: trust, peer or a certificate.
    case none

    /// How it logs in, in a sentence.
    package var manner: String {
        switch self {
        case .iam: "by token"
        case .password: "by password"
        case .pgpass: "by password file"
        case .service: "by its service"
        case .none: "without a password"
        }
    }

    /// The word in the list's narrow column.
    package var badge: String {
        switch self {
        case .password: "pw"
        case .pgpass: "file"
        case .service: "svc"
        case .iam, .none: rawValue
        }
    }
}

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

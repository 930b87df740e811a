/// libpq's `sslmode`: how far TLS is insisted on and the server's certificate checked
/// (PostgreSQL documentation, "SSL Support", table "SSL Mode Descriptions").
package enum SSLMode: String, Sendable, Hashable, CaseIterable, Comparable {
    case disable, allow, prefer, require
    case verifyCA = "verify-ca"
    case verifyFull = "verify-full"

    /// Whether libpq never sends a password without TLS under this mode. A token needs that.
    package var insistsOnTLS: Bool { self >= .require }

    /// From the weakest to the strictest.
    package static func < (left: SSLMode, right: SSLMode) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

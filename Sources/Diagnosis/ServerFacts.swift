import Profiles

/// What the server said of itself once the login had succeeded.
package struct ServerFacts: Sendable, Hashable {
    /// The server's version as people write it, such as `16.4`.
    package var version: String
    /// What `aurora_version()` answers; nil on a plain PostgreSQL.
    package var auroraVersion: String?
    /// By `pg_is_in_recovery()`.
    package var role: ClusterRole
    package var currentUser: String
    /// Whether transactions start read-only.
    package var readOnly: Bool
    /// The server's clock less this machine's, in seconds.
    package var clockSkewSeconds: Double?
    /// What one question and its answer took, in milliseconds.
    package var roundTripMilliseconds: Double?
    /// Whether the user is a member of rds_iam; nil where there is no such role.
    package var isIAMMember: Bool?
    /// The instance's own name, where it tells.
    package var instance: String?
    /// The servers of its cluster, the writer first; empty where it was not asked or may not be seen.
    package var cluster: [ClusterNode] = []
    /// What was asked for and not told, each with the reason: `the Aurora version (no answer in 2 s)`.
    package var unknown: [String] = []

    package init(
        version: String, auroraVersion: String? = nil, role: ClusterRole, currentUser: String,
        readOnly: Bool = false, clockSkewSeconds: Double? = nil
    ) {
        self.version = version
        self.auroraVersion = auroraVersion
        self.role = role
        self.currentUser = currentUser
        self.readOnly = readOnly
        self.clockSkewSeconds = clockSkewSeconds
    }
}

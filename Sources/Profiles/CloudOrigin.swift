/// What AWS says of an endpoint that a profile stands for.
package struct CloudOrigin: Sendable, Hashable {
    /// Tells endpoints apart over time: the resource's ARN and which of its endpoints it is.
    package var key: String
    package var account: String
    package var region: String
    /// The cluster's identifier; nil for an instance of its own.
    package var cluster: String?
    /// `cluster-…`, `db-…` or `prx-…`: what an IAM policy names.
    package var resourceID: String
    /// `aurora-postgresql 16.4`.
    package var engine: String
    /// Whether IAM authentication is switched on; nil where AWS did not tell.
    package var isIAMEnabled: Bool?
    /// Its AWS tags.
    package var tags: [String: String]
    /// The fields of the profile as discovery last wrote them: what differs from these is the user's own.
    package var written: [String: String]

    package init(
        key: String, account: String, region: String, cluster: String?, resourceID: String, engine: String,
        isIAMEnabled: Bool?, tags: [String: String], written: [String: String] = [:]
    ) {
        self.key = key
        self.account = account
        self.region = region
        self.cluster = cluster
        self.resourceID = resourceID
        self.engine = engine
        self.isIAMEnabled = isIAMEnabled
        self.tags = tags
        self.written = written
    }
}

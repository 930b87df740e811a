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

    /// For scripts.
    package var json: JSONText {
        .object([
            .init("account", .string(account)), .init("region", .string(region)),
            .init("cluster", .optional(cluster)), .init("resource_id", .string(resourceID)),
            .init("engine", .string(engine)), .init("iam", isIAMEnabled.map { .bool($0) } ?? .null),
            .init(
                "tags",
                .object(tags.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
        ])
    }

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

import Profiles

/// Profiles that show what a list looks like; their hosts lead nowhere.
enum Demo {
    static func profiles(taken: Set<String>) -> [Profile] {
        let rows: [(name: String, host: String, environment: Environment, user: String, database: String)] = [
            (
                "demo-orders", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com", .prod, "iam_dba",
                "orders"
            ),
            (
                "demo-orders-ro", "orders.cluster-ro-c1x9abcdefgh.eu-west-1.rds.amazonaws.com", .prod,
                "iam_ro", "orders"
            ),
            (
                "demo-billing", "billing.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com", .stage, "iam_dba",
                "billing"
            ),
            (
                "demo-search", "search.proxy-c1x9abcdefgh.us-east-1.rds.amazonaws.com", .dev, "iam_app",
                "search"
            ),
            ("demo-dsql", "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws", .dev, "admin", "postgres"),
        ]
        return rows.compactMap { row in
            guard !taken.contains(Profile.fold(row.name)) else { return nil }
            var profile = Profile(name: row.name, host: row.host)
            profile.environment = row.environment
            profile.user = row.user
            profile.database = row.database
            profile.tags = ["demo"]
            profile.notes = "An example: its host leads nowhere."
            return profile
        }
    }
}

import Profiles
import Testing

/// What IAM and the database need, kind by kind of endpoint.
struct IAMPolicyTests {
    private func policy(_ host: String) throws -> IAMPolicy {
        var profile = Profile(name: "a", host: host)
        profile.user = "jo"
        return IAMPolicy(target: try profile.signingTarget(defaultRegion: nil))
    }

    @Test(arguments: ["orders.cluster-c1x9", "orders.cluster-custom-c1x9", "orders-1.c1x9"])
    func `a user that logs in at the database by token becomes a member of rds_iam`(name: String) throws {
        let policy = try policy("\(name).eu-west-1.rds.amazonaws.com")
        #expect(policy.sql == ["CREATE USER \"jo\";", "GRANT rds_iam TO \"jo\";"])
        #expect(policy.notes.contains { $0.contains("its password stops working") })
    }

    /// facts/aws.md 3.11: a proxy's user keeps the password that the proxy has.
    @Test func `what would lock a proxy out of its database is no part of what to run`() throws {
        let policy = try policy("pool.proxy-c1x9.eu-west-1.rds.amazonaws.com")
        #expect(policy.sql == ["CREATE USER \"jo\";"])
        #expect(policy.resource.hasSuffix(":dbuser:<prx-resource-id>/jo"))
        let notes = policy.notes.joined(separator: "\n")
        #expect(notes.contains("Secrets Manager: the user keeps that one, and rds_iam would stop it"))
        #expect(notes.contains("only where its DefaultAuthScheme is IAM_AUTH"))
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Testing

/// RDS answers every refused token alike: what is known of the token decides what is told (facts/aws.md section 3).
struct TokenEvidenceTests {
    private static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"
    private static let signedAt = Date(timeIntervalSince1970: 1_795_528_800)

    private static func seen(
        host: String = host, port: Int = 5432, region: String = "eu-west-1", skew: Double? = nil,
        isCorrected: Bool = true, names: [String] = [], endpoint: String = host
    ) -> Observation {
        var seen = Observation(
            stage: .auth, text: "FATAL:  PAM authentication failed for user \"u\"", sqlstate: "28000",
            user: "u")
        seen.token = TokenEvidence(
            host: host, port: port, region: region, user: "u", signedAt: signedAt,
            expiresAt: signedAt.addingTimeInterval(900), key: "ASIA...2006", signer: "SSO, role DBA/jo",
            clockSkew: skew, isClockCorrected: isCorrected)
        (seen.endpoint, seen.endpointPort, seen.serverNames) = (endpoint, 5432, names)
        return seen
    }

    private static func first(_ seen: Observation) -> Cause { CauseFinder.causes(for: seen)[0] }

    @Test func `a good-looking token points at the policy, and names who signed`() {
        let cause = Self.first(Self.seen())
        #expect(cause.code == .tokenRefused)
        #expect(cause.text.contains("SSO, role DBA/jo"))
        #expect(cause.check.contains("iam-db-auth-error"))
    }

    @Test func `a token of another region is told, and put right on a key`() {
        let cause = Self.first(Self.seen(region: "us-east-1"))
        #expect(cause.code == .tokenWrongRegion)
        #expect(cause.text.contains("us-east-1") && cause.text.contains("eu-west-1"))
        #expect(cause.remedy == .set(.region, "eu-west-1"))
    }

    @Test func `the names in the certificate tell the region that an alias hides`() {
        let seen = Self.seen(
            host: "db.example.com", region: "us-east-1", names: [Self.host], endpoint: "db.example.com")
        #expect(Self.first(seen).code == .tokenWrongRegion)
    }

    @Test func `a token for another name of the server is told, and the host is signed for on a key`() {
        let other = "billing.cluster-c1x9.eu-west-1.rds.amazonaws.com"
        let cause = Self.first(Self.seen(host: other, names: [Self.host]))
        #expect(cause.code == .tokenWrongEndpoint)
        #expect(cause.text.contains(other))
        #expect(cause.remedy == .set(.signingHost, ""))
    }

    @Test func `a token for a forwarded port is told`() {
        let cause = Self.first(Self.seen(port: 15432))
        #expect(cause.code == .tokenWrongEndpoint)
        #expect(cause.remedy == .set(.signingHost, ""))
    }

    @Test(arguments: ["localhost", "127.0.0.1", "db.example.com"])
    func `a token for what RDS does not serve is told`(host: String) {
        let cause = Self.first(Self.seen(host: host, names: [Self.host], endpoint: host))
        #expect(cause.code == .tokenWrongEndpoint)
        #expect(cause.remedy == .set(.signingHost, Self.host))
    }

    @Test func `a custom endpoint is signed for its cluster, whose name the certificate has`() {
        let custom = "analytics.cluster-custom-c1x9.eu-west-1.rds.amazonaws.com"
        let reader = "orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com"
        let cause = Self.first(Self.seen(host: custom, names: [reader, Self.host], endpoint: custom))
        #expect(cause.code == .tokenWrongEndpoint)
        #expect(cause.remedy == .set(.signingHost, Self.host))
        #expect(
            CauseFinder.causes(for: Self.seen(host: custom, endpoint: custom))[0].remedy
                == .edit(.signingHost))
    }

    @Test func `a certificate for all instances covers one by its pattern`() {
        let seen = Self.seen(names: ["*.cluster-c1x9.eu-west-1.rds.amazonaws.com"])
        #expect(Self.first(seen).code == .tokenRefused)
    }

    @Test func `a clock that is off explains it only where signatures go by it`() {
        #expect(Self.first(Self.seen(skew: -600, isCorrected: false)).code == .clockSkew)
        #expect(Self.first(Self.seen(skew: -600, isCorrected: true)).code == .tokenRefused)
        #expect(Self.first(Self.seen(skew: -20, isCorrected: false)).code == .tokenRefused)
    }

    @Test func `an expired token comes before all`() {
        var seen = Self.seen(region: "us-east-1")
        seen.tokenExpired = true
        #expect(Self.first(seen).code == .tokenExpired)
        #expect(Self.first(seen).remedy == .again)
    }

    @Test func `the stage's line says who, where and until when, and no signature`() throws {
        let token = try #require(Self.seen(skew: 45).token)
        let now = Self.signedAt.addingTimeInterval(60)
        #expect(
            token.detail(now: now)
                == "14:00 left, until 2026-11-24T14:15:00Z, u at \(Self.host):5432, eu-west-1, key ASIA...2006, "
                + "AWS's clock is 45 s ahead, corrected")
    }
}

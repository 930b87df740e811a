#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Testing

/// What a DBA is told to do, by what is known of the place and by the server's own words.
struct AdviceTests {
    private static let orders = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    private static func silent(
        _ host: String, isPrivate: Bool? = nil, change: (inout Observation) -> Void = { _ in }
    ) -> Cause {
        var seen = Observation(stage: .tcp, ending: .timedOut, host: host, port: "5432", user: "jo")
        (seen.endpoint, seen.isPrivate) = (host, isPrivate)
        change(&seen)
        return CauseFinder.causes(for: seen)[0]
    }

    private static func refused(
        _ text: String, _ sqlstate: String? = "53300", stage: Stage = .auth, user: String = "jo",
        change: (inout Observation) -> Void = { _ in }
    ) -> Cause {
        var seen = Observation(
            stage: stage, text: "FATAL:  \(text)", sqlstate: sqlstate, host: orders, port: "5432", user: user,
            database: "d")
        seen.endpoint = orders
        change(&seen)
        return CauseFinder.causes(for: seen)[0]
    }

    @Test
    func
        `where an endpoint's address is private, the VPN and a bastion are named, where it is public, the security group`()
    {
        let inside = Self.silent(Self.orders, isPrivate: true)
        #expect(inside.code == .tcpTimeout && inside.text.contains("whose address is private"))
        #expect(inside.fix.contains("VPN") && inside.fix.contains("bastion"))
        let outside = Self.silent(Self.orders, isPrivate: false)
        #expect(outside.code == .tcpTimeout && outside.text.contains("whose address is public"))
        #expect(outside.fix.contains("security group") && !outside.fix.contains("bastion"))
        // What was dialled instead is not the endpoint's own.
        let dialled = Self.silent(Self.orders, isPrivate: true) { $0.dial = "10.0.0.1:5432" }
        #expect(!dialled.text.contains("whose address"))
        #expect(!Self.silent("db.example", isPrivate: true).text.contains("whose address"))
    }

    @Test func `nobody is told to take a proxy's password away`() {
        let words = "password authentication failed for user \"jo\""
        let proxy = Self.refused(words, "28P01") {
            $0.endpoint = "pool.proxy-c1x9.eu-west-1.rds.amazonaws.com"
        }
        #expect(proxy.code == .roleNotIAM && proxy.text.contains("does not ask for IAM of jo"))
        #expect(!proxy.fix.contains("GRANT") && proxy.fix.contains("set to required"))
        #expect(Self.refused(words, "28P01").fix.contains("GRANT rds_iam"))
    }

    @Test func `silence may be a paused serverless cluster, but never a proxy's`() {
        for stage in [Stage.tcp, .tls, .auth] {
            let cause = Self.silent(Self.orders) { $0.stage = stage }
            #expect(cause.check.contains("paused Aurora Serverless"), "\(stage)")
        }
        #expect(!Self.silent("p.proxy-c1x9.eu-west-1.rds.amazonaws.com").check.contains("paused"))
        #expect(!Self.silent("db.example").check.contains("paused"))
    }

    @Test func `a host with IPv6 addresses alone says that the network lacks it`() {
        let cause = Self.silent(Self.orders) {
            ($0.ending, $0.network, $0.isIPv6) = (.failed, .unreachable, true)
        }
        #expect(cause.code == .tcpUnreachable && cause.text.contains("IPv6 addresses alone"))
    }

    @Test func `a name of RDS that is not found was renamed, deleted or kept back`() {
        var seen = Observation(stage: .dns, network: .nameNotFound, host: Self.orders, port: "5432")
        seen.endpoint = Self.orders
        let cause = CauseFinder.causes(for: seen)[0]
        #expect(cause.code == .dnsNotFound && cause.text.contains("deleted or renamed"))
        #expect(cause.check.contains("public DNS") && cause.remedy == .edit(.host))
        seen.dial = "jump.example:5432"
        #expect(CauseFinder.causes(for: seen)[0].remedy == .edit(.dial))
    }

    @Test(arguments: [
        ("sorry, too many clients already", "max_connections", "master user"),
        (
            "remaining connection slots are reserved for non-replication superuser connections",
            "max_connections", "master user"
        ),
        ("too many connections for role \"jo\"", "the role jo", "ALTER ROLE \"jo\" CONNECTION LIMIT"),
        (
            "too many connections for database \"d\"", "the database d",
            "ALTER DATABASE \"d\" CONNECTION LIMIT"
        ),
        (
            "Timed-out waiting to acquire database connection", "RDS Proxy waited in vain",
            "MaxConnectionsPercent"
        ),
    ])
    func `whose limit is reached decides what helps`(text: String, whose: String, fix: String) {
        let cause = Self.refused(text)
        #expect(cause.code == .tooManyConnections)
        #expect(cause.text.contains(whose) && cause.fix.contains(fix))
    }

    @Test func `a proxy's full pool is one where it is met by the first query, too`() {
        let text = "Timed-out waiting to acquire database connection"
        #expect(Self.refused(text, "08006", stage: .session).code == .tooManyConnections)
    }

    @Test(arguments: ["53300", "28000", nil])
    func `a proxy with too many logins at once is slowed down, whatever its code`(sqlstate: String?) {
        let cause = Self.refused(
            "IAM authentication failed because of too many competing requests", sqlstate)
        #expect(cause.code == .iamThrottled)
    }

    @Test func `a proxy without a secret for the user says so`() {
        let cause = Self.refused("This RDS proxy has no credentials for the role jo.", "28000")
        #expect(cause.code == .proxyRefused && cause.text.hasPrefix("RDS Proxy has no secret for jo"))
    }

    @Test func `a user with capitals may be one in small letters`() {
        let text = "password authentication failed for user \"IAM_DBA\""
        let cause = Self.refused(text, "28P01", user: "IAM_DBA")
        #expect(cause.code == .roleNotIAM && cause.remedy == .set(.user, "iam_dba"))
        #expect(cause.fix.contains("iam_dba, or as an administrator run: GRANT rds_iam TO \"IAM_DBA\""))
    }

    @Test func `a password that came from a file is corrected there`() {
        let text =
            "password authentication failed for user \"jo\"\npassword retrieved from file \"/home/jo/.pgpass\""
        let cause = Self.refused(text, "28P01") { $0.auth = .pgpass }
        #expect(cause.code == .passwordRefused && cause.text.contains("/home/jo/.pgpass"))
        #expect(!cause.fix.contains("give the password again"))
        let asked = Self.refused("password authentication failed for user \"jo\"", "28P01") {
            $0.auth = .password
        }
        #expect(asked.fix.contains("give the password again") && asked.text.contains("has ended"))
    }

    @Test func `what a refused token needs is a command that can be copied`() {
        let text = "PAM authentication failed for user \"jo\""
        let cause = Self.refused(text, "28000") { $0.profile = "orders prod" }
        #expect(cause.fix.contains("`pgfob policy 'orders prod'`"))
        #expect(Self.refused(text, "28000").fix.contains("`pgfob policy NAME`"))
    }

    @Test func `what the certificate and AWS's clock prove is no further cause of a refused token`() {
        func codes(_ change: (inout Observation) -> Void) -> [CauseCode] {
            var seen = Observation(
                stage: .auth, text: "FATAL:  PAM authentication failed for user \"jo\"", sqlstate: "28000",
                host: Self.orders, port: "5432", user: "jo")
            let signed = Date(timeIntervalSince1970: 1_795_528_800)
            seen.token = TokenEvidence(
                host: Self.orders, port: 5432, region: "eu-west-1", user: "jo", signedAt: signed,
                expiresAt: signed.addingTimeInterval(900), key: "AKIA...1234", signer: "static keys")
            (seen.endpoint, seen.endpointPort) = (Self.orders, 5432)
            seen.serverNames = ["*.cluster-c1x9.eu-west-1.rds.amazonaws.com", Self.orders]
            change(&seen)
            return CauseFinder.causes(for: seen).map(\.code)
        }
        #expect(codes { _ in } == [.tokenRefused, .clockSkew])
        #expect(codes { $0.token?.clockSkew = 2 } == [.tokenRefused])
        #expect(codes { $0.serverNames = [] } == [.tokenRefused, .tokenWrongEndpoint, .clockSkew])
        // A tunnel's or dialled port may be another than the server's own.
        #expect(
            codes { $0.dial = "127.0.0.1:15432" } == [.tokenRefused, .tokenWrongEndpoint, .clockSkew])
        #expect(codes { $0.sslmode = .verifyCA }.contains(.tokenWrongEndpoint))
        #expect(
            codes {
                $0.token?.clockSkew = 900
                $0.token?.isClockCorrected = false
            }
                == [.clockSkew, .tokenRefused])
    }

    @Test(arguments: [("admin", "dsql:DbConnectAdmin"), ("app", "AWS IAM GRANT \"app\"")])
    func `DSQL's two kinds of users need two things`(user: String, fix: String) {
        let cause = Self.refused("unable to accept connection, access denied", "08006", user: user)
        #expect(cause.code == .dsqlDenied && cause.fix.contains(fix))
    }

    @Test func `the word system asks for a file where libpq is too old for it`() {
        let seen = Observation(stage: .tls, text: "root certificate file \"system\" does not exist")
        let cause = CauseFinder.causes(for: seen)[0]
        #expect(cause.code == .caMissing && cause.text.contains("version 16"))
        #expect(cause.remedy == .edit(.sslrootcert))
    }

    @Test func `a server without memory is no bug of pgfob's`() {
        let cause = Self.refused("out of memory", "53200")
        #expect(cause.code == .unknown && cause.check.contains("FreeableMemory"))
        #expect(!cause.fix.contains("report"))
    }
}

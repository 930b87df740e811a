#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Testing

/// The rows of the table in facts/aws.md section 3, "What the user sees", as far as a test can meet them: those of
/// other programs (7, 13, 15, 25 to 27) and of AWS's own answers (28 to 31, held by the tests of AWS) are not among them.
struct AWSTableTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var row: Int
        var stage = Stage.auth
        var text: String
        var sqlstate: String?
        var code: CauseCode
        var auth = Authentication.iam
        var change: @Sendable (inout Observation) -> Void = { _ in }
        /// What pgfob does on one key.
        var remedy: Remedy?

        var testDescription: String { "row \(row): \(code.rawValue)" }
    }

    private static let pam = "FATAL:  PAM authentication failed for user \"x\""
    private static let verify = "SSL error: certificate verify failed"
    private static let rds = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    private static func token(
        _ host: String = rds, port: Int = 5432, region: String = "eu-west-1", signer: String = "static keys",
        endsEarly: Bool = false
    ) -> TokenEvidence {
        let signed = Date(timeIntervalSince1970: 1_795_528_800)
        return TokenEvidence(
            host: host, port: port, region: region, user: "x", signedAt: signed,
            expiresAt: signed.addingTimeInterval(900), key: "AKIA...1234", endsWithCredentials: endsEarly,
            signer: signer)
    }

    /// A refused token that was signed so.
    private static func refused(
        _ row: Int, _ code: CauseCode, _ token: TokenEvidence, _ remedy: Remedy?,
        _ change: @escaping @Sendable (inout Observation) -> Void = { _ in }
    ) -> Line {
        Line(
            row: row, text: pam, sqlstate: "28000", code: code,
            change: {
                ($0.token, $0.endpoint, $0.endpointPort) = (token, rds, 5432)
                change(&$0)
            }, remedy: remedy)
    }

    static let lines: [Line] = [
        Line(row: 1, text: pam, sqlstate: "28000", code: .tokenRefused, remedy: .edit(.awsProfile)),
        Line(
            row: 3, text: pam, sqlstate: "28000", code: .tokenExpired, change: { $0.tokenExpired = true },
            remedy: .again),
        refused(2, .tokenRefused, token(signer: "SSO, role Nobody/jo"), .edit(.awsProfile)),
        refused(4, .tokenExpired, token(endsEarly: true), .again) { $0.tokenExpired = true },
        refused(5, .tokenWrongEndpoint, token("127.0.0.1", port: 54321), .set(.signingHost, "")),
        refused(6, .tokenWrongEndpoint, token(port: 54321), .set(.signingHost, "")),
        refused(8, .tokenWrongEndpoint, token("db.example.com"), .set(.signingHost, rds)) {
            ($0.endpoint, $0.serverNames) = ("db.example.com", [rds])
        },
        refused(14, .tokenRefused, token(signer: "container, role task-execution"), .edit(.awsProfile)),
        refused(24, .tokenWrongRegion, token(region: "us-east-1"), .set(.region, "eu-west-1")),
        Line(
            row: 9,
            text: pam + "\nconnection to server failed: FATAL:  pg_hba.conf rejects connection, SSL off",
            sqlstate: "28000", code: .tokenRefused, remedy: .edit(.awsProfile)),
        Line(
            row: 10, text: "FATAL:  no pg_hba.conf entry for host \"h\", user \"u\", no encryption",
            sqlstate: "28000", code: .plaintextRejected, remedy: .set(.sslmode, "verify-full")),
        Line(
            row: 11, text: pam, sqlstate: "28000", code: .passwordRefused, auth: .password,
            remedy: .set(.auth, "iam")),
        Line(
            row: 12, text: "FATAL:  password authentication failed for user \"x\"", sqlstate: "28P01",
            code: .roleNotIAM),
        Line(
            row: 16, text: "FATAL:  canceling authentication due to timeout", sqlstate: "57014",
            code: .authTimeout, remedy: .again),
        Line(
            row: 17, stage: .tls,
            text: "server certificate for \"\(rds)\" does not match host name \"127.0.0.1\"",
            code: .certNameMismatch, remedy: .edit(.host)),
        Line(
            row: 18, stage: .tls, text: verify, code: .caUnknown,
            change: {
                $0.certificate = .unknownAuthority(issuer: "/CN=Amazon RDS eu-west-1 Root CA")
                $0.endpoint = AWSTableTests.rds
            }, remedy: .fetchBundle),
        Line(
            row: 19, stage: .tls,
            text: "root certificate file \"/home/u/.postgresql/root.crt\" does not exist",
            code: .caMissing, change: { $0.endpoint = AWSTableTests.rds }, remedy: .fetchBundle),
        Line(
            row: 20, text: "FATAL:  RDS Proxy supports only IAM, MD5, or SCRAM authentication",
            code: .proxyRefused, remedy: .edit(.signingHost)),
        Line(
            row: 21, text: "FATAL:  IAM authentication failed for the role x. Check the IAM token",
            code: .proxyRefused, remedy: .edit(.signingHost)),
        Line(
            row: 22, text: "FATAL:  This RDS Proxy requires TLS connections.", code: .plaintextRejected,
            remedy: .set(.sslmode, "verify-full")),
        Line(
            row: 22, text: "FATAL:  IAM authentication is allowed only with SSL connections.",
            code: .plaintextRejected, remedy: .set(.sslmode, "verify-full")),
        Line(
            row: 23, text: "FATAL:  This RDS proxy has no credentials for the role x.", code: .proxyRefused,
            remedy: .again),
        Line(
            row: 23, text: "FATAL:  The IAM authentication failed because of too many competing requests.",
            code: .iamThrottled, remedy: .again),
        Line(
            row: 32, text: "FATAL:  unable to accept connection, access denied", code: .dsqlDenied),
        Line(
            row: 33, stage: .dns, text: "could not translate host name \"h\" to address", code: .dnsNotFound,
            remedy: .edit(.host)),
        Line(
            row: 33, stage: .tcp, text: "", code: .tcpTimeout, change: { $0.ending = .timedOut },
            remedy: .again),
    ]

    @Test(arguments: lines)
    func `every row has its cause, how to check it, how to fix it, and its key`(line: Line) {
        var seen = Observation(
            stage: line.stage, text: line.text.isEmpty ? nil : line.text, sqlstate: line.sqlstate,
            auth: line.auth, host: "h", port: "5432", user: "x", database: "d")
        line.change(&seen)
        let cause = CauseFinder.causes(for: seen)[0]
        #expect(cause.code == line.code)
        #expect(!cause.check.isEmpty && !cause.fix.isEmpty)
        #expect(cause.remedy == line.remedy)
    }

    @Test func `who signed a refused token is named, as it may be another than the user thinks`() throws {
        let line = try #require(Self.lines.first { $0.row == 14 })
        var seen = Observation(stage: .auth, text: line.text, sqlstate: line.sqlstate, user: "x")
        line.change(&seen)
        #expect(CauseFinder.causes(for: seen)[0].text.contains("container, role task-execution"))
    }

    @Test func `a proxy's public certificate asks for the system's roots, an own bundle for RDS's`() {
        var seen = Observation(stage: .tls, text: Self.verify)
        seen.certificate = .unknownAuthority(issuer: "/CN=Amazon RSA 2048 M03")
        seen.endpoint = "p.proxy-c1x9.eu-west-1.rds.amazonaws.com"
        #expect(CauseFinder.causes(for: seen)[0].remedy == .edit(.sslrootcert))
        seen.hasOwnRoots = true
        #expect(CauseFinder.causes(for: seen)[0].remedy == .set(.sslrootcert, ""))
        seen.hasOwnRoots = false
        (seen.endpoint, seen.hasOwnRoots) = (Self.rds, true)
        #expect(CauseFinder.causes(for: seen)[0].fix.contains("in its place"))
        seen.endpoint = "db.example.com"
        #expect(CauseFinder.causes(for: seen)[0].remedy == .edit(.sslrootcert))
    }

    @Test func `a name in a GRANT is quoted as SQL wants it`() {
        let seen = Observation(stage: .auth, sqlstate: "28P01", user: "we\"ird")
        #expect(CauseFinder.causes(for: seen)[0].fix.contains("GRANT rds_iam TO \"we\"\"ird\""))
    }
}

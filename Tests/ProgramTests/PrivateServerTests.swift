#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// What a server does only to a test that has it for itself: frozen, full, shutting down, starting up.
@Suite(
    .enabled(if: LocalFleet.running != nil, "Tests/run has PostgreSQL"), .serialized, .timeLimit(.minutes(14))
)
struct PrivateServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var command: String
        var stage: String
        var code: String
        var sqlstate: String?
        var testDescription: String { command }
    }

    @Test(arguments: [
        Case(command: "freeze", stage: "tls", code: "tls-timeout"),
        Case(command: "leave", stage: "session", code: "shutting-down", sqlstate: "57P03"),
        Case(command: "recover", stage: "session", code: "starting-up", sqlstate: "57P03"),
        Case(command: "full", stage: "session", code: "too-many-connections", sqlstate: "53300"),
    ])
    func `a server in trouble is told by its stage and code`(trouble: Case) throws {
        let server = try PrivateServer()
        defer { withExtendedLifetime(server) {} }
        let home = try Self.home(server)
        #expect(try home.pgfob("test", "own").code == 0)
        try server.command(trouble.command)
        let test = try home.pgfob("test", "own", "--json", "--timeout", "3")
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(test.output.utf8))
        #expect(report["failed_stage"]?.string == trouble.stage, "\(test.output)")
        #expect(report["cause"]?["code"]?.string == trouble.code)
        #expect(report["sqlstate"]?.string == trouble.sqlstate)
    }

    @Test func `a plain PostgreSQL is no Aurora, and one without standbys has no cluster to tell of`() throws
    {
        let server = try PrivateServer()
        defer { withExtendedLifetime(server) {} }
        try server.command("plain")
        let test = try Self.home(server).pgfob("test", "own", "--json")
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(test.output.utf8))
        #expect(report["outcome"]?.string == "ok", "\(test.output)")
        #expect(report["server"]?["aurora_version"] == .null && report["server"]?["role"]?.string == "writer")
        #expect(report["server"]?["cluster"]?.array == [])
    }

    static func home(_ server: PrivateServer) throws -> ProgramHome {
        let home = try ProgramHome([
            "AWS_CONFIG_FILE": try #require(server["environment", "AWS_CONFIG_FILE"]),
            "AWS_SHARED_CREDENTIALS_FILE": try #require(server["environment", "AWS_SHARED_CREDENTIALS_FILE"]),
        ])
        let endpoint = try #require(
            server.facts["endpoints"]?.array?.first { $0["kind"]?.string == "writer" })
        let added = try home.pgfob(
            "add", "--name", "own", "--host", try #require(endpoint["host"]?.string), "--dial",
            try #require(endpoint["address"]?.string), "--user", "iam_dba", "--database", "billing",
            "--aws-profile", "acme-prod", "--sslrootcert", try #require(server["bundle"]))
        #expect(added.code == 0, "\(added.errors)")
        return home
    }
}

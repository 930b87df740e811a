#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Names that resolve badly, by a resolver of the test's own in the real program.
@Suite(
    .enabled(if: TrialResolver.library != nil, "a C compiler makes the resolver"), .timeLimit(.minutes(14)))
struct NameTests {
    private static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    private func test(_ line: String, timeout: String = "5") throws -> JSONValue {
        let home = try ProgramHome([
            "LD_PRELOAD": try #require(TrialResolver.library), "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
        ])
        try home.folder.write("\(Self.host) \(line)\n", to: "names")
        let names = ["PGFOB_TEST_NAMES": home.folder.file("names")]
        #expect(
            try home.pgfob("add", "--name", "n", "--host", Self.host, "--user", "u", "--port", "1").code == 0)
        let run = try home.pgfob("test", "n", "--json", "--timeout", timeout, more: names)
        return try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
    }

    @Test(arguments: [
        ("unknown", "dns-not-found"), ("again", "dns-temporary"), ("slow 30", "dns-timeout"),
    ])
    func `a name that is unknown, unanswered or slow ends at dns, and never waits longer than allowed`(
        line: String, code: String
    ) throws {
        let start = ContinuousClock.now
        let report = try test(line, timeout: "1")
        #expect(ContinuousClock.now - start < .seconds(25))
        #expect(report["cause"]?["code"]?.string == code)
        #expect(report["failed_stage"]?.string == "dns")
    }

    @Test func `of the addresses that a dial's name has a session gets one that answers`() throws {
        let hole = try BlackHole()
        let listener = try FaultListener([.hold], address: 0x7f00_0002, port: hole.port)
        let home = try ProgramHome(["LD_PRELOAD": try #require(TrialResolver.library)])
        try home.folder.write("way.example 127.0.0.1,127.0.0.2\n", to: "names")
        let added = try home.pgfob(
            "add", "--name", "n", "--host", "db.example", "--user", "u", "--auth", "none", "--sslmode",
            "require",
            "--dial", "way.example:\(listener.port)")
        #expect(added.code == 0, "\(added)")
        let run = try home.pgfob(
            "exec", "n", "--", "/usr/bin/env", more: ["PGFOB_TEST_NAMES": home.folder.file("names")])
        #expect(run.code == 0 && run.output.contains("PGHOSTADDR=127.0.0.2\n"), "\(run)")
    }

    @Test func `every address of a name is listed, private or public, and each is tried`() throws {
        let report = try test("127.0.0.1,127.0.0.2,::1")
        let stages = try #require(report["stages"]?.array)
        let dns = try #require(stages[2]["detail"]?.string)
        #expect(
            dns.contains("127.0.0.1 (private)") && dns.contains("127.0.0.2 (private)") && dns.contains("::1"))
        #expect(report["cause"]?["code"]?.string == "tcp-refused")
        let message = try #require(report["message"]?.string)
        #expect(message.split(separator: "\n").count == 3, "\(message)")
    }
}

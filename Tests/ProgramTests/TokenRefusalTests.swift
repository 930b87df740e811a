#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// The fleet is no pushover: what is not signed for this login, now, is refused with RDS's own words.
@Suite(.overTheFleet, .serialized)
struct TokenRefusalTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        var name: String
        /// Options of `pgfob token` that differ from a good one's.
        var options: [String: String] = [:]
        /// Seconds from now at which it is signed; the clock's own time where nil.
        var signed: Double?
        var awsProfile = "acme-prod"
        var user = "jane_doe"
        var change: @Sendable (String) -> String = { $0 }
        var isGood = false
        /// What the server notes for itself, and tells no client.
        var reason = ""

        var testDescription: String { name }
    }

    static let attempts: [Attempt] = [
        Attempt(name: "a fresh token with a session token", isGood: true),
        Attempt(name: "a fresh token of static keys", awsProfile: "acme-dev", isGood: true),
        Attempt(name: "14 minutes old", signed: -14 * 60, isGood: true),
        Attempt(name: "16 minutes old", signed: -16 * 60, reason: "token expired"),
        Attempt(name: "from the future", signed: 10 * 60, reason: "in the future"),
        Attempt(
            name: "short-lived and over", options: ["--expires": "30"], signed: -60,
            reason: "token expired"),
        Attempt(name: "for another user", options: ["--user": "iam_dba"], reason: "another user"),
        Attempt(name: "for another port", options: ["--port": "5433"], reason: "is not an endpoint"),
        Attempt(name: "for another region", options: ["--region": "eu-west-2"], reason: "signed for region"),
        Attempt(
            name: "for another host",
            options: ["--host": "billing.cluster-c7k2abcdefgh.us-west-2.rds.amazonaws.com"],
            reason: "is not an endpoint"),
        Attempt(
            name: "of keys without rds-db:connect", awsProfile: "acme-nothing", reason: "may not connect"),
        Attempt(
            name: "tampered with", change: { String($0.dropLast()) + ($0.hasSuffix("0") ? "1" : "0") },
            reason: "does not match"),
        Attempt(name: "cut short", change: { String($0.prefix($0.count / 2)) }, reason: "missing"),
        Attempt(
            name: "with a longer life written in",
            change: { $0.replacing("X-Amz-Expires=900", with: "X-Amz-Expires=9000") }, reason: "a life of"),
        Attempt(name: "nothing but the word", change: { _ in "secret" }, reason: "not a token"),
    ]

    static func at(_ seconds: Double) -> String {
        let text = Date().addingTimeInterval(seconds).ISO8601Format()
        return text.replacing("-", with: "").replacing(":", with: "")
    }

    @Test(arguments: attempts)
    func `a token is accepted only for its own endpoint, user and time`(attempt: Attempt) throws {
        let run = try FleetRun()
        let endpoints = try #require(run.fleet.facts["endpoints"]?.array)
        let endpoint = try #require(endpoints.first { $0["kind"]?.string == "writer" })
        let host = try #require(endpoint["host"]?.string)
        var options = ["--host": host, "--port": "5432", "--user": attempt.user]
        options.merge(attempt.options) { $1 }
        if let signed = attempt.signed { options["--at"] = Self.at(signed) }
        let token = try ProgramRun(
            ProgramPath.pgfob, ["token"] + options.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] },
            environment: run.environment.merging(["AWS_PROFILE": attempt.awsProfile]) { $1 })
        #expect(token.code == 0, "\(token.errors)")
        let secret = attempt.change(String(token.output.prefix { !$0.isNewline }))
        let address = try #require(endpoint["address"]?.string)
        let bundle = try #require(run.fleet["bundle"])
        let conninfo =
            "host=\(host) hostaddr=\(address) port=5432 user=\(attempt.user) dbname=orders "
            + "sslmode=verify-full sslrootcert=\(bundle)"
        let login = try ProgramRun(
            "/usr/bin/psql", [conninfo, "-w", "-Atc", "select current_user"],
            environment: run.environment.merging(["PGPASSWORD": secret]) { $1 })
        guard !attempt.isGood else {
            #expect(login.code == 0 && login.output == "\(attempt.user)\n", "\(login.errors)")
            return
        }
        #expect(login.code == 2)
        #expect(login.errors.contains("FATAL:  PAM authentication failed for user \"\(attempt.user)\""))
        let log = try ProgramRun(
            "\(ProgramPath.repository)/demo/fleet", ["log", "--dir", try #require(run.fleet["dir"])],
            environment: run.environment)
        #expect(log.output.contains(attempt.reason), "\(log.output)")
    }

    @Test func `without TLS no token is even asked for`() throws {
        let run = try FleetRun()
        let endpoint = try #require(run.fleet.facts["endpoints"]?.array?.first)
        let address = try #require(endpoint["address"]?.string)
        let login = try ProgramRun(
            "/usr/bin/psql",
            ["host=\(address) user=jane_doe dbname=orders sslmode=disable", "-w", "-c", "select 1"],
            environment: run.environment)
        #expect(login.code == 2)
        #expect(login.errors.contains("pg_hba.conf rejects connection"))
    }
}

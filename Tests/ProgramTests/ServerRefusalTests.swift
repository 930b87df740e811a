#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// The refusals of a real PostgreSQL, each through the real program: stage, code and SQLSTATE as scripts see them.
@Suite(
    .overTheFleet, .serialized,
    .timeLimit(.minutes(14)))
struct ServerRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Options of `pgfob edit` that make the profile a bad one.
        var edit: [String]
        var stage = "auth"
        var code: String
        var sqlstate: String?
        /// What the cause's words have to hold.
        var says = ""

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "keys without rds-db:connect", edit: ["--aws-profile", "acme-nothing"],
            code: "token-refused",
            sqlstate: "28000", says: "acme-nothing"),
        Case(
            name: "another region", edit: ["--region", "eu-west-2"], code: "token-wrong-region",
            sqlstate: "28000", says: "eu-west-2"),
        Case(
            name: "another name",
            edit: ["--signing-host", "x.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"],
            code: "token-wrong-endpoint", sqlstate: "28000", says: "x.cluster-c1x9abcdefgh"),
        Case(
            name: "another port",
            edit: ["--signing-host", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com:15432"],
            code: "token-wrong-endpoint", sqlstate: "28000", says: "15432"),
        Case(
            name: "no member of rds_iam", edit: ["--user", "app_password"], code: "role-not-iam",
            sqlstate: "28P01"),
        Case(
            name: "no such role", edit: ["--user", "nobody_at_all"], code: "role-not-iam", sqlstate: "28P01"),
        Case(
            name: "may not log in", edit: ["--user", "iam_locked"], code: "role-no-login", sqlstate: "28000"),
        Case(
            name: "without TLS", edit: ["--auth", "none", "--sslmode", "disable"], code: "plaintext-rejected",
            sqlstate: "28000"),
        Case(
            name: "channel binding", edit: ["--parameter", "channel_binding=require"], code: "channel-binding"
        ),
        Case(
            name: "no such database", edit: ["--database", "nowhere"], stage: "session",
            code: "database-missing",
            sqlstate: "3D000", says: "nowhere"),
        Case(
            name: "no CONNECT", edit: ["--database", "closed"], stage: "session", code: "database-forbidden",
            sqlstate: "42501"),
        Case(
            name: "database closed", edit: ["--database", "template0"], stage: "session",
            code: "database-closed", sqlstate: "55000"),
        Case(
            name: "too many for the role", edit: ["--user", "iam_full"], stage: "session",
            code: "too-many-connections", sqlstate: "53300"),
        Case(
            name: "too many for the database", edit: ["--database", "crowded"], stage: "session",
            code: "too-many-connections", sqlstate: "53300"),
        Case(
            name: "unknown startup option", edit: ["--parameter", "options=-c no_such_setting=1"],
            stage: "session", code: "option-unknown", sqlstate: "42704"),
        Case(
            name: "forbidden startup option", edit: ["--parameter", "options=-c log_statement=all"],
            stage: "session", code: "option-unknown", sqlstate: "42501", says: "startup options"),
        Case(
            name: "not the role that was asked for", edit: ["--parameter", "target_session_attrs=standby"],
            stage: "session", code: "wrong-role"),
        Case(
            name: "statement timeout",
            edit: [
                "--parameter", "options=-c statement_timeout=1 -c default_transaction_isolation=nonsense",
            ],
            stage: "session", code: "option-unknown", sqlstate: "22023"),
        Case(
            name: "another authority's roots", edit: ["--sslrootcert", "OTHER"], stage: "tls",
            code: "ca-unknown",
            says: "pgfob local RDS"),
        Case(
            name: "an address for a name",
            edit: ["--host", "other.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"],
            stage: "tls", code: "cert-name-mismatch", says: "orders"),
        Case(name: "port closed", edit: ["--dial", "127.0.0.1:1"], stage: "tcp", code: "tcp-refused"),
        Case(
            name: "no such AWS profile", edit: ["--aws-profile", "nobody"], stage: "aws",
            code: "aws-profile-missing"),
    ]

    @Test(arguments: cases)
    func `a real server's refusal has its stage, cause and SQLSTATE`(refusal: Case) throws {
        let run = try FleetRun()
        #expect(try run.pgfob("duplicate", "orders-stg", "bad").code == 0)
        let other = try #require(run.fleet["other_bundle"])
        let edited = try run.home.pgfob(["edit", "bad"] + refusal.edit.map { $0 == "OTHER" ? other : $0 })
        #expect(edited.code == 0, "\(edited.errors)")
        let test = try run.pgfob("test", "bad", "--json")
        #expect(test.code == 1)
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(test.output.utf8))
        #expect(report["cause"]?["code"]?.string == refusal.code, "\(test.output)")
        #expect(report["failed_stage"]?.string == refusal.stage)
        #expect(report["sqlstate"]?.string == refusal.sqlstate)
        if !refusal.says.isEmpty {
            #expect(report["cause"]?["text"]?.string?.contains(refusal.says) == true, "\(test.output)")
        }
        #expect(report["cause"]?["check"]?.string?.isEmpty == false)
        // No stage behind the one that failed was reached.
        let stages = try #require(report["stages"]?.array)
        let failed = try #require(stages.firstIndex { $0["outcome"]?.string == "failed" })
        #expect(stages[(failed + 1)...].allSatisfy { $0["outcome"]?.string == "skipped" })
        #expect(!test.output.contains("X-Amz-"))
    }

    @Test func `a good test tells the cluster's servers, and the ticket holds no secret`() throws {
        let run = try FleetRun()
        let test = try run.pgfob("test", "orders-reader", "--json")
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(test.output.utf8))
        let nodes = try #require(report["server"]?["cluster"]?.array)
        #expect(nodes.map { $0["name"]?.string } == ["orders-1", "orders-2"])
        #expect(nodes.map { $0["role"]?.string } == ["writer", "reader"])
        #expect(report["server"]?["rds_iam"] == .bool(true))
        #expect(report["server"]?["instance"]?.string == "orders-2")
        let ticket = try run.pgfob("test", "orders-reader", "--report")
        for words in ["libpq", "endpoint", "cluster reader", "1 profile", "8 session"] {
            #expect(ticket.output.contains(words))
        }
        for secret in ["X-Amz-", "Action=connect"] { #expect(!ticket.output.contains(secret)) }
        let keys = try #require(run.fleet["environment", "AWS_SHARED_CREDENTIALS_FILE"])
        let text = String(decoding: try #require(FileManager.default.contents(atPath: keys)), as: UTF8.self)
        let secrets = text.split(separator: "\n").filter { !$0.hasPrefix("[") }.compactMap {
            $0.split(separator: " ").last.map(String.init)
        }
        #expect(secrets.count >= 6)
        for secret in secrets { #expect(!ticket.output.contains(secret) && !test.output.contains(secret)) }
    }

    @Test func `many at once come in the list's order, into JUnit and the history as well`() throws {
        let run = try FleetRun()
        let names = ["orders-writer", "billing-dev", "search-stg", "orders-reader"]
        let junit = run.folder.file("junit.xml")
        let test = try run.home.pgfob(["test"] + names + ["--json", "--jobs", "3", "--junit", junit])
        #expect(test.code == 1)
        let reports = try test.output.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
        #expect(reports.map { $0["profile"]?.string } == names)
        #expect(reports.map { $0["outcome"]?.string } == ["ok", "ok", "failed", "ok"])
        let xml = try #require(run.folder.read("junit.xml"))
        #expect(xml.contains("tests=\"4\" failures=\"1\"") && xml.contains("name=\"search-stg\""))
        // Without a terminal no progress is written over anything: the end alone is told.
        #expect(
            test.errors == "pgfob: 1 of 4 failed: why stands on stdout, `--report` says all of it\n",
            "\(test.errors)")
        let past = try run.pgfob("history", "search-stg", "--json")
        let entry = try JSONDecoder().decode(JSONValue.self, from: Data(past.output.utf8))
        #expect(entry["kind"]?.string == "test" && entry["outcome"]?.string == "failed")
        #expect(entry["failed_stage"]?.string == "aws" && entry["profile"]?.string == "search-stg")
        #expect(try run.pgfob("history", "--json").output.split(separator: "\n").count == 4)
        #expect(try run.pgfob("history", "nobody").code == 1)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Hosts that are more or less than one name, on the command line.
struct HostTests {
    let home: ProgramHome
    private static let endpoint = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    init() throws { home = try ProgramHome() }

    private func profile(_ name: String) throws -> JSONValue {
        try Self.object(try home.pgfob("list", "--json", "name:\(name)").output)
    }

    private static func object(_ text: String) throws -> JSONValue {
        let line = try #require(text.split(separator: "\n").first, "\(text)")
        return try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
    }

    /// Writes into the store by another hand, as an earlier version did.
    private func change(_ what: String) throws {
        let script =
            "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()"
        let changed = try ProgramRun(
            "/usr/bin/env",
            [Python.program, "-c", script, home.folder.file(home.store), "UPDATE profiles SET \(what)"],
            environment: Python.environment)
        #expect(changed.code == 0, "\(changed.errors)")
    }

    @Test func `add and edit take a port behind the host for the port, and say so`() throws {
        let added = try home.pgfob("add", "--name", "a", "--host", "\(Self.endpoint):5433", "--user", "jo")
        #expect(
            added.code == 0 && added.errors == "pgfob: warning: port 5433 taken from the host\n", "\(added)")
        #expect(try profile("a")["host"]?.string == Self.endpoint)
        #expect(try profile("a")["port"]?.int == 5433)
        let edited = try home.pgfob("edit", "a", "--host", "billing\(Self.endpoint.dropFirst(6)).")
        #expect(edited.errors == "pgfob: warning: host taken without the dot at its end\n", "\(edited)")
        #expect(try profile("a")["host"]?.string == "billing\(Self.endpoint.dropFirst(6))")
        #expect(try home.pgfob("edit", "a", "--host", "h.example:6000", "--port", "6000").code == 0)
        #expect(try profile("a")["port"]?.int == 6000)
    }

    @Test func `a host that an earlier version has saved fails by its code, and is put right by edit`() throws
    {
        #expect(try home.pgfob("add", "--name", "old", "--host", Self.endpoint, "--user", "jo").code == 0)
        try change("host = host || ':5433'")
        for auth in ["iam", "password"] {
            let test = try home.pgfob("test", "old", "--json")
            let report = try Self.object(test.output)
            #expect(test.code == 1 && report["cause"]?["code"]?.string == "host-invalid", "\(auth): \(test)")
            #expect(report["failed_stage"]?.string == "profile")
            if auth == "iam" {
                #expect(report["cause"]?["fix"]?.string?.contains("the port to 5433") == true, "\(test)")
                let run = try home.pgfob(
                    "edit", "old", "--auth", "password", "--host", "\(Self.endpoint):5433")
                #expect(run.code == 0, "\(run)")
                #expect(try profile("old")["port"]?.int == 5433)
                try change("host = 'a:b:c'")
            }
        }
    }

    @Test func `add takes AWS's command whole, and warns of what cannot be right`() throws {
        try home.folder.write("[profile acme-prod]\nregion = eu-west-1\n", to: ".aws/config")
        let command =
            "aws rds generate-db-auth-token --hostname db.example.com --port 5432 --username jo --profile acme-prod --region us-east-1"
        let added = try home.pgfob(["add", command])
        #expect(added.code == 0 && added.errors.isEmpty, "\(added)")
        let db = try profile("db")
        #expect(db["auth"]?.string == "iam" && db["aws_profile"]?.string == "acme-prod")
        #expect(db["region"]?.string == "us-east-1")
        let odd = try home.pgfob(
            "add", "--name", "odd", "--host", "foo", "--user", "u", "--aws-profile", "acme-prd",
            "--sslrootcert",
            "/nowhere.pem")
        #expect(odd.code == 0, "\(odd)")
        for says in [
            "host: foo is not an RDS endpoint name",
            "aws_profile: \"acme-prd\" is in neither of the AWS files: did you mean \"acme-prod\"?",
            "sslrootcert: \"/nowhere.pem\" is not there",
        ] {
            #expect(odd.errors.contains("pgfob: warning: \(says)"), "\(odd.errors)")
        }
        // Told once.
        #expect(try home.pgfob("edit", "odd", "--notes", "n").errors.isEmpty)
    }

    @Test func `the form says what a saved profile names that is not there`() throws {
        try home.folder.write("[profile acme-prod]\nregion = eu-west-1\n", to: ".aws/config")
        let terminal = try home.screen(columns: 150, rows: 40)
        try terminal.waitFor("No profiles yet.")
        try terminal.paste(
            "aws rds generate-db-auth-token --hostname \(Self.endpoint) --username jo --profile acme-prd")
        try terminal.waitFor("acme-prd")
        try terminal.press(.control("s"))
        try terminal.waitFor(
            "saved, but AWS profile \"acme-prd\" is in neither of the AWS files: did you mean \"acme-prod\"?")
        #expect(try profile("orders-writer")["aws_profile"]?.string == "acme-prd")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

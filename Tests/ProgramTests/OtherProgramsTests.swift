import Profiles
import TestSupport
import Testing

/// The programs that people have besides psql, over servers that verify tokens.
@Suite(.enabled(if: LocalFleet.running != nil, "Tests/run starts the fleet"), .timeLimit(.minutes(14)))
struct OtherProgramsTests {
    let run: FleetRun

    init() throws { run = try FleetRun() }

    /// A program by its name, with what the exported service file needs beside it: the token.
    private func throughService(_ profile: String, _ program: String, _ arguments: [String]) throws
        -> ProgramRun
    {
        let services = try run.pgfob("export", "--format", "service")
        #expect(services.code == 0, "\(services.errors)")
        let path = try run.folder.write(services.output, to: "pg_service.conf")
        let token = try run.pgfob("token", profile)
        #expect(token.code == 0, "\(token.errors)")
        return try ProgramRun(
            "/usr/bin/env", [program] + arguments,
            environment: run.environment.merging([
                "PGSERVICEFILE": path, "PGSERVICE": profile, "PGPASSWORD": token.output.trimmingBlanks(),
            ]) { $1 })
    }

    @Test func `psql logs in by every service of the exported file that the fleet has`() throws {
        let names = try run.pgfob("test", "--all", "--json").output.split(separator: "\n")
            .compactMap { JSONTree($0.utf8) }
            .filter { $0["outcome"] == .string("ok") }.compactMap { $0["profile"]?.string }
        let iam = try run.pgfob("list", "--json").output.split(separator: "\n")
            .compactMap { JSONTree($0.utf8) }
            .filter { $0["auth"] == .string("iam") }.compactMap { $0["name"]?.string }
        let both = names.filter { iam.contains($0) }
        #expect(both.count >= 3, "\(names)")
        for name in both {
            let answer = try throughService(name, "psql", ["-XAtc", "select 6 * 7"])
            #expect(answer.code == 0 && answer.output == "42\n", "\(name): \(answer.errors)")
        }
    }

    @Test func `pg_dump dumps by a service of the exported file, and behind exec`() throws {
        let dumped = try throughService("orders-stg", "pg_dump", ["--schema-only"])
        #expect(
            dumped.code == 0 && dumped.output.contains("PostgreSQL database dump complete"),
            "\(dumped.errors)")
        let behind = try run.pgfob("exec", "orders-stg", "--", "pg_dump", "--schema-only")
        #expect(behind.code == 0, "\(behind.errors)")
        #expect(behind.output.contains("PostgreSQL database dump complete"))
    }

    @Test(.enabled(if: Python.pgcli != nil, "pgcli is not here: Tests/install sees to it"))
    func `pgcli logs in behind exec, and its aliases come in`() throws {
        let pgcli = try #require(Python.pgcli)
        let ping = try run.pgfob("exec", "orders-stg", "--", pgcli, "--ping")
        #expect(ping.code == 0 && ping.output.contains("PONG"), "\(ping.output)\(ping.errors)")
        let uris = try run.pgfob("export", "--format", "uri").output.split(separator: "\n")
            .filter { $0.hasPrefix("postgresql://") }.prefix(5)
        let aliases = uris.enumerated().map { "alias-\($0) = \"\($1)\"  # mine\n" }.joined()
        let path = try run.folder.write("[main]\n[alias_dsn]\n\(aliases)", to: "pgclirc")
        let listed = try ProgramRun(
            pgcli, ["--pgclirc", path, "--list-dsn"], environment: run.environment)
        #expect(listed.code == 0, "\(listed.errors)")
        let elsewhere = try ProgramHome()
        let dry = try elsewhere.pgfob("import", path, "--dry-run", "--json")
        let names = dry.output.split(separator: "\n").compactMap {
            JSONTree($0.utf8)?["profile"]?["name"]?.string
        }
        #expect(names.count == uris.count, "\(dry.output)")
        for name in names { #expect(listed.output.contains("\(name) :"), "\(name): \(listed.output)") }
    }
}

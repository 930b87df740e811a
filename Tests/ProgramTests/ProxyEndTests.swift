#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// How a proxy ends, what its clients are told, and what the history says of it.
@Suite(.overTheFleet, .serialized)
struct ProxyEndTests {
    private let run: FleetRun
    private let running = Running()

    /// What a test has started lives as long as it does.
    private final class Running {
        var children: [ChildProgram] = []
    }

    private static let farewell =
        "E 0 SFATAL VFATAL C57P01 Mpgfob: the proxy was stopped: start it again, then connect again"

    init() throws { run = try FleetRun() }

    private func start(
        _ program: String, _ arguments: [String], _ environment: [String: String], input: String?
    ) throws -> ChildProgram {
        let child = try ChildProgram(program, arguments, environment: environment, input: input)
        running.children.append(child)
        return child
    }

    private func proxy(_ arguments: String...) throws -> (ChildProgram, conninfo: String) {
        let child = try start(
            ProgramPath.pgfob, ["proxy", "orders-stg"] + arguments, run.environment, input: nil)
        try child.wait(for: "connection string") { child.output.hasSuffix("\n") }
        return (child, child.output.split(separator: "\n").map(String.init)[0])
    }

    /// A client that says how its session ends, once it has one or is answered.
    private func client(_ sql: String...) throws -> ChildProgram {
        let names = try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob"))
        let folder = try #require(names.first { $0.hasPrefix("proxy-orders-stg-") })
        let child = try start(
            "/usr/bin/env",
            [
                Python.program, "\(ProgramPath.repository)/Tests/Servers/told_client.py",
                run.folder.file("pgfob/\(folder)/.s.PGSQL.5432"), "jane_doe", "orders",
            ] + sql, Python.environment, input: "")
        try child.wait(for: "session") { child.output.hasSuffix("\n") }
        return child
    }

    private func psql(_ conninfo: String, _ sql: String) throws -> ChildProgram {
        try start(
            "/usr/bin/psql", [conninfo, "-wXAtc", sql],
            ["PATH": "/usr/bin:/bin", "HOME": run.folder.path, "PGPASSWORD": ""], input: "")
    }

    private func history() throws -> String { try run.pgfob("history", "orders-stg").output }

    @Test func `each client is told of the end, behind a whole message of its server`() throws {
        let (proxy, conninfo) = try proxy()
        let idle = try client()
        let failed = try client("begin; select 1 / 0")
        let copies = try (1...3).map { _ in
            try client("copy (select rpad('', 3000, 'x'), generate_series(1, 1000000000)) to stdout")
        }
        let rows = try client("select rpad('', 30, 'x'), generate_series(1, 1000000000)")
        let waits = try psql("\(conninfo) application_name=waits", "select pg_sleep(602)")
        try proxy.wait(for: "entry of a session that lasts") {
            try! history().contains("  proxy  open  waits")
        }
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        for child in [idle, failed, rows] + copies {
            #expect(try child.end(within: 60) == .exited(0))
            let lines = child.output.split(separator: "\n")
            #expect(lines.last?.hasPrefix(Self.farewell) == true, "\(lines)")
        }
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(
            waits.errors.hasPrefix("FATAL:  pgfob: the proxy was stopped: start it again"), "\(waits.errors)")
        let lines = try history().split(separator: "\n").filter { $0.contains("  proxy  ") }
        #expect(
            lines.contains {
                $0.contains("  proxy  cancelled  ") && $0.contains("  waits  ended by the proxy  ")
            })
        #expect(!lines.contains { $0.contains("  ok  ") && !$0.contains("  waits  ") }, "\(lines)")
        let json = try run.pgfob("history", "orders-stg", "--json").output
        #expect(json.contains(#""ended_by":"proxy""#))
    }

    @Test func `a client of a port is told too, and one that does not read keeps nobody from the end`() throws
    {
        let (proxy, conninfo) = try proxy("--listen", "127.0.0.1:0")
        try proxy.wait(for: "password") { proxy.output.contains("password=") }
        let password = try #require(proxy.output.components(separatedBy: "password=").last)
        let waits = try start(
            "/usr/bin/psql", [conninfo, "-wXAtc", "select pg_sleep(602)"],
            [
                "PATH": "/usr/bin:/bin", "HOME": run.folder.path,
                "PGPASSWORD": password.trimmingCharacters(in: .newlines), "PGAPPNAME": "waits",
            ], input: "")
        let deaf = try start(
            "/usr/bin/psql",
            [
                conninfo, "-wXAtc",
                "copy (select rpad('', 3000, 'x'), generate_series(1, 1000000000)) to stdout",
                "-o", "/dev/null",
            ],
            [
                "PATH": "/usr/bin:/bin", "HOME": run.folder.path,
                "PGPASSWORD": password.trimmingCharacters(in: .newlines), "PGAPPNAME": "deaf",
            ], input: "")
        try proxy.wait(for: "entries of sessions that last") {
            let lines = try! history()
            return lines.contains("  proxy  open  waits") && lines.contains("  proxy  open  deaf")
        }
        deaf.signal(SIGSTOP)
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(waits.errors.hasPrefix("FATAL:  pgfob: the proxy was stopped"), "\(waits.errors)")
        #expect(try history().contains("  deaf  ended by the proxy  "))
    }

    @Test func `a client whose way to the server breaks is told, where the server has said nothing`() throws {
        let tunnel =
            "command \(Python.program) \(ProgramPath.repository)/Tests/Servers/stalling_tunnel.py {port} {host} "
            + "{remote_port} 0 0 \(run.folder.file("counted"))"
        #expect(try run.pgfob("edit", "orders-stg", "--tunnel", tunnel).code == 0)
        let (proxy, conninfo) = try proxy()
        let idle = try client()
        let waits = try psql("\(conninfo) application_name=waits", "select pg_sleep(602)")
        try proxy.wait(for: "entry of a session that lasts") {
            try! history().contains("  proxy  open  waits")
        }
        let way = try #require(run.helpers().first { FleetRun.name(of: $0)?.hasPrefix("python") == true })
        kill(way, SIGKILL)
        #expect(try idle.end(within: 60) == .exited(0))
        let last = idle.output.split(separator: "\n").last ?? ""
        #expect(
            last.hasPrefix("E 0 SFATAL VFATAL C08006 Mpgfob: the server has closed the connection, or"),
            "\(last)")
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(
            waits.errors.hasPrefix("FATAL:  pgfob: the server has closed the connection, or"),
            "\(waits.errors)")
        try proxy.wait(for: "entry of its end") { try! history().contains("  waits  ended by the server  ") }
    }

    @Test func `what a server ends is told from what its client does`() throws {
        let (proxy, conninfo) = try proxy()
        let ended = try psql(
            "\(conninfo) application_name=ended", "select pg_terminate_backend(pg_backend_pid())")
        #expect(try ended.end(within: 60) == .exited(2))
        #expect(
            ended.errors.contains("terminating connection due to administrator command")
                && !ended.errors.contains("pgfob:"), "\(ended.errors)")
        #expect(try psql("\(conninfo) application_name=good", "select 1").end(within: 60) == .exited(0))
        try proxy.wait(for: "entries") {
            let lines = try! history()
            return lines.contains("  ended  ended by the server  ") && lines.contains("  good  jane_doe@")
        }
        let lines = try history().split(separator: "\n")
        #expect(lines.contains { $0.contains("  proxy  failed  ") && $0.contains("  ended  ") }, "\(lines)")
        #expect(lines.contains { $0.contains("  proxy  ok  ") && $0.contains("  good  ") }, "\(lines)")
    }
}

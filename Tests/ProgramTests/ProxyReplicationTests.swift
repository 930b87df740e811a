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

/// PostgreSQL's own programs for streams of changes, through a proxy that lets them.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyReplicationTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }
    private static let role = "iam_streams"

    init() throws {
        trial = try ProxyTrial()
        try run.administer("drop role if exists \(Self.role)")
        try run.administer("create role \(Self.role) login replication in role rds_iam")
        #expect(try run.pgfob("edit", "orders-stg", "--user", Self.role).code == 0)
    }

    private func tool(_ name: String) throws -> String {
        let found = try ProgramRun(
            "/bin/sh", ["-c", "ls /usr/lib/postgresql/*/bin/\(name) | sort -V | tail -1"],
            environment: ["PATH": "/usr/bin:/bin"])
        return found.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `changes are streamed both ways, and the proxy's end is told`() async throws {
        let (proxy, conninfo) = try trial.proxy("--write")
        let system = try trial.psql("\(conninfo) replication=database", "-Atc", "IDENTIFY_SYSTEM")
        #expect(system.output.hasSuffix("|orders\n"), "\(system)")
        let slot = "pgfob_\(getpid())"
        defer {
            _ = try? run.administer(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '\(slot)' and not active"
            )
        }
        let stream = [
            "-d", conninfo, "-w", "--no-loop", "-S", slot, "-P", "test_decoding", "-F", "0", "-s", "1", "-f",
            "-",
        ]
        let program = try tool("pg_recvlogical")
        let first = try trial.start(
            program, stream + ["--create-slot", "--if-not-exists", "--start"], trial.clientEnvironment)
        let change =
            "create table streamed (n text); insert into streamed select 'x' || n from generate_series(1, 3000) n; "
            + "drop table streamed"
        try first.wait(for: "stream") {
            (try? run.administer("select active from pg_replication_slots where slot_name = '\(slot)'"))
                == "t\n"
        }
        try run.administer(change, database: "orders")
        try first.wait(for: "changes") { first.output.contains("INSERT: n[text]:'x3000'") }
        // What it has written it says so, which goes the other way.
        try first.wait(for: "word of what came") {
            (try? run.administer(
                "select flush_lsn > '0/0' from pg_stat_replication where usename = '\(Self.role)'")) == "t\n"
        }
        first.signal(SIGINT)
        #expect(try first.end(within: 60) == .exited(0), "\(first.errors)")
        let second = try trial.start(program, stream + ["--start"], trial.clientEnvironment)
        try run.administer(change, database: "orders")
        try second.wait(for: "changes") { second.output.contains("INSERT: n[text]:'x3000'") }
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(try second.end(within: 60) == .exited(1))
        #expect(second.errors.contains("FATAL:  pgfob: the proxy was stopped"), "\(second.errors)")
        #expect(await isOver())
    }

    @Test func `so is the log itself`() async throws {
        let (proxy, conninfo) = try trial.proxy("--write")
        let folder = run.folder.file("wal")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let receives = try trial.start(
            try tool("pg_receivewal"), ["-d", conninfo, "-w", "--no-loop", "-D", folder],
            trial.clientEnvironment)
        func segments() -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.count == 24 }
        }
        try receives.wait(for: "a segment") {
            _ = try? run.administer(
                "select pg_logical_emit_message(true, 'pgfob', repeat('x', 9000)), pg_switch_wal()")
            return segments().count > 1
        }
        receives.signal(SIGINT)
        #expect(try receives.end(within: 60) == .exited(0), "\(receives.errors)")
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(await isOver())
    }

    /// Whether the server has no session of the proxy's any more.
    private func isOver() async -> Bool {
        await eventually {
            (try? run.administer("select count(*) from pg_stat_activity where usename = '\(Self.role)'"))
                == "0\n"
        }
    }
}

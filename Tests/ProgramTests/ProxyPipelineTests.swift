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

/// What a server still works on when the proxy ends, for clients that do not wait for their answers.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyPipelineTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    private static func sleep(_ seconds: Int) -> String { "select pg_sleep(\(seconds))" }

    /// Whether the server works on one of those, which none but this suite asks for.
    private func works(on seconds: Int) throws -> Bool {
        try run.administer(
            "select count(*) from pg_stat_activity where state = 'active' and query = '\(Self.sleep(seconds))'"
        )
            != "0\n"
    }

    /// How many sessions of such clients there are.
    private func sessions() throws -> String {
        try run.administer("select count(*) from pg_stat_activity where application_name = 'piped'")
    }

    /// A tunnel that writes down how many connections there were.
    private static func counting(_ file: String) -> String {
        "command \(Python.program) \(ProgramPath.repository)/Tests/Servers/stalling_tunnel.py {port} {host} "
            + "{remote_port} 0 0 \(file)"
    }

    private func client(_ conninfo: String, _ how: String, _ sql: String...) throws -> ChildProgram {
        try trial.start(
            "/usr/bin/env",
            [
                Python.program, "\(ProgramPath.repository)/Tests/Servers/pipelining_client.py",
                try ProxyTrial.socket(conninfo), "jane_doe", "orders", how,
            ] + sql, Python.environment)
    }

    /// Ends the proxy once the server is at a statement, and sees that the server has no more to do.
    private func end(_ proxy: ChildProgram, at seconds: Int, of client: ChildProgram) async throws {
        try client.wait(for: "work") { (try? works(on: seconds)) == true }
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(await eventually(within: .seconds(60)) { (try? sessions()) == "0\n" })
        #expect(try client.end(within: 60) == .exited(0))
        #expect(client.output.hasSuffix("E\n"), "\(client.output)")
    }

    @Test func `of a pipeline nothing goes on, whatever was answered before`() async throws {
        let (proxy, conninfo) = try trial.proxy()
        let client = try client(
            conninfo, "pipeline", "select 1", Self.sleep(1801), Self.sleep(1802), Self.sleep(1803))
        try await end(proxy, at: 1801, of: client)
        #expect(client.output.components(separatedBy: "Z\n").count == 3)
    }

    @Test func `nor where a tunnel keeps what the server has not read`() async throws {
        let tunnel = Self.counting(run.folder.file("counted"))
        try run.route(by: tunnel)
        let (proxy, conninfo) = try trial.proxy()
        let client = try client(conninfo, "pipeline", Self.sleep(1811), Self.sleep(1812), Self.sleep(1813))
        try await end(proxy, at: 1811, of: client)
    }

    @Test(arguments: [("ahead", 1821), ("unsynced", 1831)])
    func `what was asked before the session, or without a word of its end, is cancelled too`(
        how: String, seconds: Int
    ) async throws {
        let (proxy, conninfo) = try trial.proxy()
        try await end(proxy, at: seconds, of: try client(conninfo, how, Self.sleep(seconds)))
    }

    @Test func `after a COPY nothing is cancelled that nobody has asked`() throws {
        let counted = run.folder.file("counted")
        #expect(try run.pgfob("edit", "orders-stg", "--tunnel", Self.counting(counted)).code == 0)
        let (proxy, conninfo) = try trial.proxy()
        let copies = try client(
            conninfo, "copy", "create temp table copied (n int)", "copy copied from stdin")
        // In session, after the first statement, and after the COPY.
        try copies.wait(for: "the end of the COPY") {
            copies.output.components(separatedBy: "Z\n").count == 4 && copies.output.hasSuffix("C\nZ\n")
        }
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(try copies.end(within: 60) == .exited(0))
        #expect(run.folder.read("counted") == "1", "a cancel request is a connection of its own")
    }

    @Test func `a COPY whose data is being taken is`() async throws {
        let (proxy, conninfo) = try trial.proxy()
        let copies = try client(
            conninfo, "copy", "create temp table copied (n int, t text default pg_sleep(1841)::text)",
            "copy copied (n) from stdin")
        try copies.wait(for: "work") {
            (try? run.administer(
                "select count(*) from pg_stat_activity where application_name = 'piped' and wait_event = 'PgSleep'"
            )) == "1\n"
        }
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(await eventually(within: .seconds(60)) { (try? sessions()) == "0\n" })
    }
}

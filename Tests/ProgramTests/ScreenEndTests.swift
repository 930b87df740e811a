import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The end of the screen from outside: its code, and what stands on the terminal then.
@Suite(.timeLimit(.minutes(14)))
struct ScreenEndTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a screen that a signal ends says that it was interrupted`(signal: Int32) throws {
        let home = try ProgramHome()
        #expect(try home.pgfob("add", "--name", "orders", "--host", "h.example", "--auth", "none").code == 0)
        let terminal = try home.screen()
        try terminal.waitFor("orders")
        try terminal.waitFor("? help")
        terminal.signal(signal)
        #expect(try terminal.ending() == .exited(130))
        #expect(!terminal.screen.isAlternate)
    }

    @Test func `what a key has changed is in the store at the end, where another program was writing too`()
        throws
    {
        let home = try ProgramHome()
        #expect(try home.pgfob("add", "--name", "orders", "--host", "h.example", "--auth", "none").code == 0)
        let terminal = try home.screen()
        try terminal.waitFor("orders")
        try terminal.waitFor("? help")
        let writer = try ChildProgram(
            "/usr/bin/env",
            [
                Python.program, "-c",
                """
                import sqlite3, sys, time
                store = sqlite3.connect(sys.argv[1], isolation_level=None)
                store.execute("begin immediate")
                print("writes", flush=True)
                time.sleep(1)
                store.execute("rollback")
                """, home.folder.file(home.store),
            ], environment: Python.environment, input: "")
        try writer.wait(for: "its transaction") { writer.output.contains("writes") }
        try terminal.send("dq")
        #expect(try terminal.ending() == .exited(0))
        #expect(try home.pgfob("list").output.isEmpty)
    }

    @Test func `on a terminal without another screen the shell goes on below the last line`() throws {
        let home = try ProgramHome()
        #expect(try home.pgfob("add", "--name", "orders", "--host", "h.example", "--auth", "none").code == 0)
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", "'\(ProgramPath.pgfob)'; echo \"ended with $?\"; read end"],
            environment: home.environment.merging(["TERM": "vt100"]) { $1 }, folder: home.folder.path)
        try terminal.waitFor("orders")
        try terminal.waitFor("? help")
        try terminal.send("q")
        try terminal.waitFor("ended with 0")
        #expect(terminal.screen.lines.contains("ended with 0") && terminal.screen.contains("? help"))
        try terminal.press(.enter)
        #expect(try terminal.ending() == .exited(0))
    }

    /// The screen with psql open on it, under a shell that tells its exit code.
    private func withPsql(_ run: FleetRun) throws -> PseudoTerminal {
        let script = "echo before; '\(ProgramPath.pgfob)'; echo \"ended with $?\"; read end"
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", script], environment: run.environment, folder: run.folder.path)
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        return terminal
    }

    @Test(.overTheFleet, arguments: [SIGTERM, SIGHUP])
    func `ended while psql is open, it ends that, and the shell goes on below what psql wrote`(signal: Int32)
        throws
    {
        let run = try FleetRun()
        let terminal = try withPsql(run)
        try terminal.send("select 'stays ' || 'there';\r")
        try terminal.waitFor("stays there")
        kill(try #require(terminal.child), signal)
        try terminal.waitFor("ended with 130")
        let lines = terminal.screen.lines
        #expect(!terminal.screen.isAlternate && terminal.screen.modes.contains(25))
        func place(_ text: String) -> Int { lines.lastIndex { $0.contains(text) } ?? -1 }
        let order = ["before", "-- pgfob: orders-stg", "stays there", "killed by signal 1", "ended with 130"]
        #expect(order.map(place) == order.map(place).sorted() && !order.map(place).contains(-1), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("ended with 130") }, "\(lines)")
        try terminal.press(.enter)
        #expect(try terminal.ending() == .exited(0))
    }

    @Test(.overTheFleet) func `an interrupt while psql is open is psql's`() throws {
        let run = try FleetRun()
        let terminal = try withPsql(run)
        // A notice comes while its statement runs.
        try terminal.send("do $$ begin raise notice 'it %', 'runs'; perform pg_sleep(600); end $$;\r")
        try terminal.waitFor("it runs")
        kill(try #require(terminal.child), SIGINT)
        try terminal.waitFor("canceling statement due to user request")
        try terminal.send("\\q\r")
        try terminal.waitFor("? help")
        try terminal.send("q")
        try terminal.waitFor("ended with 0")
        try terminal.press(.enter)
        #expect(try terminal.ending() == .exited(0))
    }
}

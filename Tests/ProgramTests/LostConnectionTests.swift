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

/// A psql that has no connection, or lost it, or is lost itself.
@Suite(.overTheFleet, .serialized)
struct LostConnectionTests {
    let run: FleetRun

    init() throws {
        run = try FleetRun()
        try run.folder.write("token_seconds = 4\n", to: ".config/pgfob/config.toml")
    }

    @Test func `a psql that has no connection says so and is offered once more`() throws {
        let terminal = try run.screen(["connect", "orders-stg", "--dbname", "nope"])
        try terminal.waitFor("exit 2: did not connect")
        try terminal.waitFor("Connect to orders-stg again?")
        try terminal.send("y\r")
        try terminal.waitUntil("it was tried twice") { screen in
            screen.lines.filter { $0.contains("again?") }.count == 2
        }
        try terminal.send("\r")
        #expect(try terminal.ending() == .exited(2))
    }

    @Test
    func `a psql that has lost its connection names what helps, and leaving it offers the session again`()
        throws
    {
        let terminal = try run.screen(["connect", "orders-stg"], columns: 120)
        try terminal.waitFor("jane_doe@orders=>")
        #expect(!terminal.screen.contains("no connection"))
        try run.outlive(terminal)
        try terminal.send("select pg_terminate_backend(pg_backend_pid());\r")
        try terminal.waitFor("orders-stg (no connection: :reconnect) @!?>")
        try terminal.send(":reconnect\r")
        try terminal.waitUntil("the prompt is as it was") { screen in
            screen.prompt.contains("orders-stg jane_doe@orders=>")
        }
        try run.outlive(terminal)
        try terminal.send("select pg_terminate_backend(pg_backend_pid());\r")
        try terminal.waitUntil("it is lost again") { screen in
            screen.prompt.contains("(no connection: :reconnect)")
        }
        try terminal.send("\\q\r")
        try terminal.waitFor("exit 0: connection lost")
        try terminal.waitFor("Connect to orders-stg again?")
        try terminal.send("y\r")
        try terminal.waitUntil("a new session is there") { screen in
            screen.prompt.contains("orders-stg jane_doe@orders=>")
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.lines.suffix(3).contains { $0.contains("again?") })
    }

    @Test func `sockets that pgfob was started with do not count as psql's connection`() throws {
        let (descriptor, port) = try Loopback.listen(backlog: 4)
        defer { Loopback.end(descriptor) }
        let script = "exec 7<>/dev/tcp/127.0.0.1/\(port); exec '\(ProgramPath.pgfob)' connect orders-stg"
        let terminal = try PseudoTerminal(
            "/bin/bash", ["-c", script], environment: run.environment, folder: run.folder.path, columns: 160)
        try terminal.waitFor("orders-stg jane_doe@orders=>")
        try run.outlive(terminal)
        try terminal.send("select pg_terminate_backend(pg_backend_pid());\r")
        try terminal.waitFor("orders-stg (no connection: :reconnect) @!?>")
        try terminal.send(":reconnect\r")
        try terminal.waitUntil("the prompt is as it was") { screen in
            screen.prompt.contains("orders-stg jane_doe@orders=>")
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.contains("again?"))
    }

    @Test func `the list offers it too, and keeps what a program without questions has said`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try run.outlive(terminal)
        try terminal.send("select pg_terminate_backend(pg_backend_pid());\r")
        try terminal.waitFor("(no connection: :reconnect)")
        try terminal.send("\\q\r")
        try terminal.waitFor("r and Enter to connect again")
        try terminal.send("\r")
        try terminal.waitFor("exit 0: connection lost")
        try terminal.send("c")
        try terminal.waitFor("Connect with: orders-stg")
        try terminal.send("\t\t\t\t\techo\tit was said")
        try terminal.press(.enter)
        try terminal.waitFor("exit 0. Press Enter to go back to the list")
        #expect(terminal.screen.contains("it was said"))
        try terminal.press(.enter)
        try terminal.waitFor("echo ended after")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a psql that is killed leaves the terminal as it was`() throws {
        let script = """
            stty -ixon erase '^H'; echo "before $(stty -g)"
            '\(ProgramPath.pgfob)' connect orders-stg; echo "after $(stty -g)"; read end
            """
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", script], environment: run.environment, folder: run.folder.path, columns: 160)
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.waitUntil("readline has asked for brackets around pastes") { $0.modes.contains(2004) }
        kill(-terminal.foregroundGroup, SIGKILL)
        try terminal.waitFor("after ")
        let modes = terminal.screen.lines.flatMap { line -> [String] in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 2 && ["before", "after"].contains(words[0]) ? [words[1]] : []
        }
        #expect(modes.count == 2 && modes.first == modes.last, "\(terminal.screen.text)")
        #expect(!terminal.screen.modes.contains(2004))
        try terminal.press(.enter)
        _ = try terminal.ending()
    }

    @Test func `from the list too, r opens it again`() throws {
        let moved = try run.pgfob("edit", "orders-stg", "--database", "nope")
        #expect(moved.code == 0)
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("r and Enter to connect again")
        #expect(try run.pgfob("edit", "orders-stg", "--database", "orders").code == 0)
        try terminal.send("r\r")
        // The session that was opened is the one that is opened again, as it was.
        try terminal.waitUntil("it was tried twice") { screen in
            screen.lines.filter { $0.contains("r and Enter to connect again") }.count == 2
        }
        try terminal.send("\r")
        try terminal.waitFor("! psql on orders-stg ended")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

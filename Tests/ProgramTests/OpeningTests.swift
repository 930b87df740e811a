#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// Sessions that take their time to open, on the screen.
@Suite(.overTheFleet, .throughABastion, .serialized)
struct OpeningTests {
    private let run: FleetRun
    private let bastion: Bastion

    init() throws {
        run = try FleetRun()
        bastion = try Bastion()
        // Opens once a file is there, and says who it is.
        try run.folder.write(
            """
            echo $$ >'\(run.folder.file("pid"))'
            while [ ! -e '\(run.folder.file("gate"))' ]; do sleep 0.05; done
            exec ssh -N -L 127.0.0.1:$1:$2 bastion
            """, to: "tunnel.sh")
        let stored = try run.pgfob("list", "--json", "orders-stg").output
        let dial = try #require(stored.split(separator: "\"dial\":\"").last?.prefix { $0 != "\"" })
        let edited = try run.pgfob(
            "edit", "orders-stg", "--tunnel",
            "command sh \(run.folder.file("tunnel.sh")) {port} \(dial.contains(":") ? dial : dial + ":5432")")
        #expect(edited.code == 0, "\(edited.errors)")
    }

    private func opening() throws -> PseudoTerminal {
        let terminal = try run.home.screen([], columns: 80, rows: 40, more: bastion.environment)
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("opening psql on orders-stg: 2/2 tunnel ...   Esc cancels")
        return terminal
    }

    /// Opens the help, which takes its key only once nothing can be meant for psql any more.
    private func openHelp(on terminal: PseudoTerminal) throws {
        try terminal.waitUntilTrue("the keys work") {
            try? terminal.send("?")
            try? terminal.waitForSilence()
            return terminal.screen.contains("Help: profile list")
        }
    }

    private var tunnel: pid_t? {
        run.folder.read("pid").flatMap { pid_t($0.split(separator: "\n").first ?? "") }
    }

    @Test func `Esc ends the opening of a session, and with it the tunnel that nobody else wants`() throws {
        let terminal = try opening()
        try terminal.waitUntilTrue("its program runs") { tunnel.map { kill($0, 0) == 0 } ?? false }
        let pid = try #require(tunnel)
        try openHelp(on: terminal)
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") {
            !$0.contains("Help:") && $0.contains("2/2 tunnel ...   Esc cancels")
        }
        try terminal.press(.escape)
        try terminal.waitFor("psql on orders-stg is not opened")
        try terminal.waitUntilTrue("the tunnel is gone") { kill(pid, 0) != 0 }
        try terminal.waitUntil("it has not failed: it is closed") { screen in
            screen.lines.contains { $0.hasPrefix(">") && $0.contains(" cmd ") }
        }
        // Another try is a new one.
        try run.folder.write("", to: "gate")
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended after")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `Esc ends a tunnel that a key opens`() throws {
        let terminal = try run.home.screen([], columns: 80, rows: 40, more: bastion.environment)
        try run.select("orders-stg", on: terminal)
        try terminal.send("V")
        try terminal.waitFor("opening the tunnel of orders-stg ...   Esc cancels")
        try terminal.waitUntilTrue("its program runs") { tunnel.map { kill($0, 0) == 0 } ?? false }
        let pid = try #require(tunnel)
        try terminal.press(.escape)
        try terminal.waitFor("the tunnel of orders-stg is not opened")
        try terminal.waitUntilTrue("it is gone") { kill(pid, 0) != 0 }
        try terminal.waitUntil("the row has it closed") { screen in
            screen.lines.contains { $0.hasPrefix(">") && $0.contains(" cmd ") }
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a psql that is ready waits until its user is back at the list`() throws {
        let terminal = try opening()
        try openHelp(on: terminal)
        try run.folder.write("", to: "gate")
        try terminal.waitFor("psql on orders-stg is ready: it opens once the list is back")
        #expect(!terminal.screen.contains("jane_doe@orders=>"))
        try terminal.press(.escape)
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended after")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

import TestSupport
import Testing

/// `:proxy` in the real program: its sockets live as long as the screen.
@Suite(.overTheFleet, .timeLimit(.minutes(14)))
struct ProxyScreenTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    /// The list with a proxy up that a client has gone through, and where others find that.
    private func opened() throws -> (PseudoTerminal, conninfo: String) {
        let terminal = try run.screen(columns: 160, rows: 40)
        try run.select("orders-stg", on: terminal)
        try run.openProxy(on: terminal)
        try terminal.waitFor("no password needed")
        let conninfo = try trial.ownConninfo
        #expect(try ask(conninfo).output == "jane_doe\n")
        try terminal.press(.escape)
        return (terminal, conninfo)
    }

    private func ask(_ conninfo: String) throws -> ProgramRun {
        try trial.psql(conninfo, "-Atc", "select current_user")
    }

    @Test func `a tool connects through it while the list stays, and it ends with the screen`() throws {
        let (terminal, conninfo) = try opened()
        try terminal.waitUntil("the list shows it") {
            $0.row(with: "no password needed") == nil && $0.row(with: "Proxy     up") != nil
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(try ask(conninfo).code != 0)
    }

    @Test func `it ends with its profile where another pgfob removes that`() throws {
        let (terminal, conninfo) = try opened()
        #expect(try run.pgfob("remove", "orders-stg").code == 0)
        try terminal.waitFor("orders-stg was removed elsewhere: its proxy ends with it")
        try terminal.waitUntilTrue("nobody connects through it") { (try? ask(conninfo).code) != 0 }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `Esc ends the opening of one whose tunnel hangs, and it can be opened again`() throws {
        let hangs = try run.folder.write("#!/bin/sh\nexec sleep 600\n", to: "hangs", mode: 0o755)
        try run.route(by: "command \(hangs) {port}")
        let terminal = try run.screen(columns: 160, rows: 40)
        try run.select("orders-stg", on: terminal)
        for _ in 1...2 {
            try run.openProxy(on: terminal)
            try terminal.waitFor("opening a proxy for orders-stg: 2/2 tunnel ...   Esc cancels")
            try terminal.press(.escape)
            try terminal.waitFor("a proxy for orders-stg is not opened")
            try terminal.waitUntilTrue("its program has ended") { run.helpers().isEmpty }
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

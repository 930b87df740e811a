#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// `:proxy` in the real program: its sockets live as long as the screen.
@Suite(.overTheFleet, .timeLimit(.minutes(14)))
struct ProxyScreenTests {
    private let run: FleetRun

    init() throws { run = try FleetRun() }

    @Test func `a tool connects through it while the list stays, and it ends with the screen`() throws {
        let terminal = try run.home.screen(
            columns: 160, rows: 40, more: ["XDG_RUNTIME_DIR": run.folder.path])
        try run.select("orders-stg", on: terminal)
        try terminal.send(":")
        try terminal.waitFor("connect")
        try terminal.send("proxy")
        try terminal.waitFor("let any tool")
        try terminal.press(.enter)
        try terminal.waitFor("no password needed")
        let socket = try #require(
            try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob"))
                .first { $0.hasPrefix("proxy-orders-stg-") })
        let conninfo = "host=\(run.folder.file("pgfob/\(socket)")) port=5432 dbname=orders user=jane_doe"
        func ask() throws -> ProgramRun {
            try ProgramRun(
                "/usr/bin/psql", [conninfo, "-wXAtc", "select current_user"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": run.folder.path], input: "")
        }
        #expect(try ask().output == "jane_doe\n")
        try terminal.press(.escape)
        try terminal.waitUntil("the list shows it") {
            $0.row(with: "no password needed") == nil && $0.row(with: "Proxy     up") != nil
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(try ask().code != 0)
    }

    @Test func `Esc ends the opening of one whose tunnel hangs, and it can be opened again`() throws {
        let hangs = try run.folder.write("#!/bin/sh\nexec sleep 600\n", to: "hangs", mode: 0o755)
        #expect(try run.pgfob("edit", "orders-stg", "--tunnel", "command \(hangs) {port}").code == 0)
        let terminal = try run.home.screen(
            columns: 160, rows: 40, more: ["XDG_RUNTIME_DIR": run.folder.path])
        try run.select("orders-stg", on: terminal)
        for _ in 1...2 {
            try terminal.send(":")
            try terminal.waitFor("connect")
            try terminal.send("proxy")
            try terminal.waitFor("let any tool")
            try terminal.press(.enter)
            try terminal.waitFor("opening a proxy for orders-stg: 2/2 tunnel ...   Esc cancels")
            try terminal.press(.escape)
            try terminal.waitFor("a proxy for orders-stg is not opened")
            try terminal.waitUntilTrue("its program has ended") { run.helpers().isEmpty }
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

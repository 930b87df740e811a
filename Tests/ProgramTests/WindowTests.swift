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

/// psql in a window of a real tmux, whose server knows nothing of the user's identity.
@Suite(.overTheFleet, .serialized)
struct WindowTests {
    let run: FleetRun
    private let server: String
    private let variable: String
    private let environment: [String: String]

    /// A tmux of 100 columns and 30 rows, whose status line takes one.
    init() throws {
        run = try FleetRun()
        server = "pgfob-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        // Another home, and no AWS: whatever pgfob needs there it has to be given.
        environment = [
            "PATH": run.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
        ]
        let made = try ProgramRun(
            "/usr/bin/env",
            [
                "tmux", "-L", server, "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30",
                "sleep 600",
            ],
            environment: environment)
        #expect(made.code == 0, "\(made.errors)")
        let shown = try ProgramRun(
            "/usr/bin/env", ["tmux", "-L", server, "display-message", "-p", "#{socket_path},#{pid},0"],
            environment: environment)
        variable = shown.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func tmux(_ words: String...) throws -> ProgramRun { try tmux(words) }

    private func tmux(_ words: [String]) throws -> ProgramRun {
        try ProgramRun("/usr/bin/env", ["tmux", "-L", server] + words, environment: environment)
    }

    private func end() { _ = try? tmux("kill-server") }

    private func screen(_ more: [String: String] = [:]) throws -> PseudoTerminal {
        try run.home.screen(more: more.merging(["TMUX": variable]) { $1 })
    }

    @Test(arguments: [nil, "services"])
    func `the window finds the services that this process finds, below the same folder too`(
        variable: String?
    ) throws {
        defer { end() }
        let address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
        try run.folder.write(
            """
            [svc]
            host=\(address)
            user=app_password
            dbname=orders
            password=correct horse battery staple
            sslmode=require

            """, to: variable ?? ".pg_service.conf")
        let added = try run.pgfob(
            "add", "--name", "svc", "--auth", "service", "--service", "svc", "--env", "dev")
        #expect(added.code == 0, "\(added.errors)")
        let terminal = try screen(variable.map { ["PGSERVICEFILE": $0] } ?? [:])
        try run.select("svc", on: terminal)
        try terminal.send("O")
        try terminal.waitFor("psql on svc runs in a window of its own")
        try terminal.waitUntilTrue("the window has psql's prompt") {
            (try? tmux("capture-pane", "-J", "-p", "-t", ":1"))?.output.contains("app_password@orders=>")
                ?? false
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `psql opens in a window with the identity of this process, and the list stays`() throws {
        defer { end() }
        let terminal = try screen()
        try run.select("orders-stg", on: terminal)
        try terminal.send("O")
        try terminal.waitFor("psql on orders-stg runs in a window of its own")
        #expect(FleetRun.selected(terminal.screen, "orders-stg"))
        try terminal.waitUntilTrue("the window has psql's prompt") {
            (try? tmux("capture-pane", "-J", "-p", "-t", ":1"))?.output.contains("jane_doe@orders=>") ?? false
        }
        #expect(try tmux("list-windows", "-F", "#{window_name}").output.contains("orders-stg"))
        // Nothing of the profile and no secret is on the command line that tmux was given.
        let started = try tmux("list-panes", "-a", "-F", "#{pane_start_command}").output
        #expect(started.contains("connect --handover") && !started.contains("orders"))
        #expect(try tmux("send-keys", "-t", ":1", "\\q", "Enter").code == 0)
        try terminal.waitUntilTrue("the window has gone with psql") {
            (try? tmux("list-windows"))?.output.split(separator: "\n").count == 1
        }
        let history = try run.pgfob("history", "orders-stg", "--json").output
        #expect(
            history.contains(#""kind":"session""#) && history.contains(#""program":"psql","exit_code":0"#))
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test
    func
        `a session that fails leaves its last words in the window until Enter, whatever the profile is called`()
        throws
    {
        defer { end() }
        let hostile = "x #(touch PWNED);kill-server;"
        #expect(try run.pgfob("edit", "orders-stg", "--name", hostile, "--database", "nope").code == 0)
        let terminal = try screen()
        try run.select("x #(touch", on: terminal)
        try terminal.send("O")
        try terminal.waitFor("runs in a window of its own")
        try terminal.waitUntilTrue("the window says why") {
            let shown = (try? tmux("capture-pane", "-J", "-p", "-t", ":1"))?.output ?? ""
            return shown.contains("does not exist") && shown.contains("again? [y/N]")
        }
        #expect(try tmux("send-keys", "-t", ":1", "Enter").code == 0)
        try terminal.waitUntilTrue("it waits for Enter") {
            (try? tmux("capture-pane", "-J", "-p", "-t", ":1"))?.output.contains("Press Enter to close.")
                ?? false
        }
        #expect(try tmux("send-keys", "-t", ":1", "Enter").code == 0)
        try terminal.waitUntilTrue("the window has gone") {
            (try? tmux("list-windows"))?.output.split(separator: "\n").count == 1
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: run.folder.path)
        #expect(!files.contains { $0.contains("PWNED") })
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    /// Whether the list is shown by pgfob in a pane of tmux itself, and psql in another one.
    @Test(arguments: [("80", "24", 2, 1), ("120", "40", 1, 2), ("200", "50", 1, 2)])
    func `a pane beside the list leaves both of use, or is a window where there is no room`(
        columns: String, rows: String, windows: Int, panes: Int
    ) async throws {
        defer { end() }
        let variables = run.environment.map { "\($0.key)=\($0.value)" }
        let began = try tmux(
            ["new-session", "-d", "-s", "list", "-x", columns, "-y", rows, "env"] + variables
                + [ProgramPath.pgfob])
        #expect(began.code == 0, "\(began.errors)")
        func shown(_ pane: String) -> [Substring] {
            ((try? tmux("capture-pane", "-p", "-t", pane))?.output ?? "").split(separator: "\n")
        }
        func wait(_ pane: String, _ text: String) async {
            #expect(
                await eventually(within: .seconds(60)) { shown(pane).contains { $0.contains(text) } },
                "no \(text) in \(shown(pane))")
        }
        func type(_ text: String) throws {
            #expect(try tmux("send-keys", "-t", "list:0.0", "-l", text).code == 0)
        }
        func isSelected() -> Bool {
            shown("list:0.0").contains { $0.hasPrefix(">") && $0.contains("orders-stg") }
        }
        await wait("list:0.0", "profiles")
        try type("/")
        await wait("list:0.0", " of ")
        try type("orders-stg\r")
        #expect(await eventually(within: .seconds(60)) { isSelected() })
        try type(":open split\r")
        await wait(windows == 2 ? "list:1.0" : "list:0.1", "jane_doe@orders=>")
        #expect(try tmux("list-windows", "-t", "list").output.split(separator: "\n").count == windows)
        #expect(try tmux("list-panes", "-t", "list:0").output.split(separator: "\n").count == panes)
        await wait(
            "list:0.0", windows == 2 ? "runs in a window: no room for a pane" : "runs in a pane of its own")
        #expect(isSelected(), "\(shown("list:0.0"))")
    }

    @Test func `nothing is handed over to whoever asks at no socket`() throws {
        defer { end() }
        let refused = try run.pgfob("connect", "--handover", run.folder.file("none"))
        #expect(refused.code == 2 && refused.errors.contains("nothing is handed over"))
    }
}

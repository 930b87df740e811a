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

/// The main job on the real program, a real terminal and a server that verifies the token.
@Suite(.overTheFleet, .serialized)
struct MainJobTests {
    let run: FleetRun

    init() throws { run = try FleetRun() }

    @Test func `filter, edit, test, psql, and back on the same row`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)

        try terminal.send("e")
        try terminal.waitFor("Edit profile: orders-stg")
        for _ in 0..<7 { try terminal.press(.tab) }
        try terminal.send("drill")
        try terminal.waitFor("1 changed")
        try terminal.press(.control("s"))
        try terminal.waitFor("changed orders-stg")
        #expect(try run.pgfob("list", "--json", "orders-stg").output.contains("drill"))

        try terminal.send("t")
        try terminal.waitUntil("all eight stages are ok") { screen in
            screen.lines.filter { $0.contains(" ok ") }.count >= 6 && screen.contains("8 session")
                && screen.contains("Test: orders-stg [STG]   ok")
        }
        try terminal.press(.escape)
        try terminal.waitUntil("the test is closed and its result in the row") { screen in
            !screen.contains("8 session") && FleetRun.selected(screen, "orders-stg") && screen.contains("ok ")
        }

        try terminal.press(.enter)
        try terminal.waitFor("orders=>")
        try terminal.send("select current_user, 'PG' || 'FOB';\r")
        try terminal.waitUntil("the server has answered") { $0.contains("jane_doe") && $0.contains("PGFOB") }
        try terminal.send("\\q\r")
        try terminal.waitUntil("the list is back on the same row") { FleetRun.selected($0, "orders-stg") }
        try terminal.waitFor("psql ended")

        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(terminal.isInLineMode && !terminal.screen.isAlternate)
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("X-Amz-"))
    }

    @Test func `the token is in neither argv nor environment of psql, and on no disk`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("orders=>")
        let psql = terminal.foregroundGroup
        #expect(psql > 0 && psql != terminal.pid)
        // What /proc says of the running psql, and of pgfob itself.
        for pid in [psql, terminal.pid] {
            let shown = try ["cmdline", "environ"].map { try Self.bytes("/proc/\(pid)/\($0)") }
            #expect(shown[0].contains("psql") || shown[0].contains("pgfob"))
            #expect(shown.allSatisfy { !$0.contains("X-Amz-") && !$0.contains("Action=connect") })
        }
        // The one place where it is: a file without a name, that psql holds open. The other such files are what psql
        // reads at its start, and the marks of a lost connection and of a token that was not renewed.
        let held = try Self.openFiles(of: psql).filter { $0.path.hasPrefix("/memfd:") }
        #expect(held.count == 4)
        let holding = held.filter {
            FileManager.default.contents(atPath: $0.link).map(Self.hasToken) ?? false
        }
        #expect(holding.count == 1)
        #expect(try Self.filesHoldingTokens(below: run.folder.path).isEmpty)
        #expect(try Self.filesHoldingTokens(below: "/dev/shm").isEmpty)
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(try Self.filesHoldingTokens(below: run.folder.path).isEmpty)
    }

    @Test func `connect does the same without the screen and ends with psql's own code`() throws {
        let good = try run.pgfob("connect", "orders-stg", "--", "-Atc", "select current_user")
        #expect(good.code == 0 && good.output == "jane_doe\n", "\(good.errors)")
        #expect(try run.pgfob("connect", "orders-stg", "--", "-c", "select 1/0").code == 1)
        let script = try run.pgfob(
            "connect", "orders-stg", "--", "-v", "ON_ERROR_STOP=1", "-f", "/nonexistent.sql")
        #expect(script.code == 1)
        let killed = try run.pgfob("connect", "orders-stg", "--", "-Atc", "\\! kill -9 $PPID")
        #expect(killed.code == 128 + SIGKILL)
    }

    @Test func `production needs a yes without a terminal, and starts read-only`() throws {
        let refused = try run.pgfob("connect", "orders-writer", "--", "-c", "select 1")
        #expect(refused.code == 2 && refused.errors.contains("--yes"))
        let probe = ["-Atc", "show transaction_read_only"]
        let guarded = try run.pgfob("connect", "orders-writer", "--yes", "--", probe[0], probe[1])
        #expect(guarded.output == "on\n", "\(guarded.errors)")
        let open = try run.pgfob("connect", "orders-writer", "--yes", "--write", "--", probe[0], probe[1])
        #expect(open.output == "off\n", "\(open.errors)")
    }

    @Test func `^C in psql cancels the query alone, and ^Z stops all until it is continued`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("orders=>")
        try terminal.send("select pg_sleep(60);\r")
        try terminal.waitFor("pg_sleep(60)")
        try terminal.press(.control("c"))
        try terminal.waitFor("canceling statement due to user request")
        try terminal.send("select 'still' || ' here';\r")
        try terminal.waitFor("still here")
        try terminal.send("\\q\r")
        try terminal.waitUntil("the list is back") { FleetRun.selected($0, "orders-stg") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a resize while psql runs is seen when the list comes back`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("orders=>")
        terminal.resize(columns: 120, rows: 40)
        try terminal.send("\\q\r")
        try terminal.waitUntil("the list fills the new size") { screen in
            FleetRun.selected(screen, "orders-stg") && screen.contains("ENDPOINT")
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a psql that is killed leaves its last words until Enter`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("orders=>")
        kill(terminal.foregroundGroup, SIGKILL)
        try terminal.waitFor("killed by signal 9")
        #expect(terminal.isInLineMode)
        try terminal.press(.enter)
        try terminal.waitUntil("the list is back") { FleetRun.selected($0, "orders-stg") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(terminal.isInLineMode)
    }

    @Test func `a psql that cannot start is told in the list`() throws {
        try run.folder.write("psql = \"/nonexistent/psql\"\n", to: ".config/pgfob/config.toml")
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("/nonexistent/psql")
        try terminal.waitFor("config.toml")
        #expect(terminal.screen.isAlternate)
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a countdown runs by itself, and nothing is written while none is shown`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.waitForSilence(milliseconds: 1500)
        let quiet = terminal.output.count
        try terminal.waitForSilence(milliseconds: 1500)
        #expect(terminal.output.count == quiet)
        try terminal.send("K")
        try terminal.waitFor("14:5")
        let before = try #require(terminal.screen.lines.first { $0.hasPrefix(">") })
        try terminal.waitUntil("the countdown has moved") { screen in
            screen.lines.first { $0.hasPrefix(">") }.map { $0 != before } ?? false
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    // MARK: What lies open

    private static func bytes(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private static func openFiles(of pid: pid_t) throws -> [(link: String, path: String)] {
        let folder = "/proc/\(pid)/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
            let link = "\(folder)/\(name)"
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)).map { (link, $0) }
        }
    }

    private static func hasToken(_ data: Data) -> Bool {
        let text = String(decoding: data, as: UTF8.self)
        return text.contains("X-Amz-Signature") || text.contains("Action=connect")
    }

    static func filesHoldingTokens(below folder: String) throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return all.map { "\(folder)/\($0)" }.filter { path in
            FileManager.default.contents(atPath: path).map(hasToken) ?? false
        }
    }
}

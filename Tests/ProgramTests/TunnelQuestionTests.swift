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

/// ssh's questions through the real program, whose bastion also takes passwords: whom they reach, and when.
@Suite(
    .overTheFleet,
    .throughABastion, .serialized)
struct TunnelQuestionTests {
    private let run: FleetRun
    private let bastion: Bastion

    init() throws {
        bastion = try Bastion(options: ["PasswordAuthentication yes"])
        run = try FleetRun(bastion.environment)
        try run.route(by: "ssh locked")
    }

    private static func selected(_ screen: VirtualScreen, shows word: String) -> Bool {
        screen.lines.contains { $0.hasPrefix(">") && $0.contains("orders-stg") && $0.contains(word) }
    }

    /// The ssh of this test that logs in at the bastion.
    private func master() throws -> pid_t {
        try #require(run.helpers(named: "ssh").first)
    }

    /// Until the bastion has seen clients go whose logins came to nothing.
    private func sawRefusals(_ count: Int) async -> Bool {
        await eventually(within: .seconds(120)) {
            bastion.refusals >= count
        }
    }

    @Test func `without a terminal nobody is asked, and no password is sent`() async throws {
        let psql = try ProgramRun(
            "/usr/bin/setsid",
            ["--wait", ProgramPath.pgfob, "connect", "orders-stg", "--", "-Atc", "select 1"],
            environment: run.environment)
        #expect(psql.code == 125 && psql.errors.contains("Permission denied"), "\(psql)")
        #expect(await sawRefusals(1))
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test(arguments: [TerminalKey.control("d"), .escape])
    func `a question that is given up opens nothing, and no password is sent`(key: TerminalKey) async throws {
        let line = try run.home.screen(["connect", "orders-stg"], columns: 120)
        try line.waitFor("Enter passphrase for key")
        // What another key sends is no part of the answer, though it begins with an Esc.
        try line.press(.up)
        try line.press(key)
        try line.waitFor("tunnel ssh locked: what it asks was not answered")
        #expect(try line.ending() == .exited(125))
        let terminal = try run.home.screen([], columns: 120)
        try run.select("orders-stg", on: terminal)
        try terminal.send("V")
        try terminal.waitUntil("ssh asks") { $0.contains("ssh locked asks") }
        try terminal.press(.escape)
        try terminal.waitUntil("it is given up") {
            $0.contains("what it asks was not answered") && !$0.contains("ssh locked asks")
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(await sawRefusals(2))
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    /// Until psql's prompt is the last that stands there.
    private func waitForPrompt(_ terminal: PseudoTerminal) throws {
        try terminal.waitUntil("psql is there again") { screen in
            screen.lines.last { !$0.allSatisfy(\.isWhitespace) }?.contains("jane_doe@orders=>") == true
        }
    }

    @Test func `a tunnel that dies under psql asks nothing until psql has ended`() async throws {
        let terminal = try run.home.screen(["connect", "orders-stg"], columns: 120, rows: 40)
        try terminal.waitFor("Enter passphrase for key")
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("jane_doe@orders=>")
        kill(try master(), SIGKILL)
        #expect(await sawRefusals(1))
        try terminal.send("select 1;\r")
        try terminal.waitFor("(no connection: :reconnect)")
        try terminal.send("\\q\r")
        try terminal.waitFor("tunnel ssh locked: it died and could not be opened again")
        try terminal.waitFor("Connect to orders-stg again?")
        #expect(terminal.count(of: "Enter passphrase") == 1)
        try terminal.send("y\r")
        try terminal.waitUntil("ssh asks again") { _ in terminal.count(of: "Enter passphrase") == 2 }
        try terminal.send("\(Bastion.passphrase)\r")
        try waitForPrompt(terminal)
        try terminal.send("select 'thr' || 'ough';\r")
        try terminal.waitFor("through")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `a bastion that is gone when psql ends is told of, with ssh's words`() throws {
        try run.route(by: "ssh bastion")
        let terminal = try run.home.screen(["connect", "orders-stg"], columns: 120, rows: 40)
        try terminal.waitFor("jane_doe@orders=>")
        try bastion.stop()
        kill(try master(), SIGKILL)
        try terminal.send("select 1;\r")
        try terminal.waitFor("(no connection: :reconnect)")
        try terminal.send("\\q\r")
        try terminal.waitFor("tunnel ssh bastion: it died and is not up again yet")
        try terminal.waitFor("Connect to orders-stg again?")
        try bastion.startAgain()
        try terminal.send("y\r")
        try waitForPrompt(terminal)
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `on the screen too, where r and Enter opens it with its question`() async throws {
        let terminal = try run.home.screen([], columns: 120, rows: 30)
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitUntil("ssh asks") { $0.contains("ssh locked asks") }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("jane_doe@orders=>")
        kill(try master(), SIGKILL)
        #expect(await sawRefusals(1))
        try terminal.send("select 1;\r")
        try terminal.waitFor("(no connection: :reconnect)")
        try terminal.send("\\q\r")
        try terminal.waitFor("tunnel ssh locked: it died and could not be opened again")
        try terminal.waitFor("r and Enter to connect again")
        #expect(!terminal.screen.contains("ssh locked asks"))
        try terminal.send("r\r")
        try terminal.waitUntil("ssh asks again") { $0.contains("ssh locked asks") }
        try terminal.send("\(Bastion.passphrase)\r")
        try waitForPrompt(terminal)
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `pgfob tunnel asks again where the tunnel cannot come back unasked`() throws {
        let terminal = try run.home.screen(["tunnel", "orders-stg"], columns: 160, rows: 30)
        try terminal.waitFor("Enter passphrase for key")
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("hostaddr=127.0.0.1")
        kill(try master(), SIGKILL)
        try terminal.waitFor("the tunnel cannot be opened again unasked")
        try terminal.waitUntil("ssh asks again") { _ in
            terminal.count(of: "Enter passphrase") == 2
        }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("the tunnel is up again at 127.0.0.1:")
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(run.helpers().isEmpty)
    }

    @Test func `on the screen a tunnel that died is said to be down, and V opens it again`() throws {
        let terminal = try run.home.screen([], columns: 120, rows: 30)
        try run.select("orders-stg", on: terminal)
        try terminal.send("V")
        try terminal.waitUntil("ssh asks") { $0.contains("ssh locked asks") }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitUntil("it is up") { screen in
            screen.contains("is up at 127.0.0.1:") && Self.selected(screen, shows: " up ")
        }
        kill(try master(), SIGKILL)
        try terminal.waitUntil("it is down") { screen in
            screen.contains("could not be opened again") && Self.selected(screen, shows: " FAIL ")
                && !screen.contains("is up at") && !screen.contains("ssh locked asks")
        }
        try terminal.send("V")
        try terminal.waitUntil("ssh asks") { $0.contains("ssh locked asks") }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitUntil("it is up again") { screen in
            screen.contains("is up at 127.0.0.1:") && Self.selected(screen, shows: " up ")
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(run.helpers().isEmpty)
    }
}

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

/// Sessions whose tunnel dies under them: what their users are told, and when.
@Suite(
    .overTheFleet, .throughABastion, .serialized,
    .timeLimit(.minutes(14)))
struct DeadTunnelTests {
    private let run: FleetRun
    private let bastion: Bastion

    init() throws {
        bastion = try Bastion()
        run = try FleetRun(bastion.environment)
    }

    private func open(_ arguments: [String] = ["connect", "orders-stg"]) throws -> PseudoTerminal {
        try run.home.screen(arguments, columns: 160, rows: 50)
    }

    /// The ssh of this test that logs in at the bastion.
    private func killMaster() throws {
        kill(try #require(run.helpers(named: "ssh").first), SIGKILL)
    }

    @Test func `psql's prompt says that the tunnel is down, with ssh's words, and when it is up again`()
        throws
    {
        try run.route(by: "ssh bastion")
        let terminal = try open()
        try terminal.waitFor("jane_doe@orders=>")
        try bastion.stop()
        try killMaster()
        try terminal.waitForPrompt("the prompt tells") {
            $0.contains("orders-stg (tunnel down) jane_doe@orders=>")
        }
        let refused =
            "pgfob: tunnel ssh bastion: it died and is not up again yet: connect to host 127.0.0.1 port "
            + "\(bastion.port): Connection refused"
        try terminal.waitForPrompt("why it does not come") { _ in terminal.screen.contains(refused) }
        try terminal.send("select 1;\r")
        try terminal.waitFor("(tunnel down) (no connection: :reconnect)")
        #expect(terminal.screen.lines.count { $0.contains(refused) } == 1, "\(terminal.screen.text)")
        try bastion.startAgain()
        try terminal.waitForPrompt("it is up again") {
            !$0.contains("(tunnel down)") && $0.contains("(no connection: :reconnect)")
        }
        try terminal.send(":reconnect\r")
        try terminal.waitForPrompt("the prompt is as it was") { $0.contains("orders-stg jane_doe@orders=>") }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.contains("again?"))
        let log = run.folder.read(".local/state/pgfob/pgfob.log") ?? ""
        #expect(log.contains(refused.dropFirst(7)), "\(log)")
        #expect(log.contains("pgfob: orders-stg: the tunnel is up again\n"), "\(log)")
    }

    @Test func `one that needs an answer to come back says so, and connecting again asks for it`() throws {
        try run.route(by: "ssh locked")
        let terminal = try open()
        try terminal.waitFor("Enter passphrase for key")
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("jane_doe@orders=>")
        try killMaster()
        let gone = "tunnel ssh locked: it died and could not be opened again: "
        try terminal.waitForPrompt("the prompt tells") { prompt in
            prompt.contains("(tunnel down) jane_doe@orders=>")
                && terminal.screen.lines.contains {
                    $0.hasPrefix("pgfob: \(gone)") && $0.hasSuffix(": leave psql by \\q and connect again")
                }
        }
        try terminal.send("\\q\r")
        try terminal.waitFor("Connect to orders-stg again?")
        #expect(
            terminal.screen.lines.contains { $0.hasPrefix("pgfob: \(gone)") && !$0.contains("leave psql") })
        try terminal.send("y\r")
        try terminal.waitUntil("ssh asks again") { $0.prompt.contains("Enter passphrase for key") }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitUntil("a new session is there") {
            $0.prompt.hasPrefix("[STG] orders-stg jane_doe@orders=>")
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `on the screen the same, with the way back in`() throws {
        try run.route(by: "ssh bastion")
        let terminal = try open([])
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try bastion.stop()
        try killMaster()
        try terminal.waitForPrompt("the prompt tells") { $0.contains("(tunnel down) jane_doe@orders=>") }
        try terminal.send("\\q\r")
        try terminal.waitFor("pgfob: tunnel ssh bastion: it died and is not up again yet: ")
        try terminal.waitFor("r and Enter to connect again.")
        try bastion.startAgain()
        try terminal.send("r\r")
        try terminal.waitUntil("a new session is there") {
            $0.prompt.hasPrefix("[STG] orders-stg jane_doe@orders=>")
        }
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    /// A program that goes on until the file `done` is there, and has failed then.
    private func failing() throws -> ChildProgram {
        try run.route(by: "ssh bastion")
        let child = try ChildProgram(
            ProgramPath.pgfob,
            [
                "exec", "orders-stg", "--", "/bin/sh", "-c",
                "echo began; until [ -e \"$HOME/done\" ]; do sleep 0.1; done; exit 3",
            ],
            environment: run.environment, input: nil)
        try child.wait(for: "beginning") { child.output == "began\n" }
        return child
    }

    @Test func `what was told last is not told once more at the end`() throws {
        let child = try failing()
        try bastion.stop()
        try killMaster()
        let refused =
            "pgfob: tunnel ssh bastion: it died and is not up again yet: connect to host 127.0.0.1 port "
            + "\(bastion.port): Connection refused\n"
        try child.wait(for: "why it does not come") { child.errors.hasSuffix(refused) }
        try run.folder.write("", to: "done")
        #expect(try child.end(within: 60) == .exited(3))
        #expect(child.errors.components(separatedBy: refused).count == 2, "\(child.errors)")
    }

    @Test func `other programs' users are told at once, and at the end of one that failed`() throws {
        let child = try failing()
        try killMaster()
        try child.wait(for: "word of its death") {
            child.errors.contains(
                "pgfob: tunnel ssh bastion: it died and is not up again yet: ssh was killed by signal 9\n")
        }
        try child.wait(for: "word of its return") { child.errors.contains("pgfob: the tunnel is up again\n") }
        try run.folder.write("", to: "done")
        #expect(try child.end(within: 60) == .exited(3))
        #expect(
            child.errors.contains(
                "pgfob: tunnel ssh bastion: it died and was opened again: ssh was killed by signal 9\n"),
            "\(child.errors)")
    }
}

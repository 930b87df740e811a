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

/// What a client's login through a proxy has to ask, and whom, where its tunnel has died and its key is locked.
@Suite(.overTheFleet, .throughABastion, .serialized)
struct ProxyQuestionTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }
    private let bastion: Bastion

    init() throws {
        bastion = try Bastion(options: ["PasswordAuthentication yes"])
        trial = try ProxyTrial(bastion.environment)
        try trial.run.route(by: "ssh locked")
    }

    private func client() throws -> ChildProgram { try trial.client(try trial.ownConninfo) }

    /// Kills the tunnel's ssh and waits until it was tried again, unasked and in vain.
    private func breakTunnel() async throws {
        let refusals = bastion.refusals
        kill(try #require(run.helpers(named: "ssh").first), SIGKILL)
        #expect(
            await eventually(within: .seconds(120)) {
                bastion.refusals > refusals
            })
    }

    private func proxy() throws -> PseudoTerminal {
        let terminal = try run.home.screen(["proxy", "orders-stg"], columns: 160, rows: 30)
        try terminal.waitFor("Enter passphrase for key")
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("user=jane_doe")
        return terminal
    }

    @Test func `a proxy's terminal is asked while the client waits, and not for one that has left`()
        async throws
    {
        let terminal = try proxy()
        #expect(try client().end(within: 60) == .exited(0))
        try await breakTunnel()
        let impatient = try client()
        try terminal.waitUntil("ssh asks again") { _ in terminal.count(of: "Enter passphrase") == 2 }
        try terminal.waitFor("a client waits for the tunnel ssh locked")
        impatient.killHard()
        #expect(try impatient.end(within: 60) == .killed(signal: SIGKILL))
        // Taken back: what is typed now is no answer, and the next client's question is another one.
        let patient = try client()
        try terminal.waitUntil("ssh asks once more") { _ in terminal.count(of: "Enter passphrase") == 3 }
        try terminal.send("\(Bastion.passphrase)\r")
        #expect(try patient.end(within: 120) == .exited(0))
        #expect(patient.output == "1\n")
        // One that is given up is not asked again at once, however often a pooler comes.
        try await breakTunnel()
        let refused = try client()
        try terminal.waitUntil("ssh asks") { _ in terminal.count(of: "Enter passphrase") == 4 }
        try terminal.press(.control("d"))
        #expect(try refused.end(within: 120) == .exited(2))
        #expect(refused.errors.contains("FATAL:  pgfob: tunnel ssh locked: "), "\(refused.errors)")
        let next = try client()
        #expect(try next.end(within: 120) == .exited(2))
        #expect(terminal.count(of: "Enter passphrase") == 4)
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(run.helpers().isEmpty)
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `an interrupt at the question ends the proxy as at any other time`() async throws {
        let terminal = try proxy()
        try await breakTunnel()
        let waits = try client()
        try terminal.waitUntil("ssh asks again") { _ in terminal.count(of: "Enter passphrase") == 2 }
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(waits.errors.contains("FATAL:  pgfob: the proxy was stopped"), "\(waits.errors)")
        #expect(run.helpers().isEmpty)
        #expect(try run.pgfob("history", "orders-stg").output.contains("  session  ok  "))
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `without a terminal the client is told what to do`() async throws {
        try run.route(by: "ssh bastion")
        let (_, conninfo) = try trial.proxy()
        #expect(try trial.ownConninfo == conninfo)
        let path = try #require(bastion.environment["PGFOB_TEST_SSH_CONFIG"])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("/user\n", with: "/locked\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        try await breakTunnel()
        let refused = try client()
        #expect(try refused.end(within: 120) == .exited(2))
        #expect(refused.errors.contains("FATAL:  pgfob: tunnel ssh bastion: "), "\(refused.errors)")
        #expect(refused.errors.contains("that an agent has it unlocked"), "\(refused.errors)")
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `the screen asks by its dialog for its proxy's client`() async throws {
        let terminal = try run.home.screen([], columns: 120, rows: 30)
        try run.select("orders-stg", on: terminal)
        try run.openProxy(on: terminal)
        try terminal.waitUntil("ssh asks") { $0.contains("ssh locked asks") }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("no password needed")
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") { $0.row(with: "no password needed") == nil }
        try await breakTunnel()
        let patient = try client()
        try terminal.waitUntil("ssh asks") { $0.contains("ssh locked asks") }
        try terminal.send("\(Bastion.passphrase)\r")
        #expect(try patient.end(within: 120) == .exited(0))
        try terminal.waitUntil("the dialog is gone") { !$0.contains("ssh locked asks") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(run.helpers().isEmpty)
    }
}

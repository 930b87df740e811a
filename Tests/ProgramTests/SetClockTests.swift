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

/// Sessions on a machine whose time is put right while they are open: how long they took is right all the same.
@Suite(
    .overTheFleet, .enabled(if: TrialClock.library != nil, "a C compiler makes the clock"),
    .timeLimit(.minutes(14)))
struct SetClockTests {
    private let clock: TemporaryFolder
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws {
        clock = try TemporaryFolder()
        try clock.write("0", to: "clock")
        trial = try ProxyTrial([
            "LD_PRELOAD": try #require(TrialClock.library), "PGFOB_TEST_CLOCK": clock.file("clock"),
        ])
    }

    /// Two hours back, as where the hardware's clock kept local time.
    private func putBack() throws { try clock.write("-7200", to: "clock") }

    /// What the history says that sessions of such a program, or of such a client, took, in milliseconds.
    private func taken(_ program: String) throws -> [Double] {
        let key = #""duration_ms":"#
        let rows = try run.pgfob("history", "orders-stg", "--json").output.split(separator: "\n")
        return rows.filter { $0.contains(":\"\(program)\"") }.compactMap { row in
            row.range(of: key).flatMap { Double(row[$0.upperBound...].prefix { $0 != "," }) }
        }
    }

    private func isPossible(_ milliseconds: [Double]) -> Bool {
        milliseconds.count == 1 && milliseconds.allSatisfy { (1...1_800_000).contains($0) }
    }

    @Test func `psql from the command line tells how long it was open`() throws {
        let terminal = try run.home.screen(["connect", "orders-stg"])
        try terminal.waitFor("jane_doe@orders=>")
        try putBack()
        try terminal.send("\\q\r")
        try terminal.waitFor("-- pgfob: session 00:")
        #expect(try terminal.ending() == .exited(0))
        let taken = try taken("psql")
        #expect(isPossible(taken), "\(taken)")
    }

    @Test func `psql from the list tells how long it was open`() throws {
        let terminal = try run.home.screen([])
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try putBack()
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended after 0")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        let taken = try taken("psql")
        #expect(isPossible(taken), "\(taken)")
    }

    @Test func `a proxy writes a session that lasts down, and how long both were open`() throws {
        let (child, conninfo) = try trial.proxy()
        let client = try trial.toldClient(try ProxyTrial.socket(conninfo))
        try putBack()
        try child.wait(for: "an entry that is open") {
            (try? run.pgfob("history", "orders-stg").output)?.contains("  proxy  open  jane_doe@") == true
        }
        child.signal(SIGINT)
        #expect(try child.end(within: 60) == .exited(130))
        _ = try client.end(within: 60)
        let (own, sessions) = (try taken("pgfob proxy"), try taken(""))
        #expect(isPossible(own) && isPossible(sessions), "\(own) \(sessions)")
    }
}

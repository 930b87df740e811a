#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Sessions on a machine that has slept: the time of day has gone on, and no timer has.
@Suite(
    .overTheFleet, .enabled(if: TrialClock.library != nil, "a C compiler makes the clock"),
    .timeLimit(.minutes(14)))
struct SleepTests {
    private let run: FleetRun
    /// Away from all that the program watches: nothing else is to wake it.
    private let clock: TemporaryFolder
    private let more: [String: String]

    /// Seconds that the program's clock is behind at first; what is signed then soon ends for the server, while the program
    /// takes it to be good for a quarter of an hour.
    private static let behind = 800

    init() throws {
        run = try FleetRun()
        clock = try TemporaryFolder()
        try clock.write("-\(Self.behind)", to: "clock")
        more = [
            "LD_PRELOAD": try #require(TrialClock.library), "PGFOB_TEST_CLOCK": clock.file("clock"),
        ]
    }

    /// A machine falls asleep with a session open, and wakes when the session's token has ended.
    private func sleep(_ terminal: PseudoTerminal) async throws {
        let psql = terminal.foregroundGroup
        let first = try #require(run.tokenEnd(of: psql))
        // The moment at which the token has ended for the server; other tests go on until then.
        let left = Double(first + 2) - Date().timeIntervalSince1970
        try await Task.sleep(for: .seconds(max(0, left)))
        #expect(run.tokenEnd(of: psql) == first)
        try clock.write("0", to: "clock")
        try terminal.waitUntilTrue("another token is there", seconds: 120) {
            (run.tokenEnd(of: psql) ?? 0) > Int(Date().timeIntervalSince1970)
        }
        try terminal.send("\\c\r")
        try terminal.waitFor("You are now connected to database \"orders\"")
        try terminal.send("\\q\r")
    }

    @Test func `psql from the command line connects again soon after`() async throws {
        let terminal = try run.home.screen(["connect", "orders-stg"], more: more)
        try terminal.waitFor("jane_doe@orders=>")
        try await sleep(terminal)
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `psql from the list connects again soon after`() async throws {
        let terminal = try run.home.screen([], more: more)
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try await sleep(terminal)
        try terminal.waitFor("psql ended after")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

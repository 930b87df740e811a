#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// What a test found is there on another day, on the real program.
@Suite(.overTheFleet, .serialized)
struct LastTestTests {
    let run: FleetRun

    init() throws { run = try FleetRun() }

    @Test func `v shows why a test failed that another pgfob has made`() throws {
        #expect(try run.pgfob("test", "billing-stg", "orders-stg").code == 1)
        let told = try run.pgfob("test", "--last", "billing-stg")
        #expect(
            told.code == 1 && told.output.hasPrefix("tested at 20")
                && told.output.contains("FAILED at 4 of 8"))
        #expect(told.output.contains("Likely cause"))
        let good = try run.pgfob("test", "--last", "--json", "orders-stg")
        #expect(good.code == 0 && good.output.contains("\"current_user\":\"jane_doe\""), "\(good)")
        let none = try run.pgfob("test", "--last", "orders-writer")
        #expect(none.code == 1 && none.output.isEmpty && none.errors.contains("nothing was kept"), "\(none)")
        let terminal = try run.screen()
        try run.select("billing-stg", on: terminal)
        try terminal.send("v")
        try terminal.waitUntil("the stages are there, with their time and the cause") { screen in
            screen.contains("Test: billing-stg [STG]") && screen.contains("FAILED at 4 of 8")
                && screen.contains("tested ") && screen.contains("Likely cause")
        }
        // The test, then the filter.
        try terminal.press(.escape)
        try terminal.waitUntil("the test is closed") { !$0.contains("Test: billing-stg") }
        try terminal.press(.escape)
        try terminal.waitUntil("all are shown again") { $0.contains("orders-writer") }
        try run.select("orders-stg", on: terminal)
        try terminal.send("v")
        try terminal.waitUntil("a good one tells what the server is") { screen in
            screen.contains("Test: orders-stg [STG]   ok") && screen.contains("7 auth     ok")
        }
        try terminal.press(.escape)
        try terminal.waitUntil("that is closed too") { !$0.contains("Test: orders-stg") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

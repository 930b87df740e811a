#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// psql on a pasted endpoint, which is saved nowhere.
@Suite(.overTheFleet, .timeLimit(.minutes(14)))
struct TypedScreenTests {
    private let run: FleetRun

    init() throws { run = try FleetRun(["AWS_PROFILE": "acme-dev"]) }

    private var names: [String] {
        get throws {
            try run.pgfob("list", "--json").output.split(separator: "\n").compactMap {
                try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))["name"]?.string
            }
        }
    }

    /// Gives up the form of a new profile, and ends the program.
    private func discardAndQuit(_ terminal: PseudoTerminal) throws {
        try terminal.press(.escape)
        try terminal.waitFor("Discard")
        try terminal.send("y")
        try terminal.waitUntil("the list is back") { !$0.contains("New profile") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a pasted URI opens psql by two keys, through production's question, and is not saved`() throws
    {
        let saved = try names
        let uri = try run.pgfob("conninfo", "orders-stg", "--format", "uri").output
        let terminal = try run.screen(columns: 120, rows: 40)
        try run.select("orders-stg", on: terminal)
        try terminal.paste(String(uri.dropLast()))
        try terminal.waitUntil("the form is filled") {
            $0.contains("jane_doe") && $0.contains("Env is prod, as of orders-") && $0.contains("^O psql")
        }
        try terminal.press(.control("o"))
        try terminal.waitUntil("it asks") { $0.contains("PRODUCTION") && $0.contains("y open read-only") }
        try terminal.send("y")
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.send("select 'it is ' || current_setting('transaction_read_only');\r")
        try terminal.waitFor("it is on")
        try terminal.send("\\q\r")
        try terminal.waitUntil("the form is back") {
            $0.contains("New profile: orders-") && $0.contains("! psql ended after") && $0.contains("^O psql")
        }
        try discardAndQuit(terminal)

        #expect(try names == saved)
        let histories = run.folder.file(".local/state/pgfob/history")
        #expect((try? FileManager.default.contentsOfDirectory(atPath: histories)) ?? [] == [])
        #expect(run.folder.read(".psql_history") == nil)
        let history = try run.pgfob("history")
        let line = history.output.split(separator: "\n").first.map(String.init) ?? ""
        #expect(
            line.contains("  orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com  session  ok"), "\(line)"
        )
        #expect(line.contains("jane_doe@orders  read-only"), "\(line)")
        // It is found by that name too.
        let found = try run.pgfob("history", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com")
        #expect(found.code == 0 && found.output == history.output)
    }

    @Test func `what stands in the way is told in the form, which stays`() throws {
        let terminal = try run.screen(columns: 120, rows: 40)
        try run.select("orders-stg", on: terminal)
        try terminal.paste("postgresql://jo@nowhere.invalid:5433/orders?sslmode=verify-full")
        try terminal.waitFor("New profile: nowhere")
        // Its server is not RDS: no token can be signed for it.
        try terminal.press(.control("o"))
        try terminal.waitUntil("it is told") {
            $0.contains("nowhere.invalid") && $0.contains("RDS") && $0.contains("New profile: nowhere")
                && !$0.contains("opening psql")
        }
        try discardAndQuit(terminal)
    }
}

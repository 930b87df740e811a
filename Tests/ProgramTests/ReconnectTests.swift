#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Where `:reconnect` leads once the user has gone to another database.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ReconnectTests {
    private let run: FleetRun

    init() throws { run = try FleetRun() }

    /// psql, and what it shows after each connection is made.
    private func psql(_ words: [String] = ["connect", "orders-stg"]) throws -> PseudoTerminal {
        let terminal = try run.home.screen(words, columns: 160, rows: 50)
        try terminal.waitFor("orders=>")
        return terminal
    }

    private func reconnect(_ terminal: PseudoTerminal, _ command: String = ":reconnect", to database: String)
        throws
    {
        let words = "You are now connected to database \"\(database)\""
        let before = terminal.screen.lines.count { $0.contains(words) }
        try terminal.send("\(command)\r")
        try terminal.waitUntil("\(command) leads to \(database)") { screen in
            screen.lines.count { $0.contains(words) } == before + 1 && screen.prompt.hasSuffix("=>")
        }
    }

    @Test
    func `it leads to the database that the user is in, also with a token that was not there at the start`()
        throws
    {
        try run.folder.write("token_seconds = 4\n", to: ".config/pgfob/config.toml")
        let terminal = try psql()
        try terminal.send("\\c postgres\r")
        try terminal.waitUntil("it is there") { $0.prompt.hasSuffix("@postgres=>") }
        try run.outlive(terminal)
        try reconnect(terminal, to: "postgres")
        try reconnect(terminal, ":home", to: "orders")
        try reconnect(terminal, to: "orders")
        #expect(!terminal.screen.contains("ignored") && !terminal.screen.contains("pgfob_"))
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `where psql has lost its connection, and forgotten its database, it leads to the profile's`()
        throws
    {
        try run.folder.write("token_seconds = 4\n", to: ".config/pgfob/config.toml")
        let terminal = try psql()
        try terminal.send("\\c postgres\r")
        try terminal.waitUntil("it is there") { $0.prompt.hasSuffix("@postgres=>") }
        try run.outlive(terminal)
        try terminal.send("select pg_terminate_backend(pg_backend_pid());\r")
        try terminal.waitUntil("it is lost") { $0.prompt.contains("(no connection: :reconnect)") }
        try reconnect(terminal, to: "orders")
        // One that fails within a file takes the connection with it.
        try run.folder.write("\\c nope\n", to: "wrong.sql")
        try terminal.send("\\i \(run.folder.file("wrong.sql"))\r")
        try terminal.waitUntil("it is lost") { $0.prompt.contains("(no connection: :reconnect)") }
        try reconnect(terminal, to: "orders")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a database whose name looks like commands is gone back to, and nothing runs`() throws {
        let hostile = "o'x\"; \\! touch PWNED `touch PWNED` :{?x} %`touch PWNED` host=elsewhere \\\\"
        let quoted = hostile.replacing("\"", with: "\"\"")
        try run.administer("drop database if exists \"\(quoted)\"")
        try run.administer("create database \"\(quoted)\" template template0")
        defer { _ = try? run.administer("drop database if exists \"\(quoted)\" with (force)") }
        let terminal = try psql()
        // As libpq quotes values, within psql's own quotes: else it would take the name for a connection string.
        let value = hostile.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        try terminal.send("\\c -reuse-previous=on \"dbname='\(value.replacing("\"", with: "\"\""))'\"\r")
        try terminal.waitFor("You are now connected to database \"\(hostile)\"")
        try reconnect(terminal, to: hostile)
        try reconnect(terminal, ":home", to: "orders")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        let files = try FileManager.default.subpathsOfDirectory(atPath: run.folder.path)
        #expect(!files.contains { $0.contains("PWNED") }, "\(files)")
    }

    @Test func `from another server it leads back to the profile's`() throws {
        let other = try #require(run.fleet.value(["servers"])?[2]?["folder"]?.string)
        let terminal = try psql()
        try terminal.send("\\c \"host=\(other) user=rdsadmin dbname=postgres\"\r")
        try terminal.waitUntil("it is there") { $0.prompt.contains("rdsadmin@postgres=#") }
        try reconnect(terminal, to: "postgres")
        #expect(terminal.screen.prompt.hasSuffix("jane_doe@postgres=>"))
        try terminal.send("\\conninfo\r")
        try terminal.waitFor("on host \"orders.cluster-")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }
}

import Foundation
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// What the history says of sessions through a proxy.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyHistoryTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    private func history() throws -> String { try run.pgfob("history", "orders-stg").output }

    private func waitForEntry(_ words: String, of proxy: ChildProgram) throws {
        try proxy.wait(for: "entry \(words)") { (try? history())?.contains("  \(words)  ") == true }
    }

    @Test func `sessions are kept in the history, with their client and without their SQL`() throws {
        let (child, conninfo) = try trial.proxy()
        #expect(
            try trial.psql("\(conninfo) application_name=ledger", "-Atc", "select 'planted'").output
                == "planted\n")
        #expect(try trial.psql("\(conninfo) dbname=nope", "-c", "select 1").code == 2)
        try waitForEntry("proxy  ok", of: child)
        let history = try history()
        #expect(
            history.contains("  ledger  jane_doe@orders  by ") && !history.contains("planted"), "\(history)")
        #expect(
            history.components(separatedBy: "  proxy  ").count == 2, "what the server refused is no session")
        let row = try run.pgfob("history", "orders-stg", "--json").output.split(separator: "\n").first {
            $0.contains(#""kind":"proxy""#)
        }
        for word in [#""user":"jane_doe""#, #""database":"orders""#, #""read_only":false"#, #""opened_by":"#]
        {
            #expect(row?.contains(word) == true, "\(row ?? "")")
        }
        #expect(try run.pgfob("list", "--json", "orders-stg").output.contains("\"times_used\":1"))
    }

    @Test func `an entry is one line, whatever a client or a program calls itself`() throws {
        let (child, conninfo) = try trial.proxy()
        let name = "psql\n2026-11-26T11:00:00Z  orders-stg  session  forged"
        #expect(
            try trial.psql("\(conninfo) application_name='\(name)'", "-Atc", "select 1").output == "1\n")
        try waitForEntry("proxy  ok", of: child)
        let program = run.folder.file("a\r\n\u{1b}[2J2026 forged")
        try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: "/bin/true")
        #expect(try run.pgfob("exec", "orders-stg", "--", program).code == 0)
        let lines = try history().split(omittingEmptySubsequences: true) { $0.isNewline }
        #expect(lines.count == 3 && lines.allSatisfy { $0.contains("  orders-stg  ") }, "\(lines)")
        #expect(lines.contains { $0.contains("  a\\x0d\\n\\x1b[2J2026 forged  ") }, "\(lines)")
        #expect(lines.contains { $0.contains("  psql\\n2026-11-26T11:00:00Z  ") }, "\(lines)")
    }

    @Test func `the history says in which database and role a client was, and whether it could write`() throws
    {
        let (child, conninfo) = try trial.proxy("--read-only")
        let role =
            "\(conninfo) dbname=postgres application_name=one options='-c work_mem=1MB -c role=jane_doe'"
        #expect(try trial.psql(role, "-Atc", "select current_database()").output == "postgres\n")
        #expect(try trial.psql("\(conninfo) application_name=two", "-Atc", "select 1").output == "1\n")
        try waitForEntry("one  jane_doe@postgres  as jane_doe  read-only", of: child)
        try waitForEntry("two  jane_doe@orders  read-only", of: child)
    }

    @Test func `a session that lasts is written down while it is open, also where the proxy is killed`()
        throws
    {
        let (child, conninfo) = try trial.proxy()
        _ = try trial.client("\(conninfo) application_name=ledger", "select pg_sleep(607)")
        try waitForEntry("proxy  open  ledger  jane_doe@orders", of: child)
        child.killHard()
        #expect(try child.end(within: 60) == .killed(signal: SIGKILL))
        #expect(try run.pgfob("run", "orders-stg", "-c", "select 1").code == 0)
        let history = try history()
        #expect(
            history.contains(
                "  proxy  unknown  ledger  not known how it ended  jane_doe@orders  by "), "\(history)")
    }
}

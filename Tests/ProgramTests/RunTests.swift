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

/// SQL on many clusters at once, over the fleet.
@Suite(.overTheFleet, .serialized)
struct RunTests {
    let run: FleetRun

    init() throws { run = try FleetRun() }

    private func pgfob(_ words: String...) throws -> ProgramRun { try run.home.pgfob(["run"] + words) }

    /// How many servers run a query with these words now.
    private func running(_ words: String) throws -> Int {
        let sql =
            "select count(*) from pg_stat_activity where state = 'active' and query like '%\(words)%' and pid <> pg_backend_pid()"
        let answer = try pgfob("orders-writer", "--yes", "--format", "csv", "-c", sql)
        return answer.output.split(separator: "\n").last.flatMap { Int($0.split(separator: ",").last ?? "") }
            ?? -1
    }

    @Test(arguments: ["table", "csv", "json"])
    func `a large value is held once beside what libpq holds of it, and once more to write it`(format: String)
        throws
    {
        let megabytes = 64
        let script = """
            import resource, subprocess, sys
            code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
            unit = 1048576 if sys.platform == "darwin" else 1024
            print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit)
            """
        let done = try ProgramRun(
            "/usr/bin/env",
            [
                Python.program, "-c", script, ProgramPath.pgfob, "run", "orders-writer", "--yes", "--format",
                format, "-c", "select repeat('x', \(megabytes << 20)) as v",
            ], environment: run.environment)
        let numbers = done.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(numbers.count == 2, "\(done)")
        #expect(numbers[0] == 0)
        // Two are libpq's: what it has received, and the result that it makes of that.
        #expect(numbers[1] < 4 * megabytes, "\(numbers[1]) MB")
    }

    @Test func `answers come in the order of the profiles, errors apart with their names`() throws {
        let done = try pgfob(
            "orders-stg", "billing-dev", "orders-reader", "--yes", "--format", "csv", "-c",
            "select current_database() as db, pg_is_in_recovery() as reader, 1 / (current_database() <> 'billing')::int as n"
        )
        #expect(done.code == 1)
        #expect(
            done.output.split(separator: "\n") == [
                "profile,db,reader,n", "orders-stg,orders,f,1", "orders-reader,orders,t,1",
            ])
        #expect(done.errors == "pgfob: billing-dev: ERROR:  division by zero\n")
    }

    @Test func `SQL may begin with a comment`() throws {
        let done = try pgfob("orders-stg", "--format", "csv", "-c", "-- why\nselect 1 as n", "-c", "--n=")
        #expect(done.code == 0 && done.output.hasPrefix("profile,n\norders-stg,1\n"), "\(done)")
    }

    @Test func `it is read-only everywhere unless it may write, and production asks`() throws {
        let refused = try pgfob("orders-stg", "orders-writer", "-c", "select 1")
        #expect(
            refused.code == 2 && refused.output == "" && refused.errors.contains("[PROD] orders-writer asks"))
        let guarded = try pgfob("orders-stg", "orders-writer", "--yes", "-c", "create table made (n int)")
        #expect(guarded.code == 1)
        #expect(
            guarded.errors.split(separator: "\n").filter { $0.contains("read-only transaction") }.count == 2)
        let open = try pgfob(
            "orders-writer", "--yes", "--write", "-c", "create temp table made (n int)", "-c",
            "insert into made values (1)",
            "-c", "select n from made")
        #expect(open.code == 0, "\(open.errors)")
        #expect(
            open.output.hasPrefix(
                "-- orders-writer [PROD] --\nCREATE TABLE\nINSERT 0 1\n n\n---\n 1\n(1 row)\n"))
    }

    @Test func `a profile stops at its first error, and a file is one query`() throws {
        try run.folder.write("select 'one' as a;\nselect 1/0;\nselect 'three' as a;\n", to: "three.sql")
        let done = try pgfob("orders-stg", "--format", "json", "-f", run.folder.file("three.sql"))
        #expect(done.code == 1)
        let lines = done.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == #"{"profile":"orders-stg","result":1,"row":{"a":"one"}}"#)
        #expect(
            lines[1].contains(#""outcome":"failed","rows":1"#) && lines[1].contains(#""sqlstate":"22012""#))
        let wrong = try pgfob("orders-stg", "-c", "select nothing")
        #expect(
            wrong.errors == "pgfob: orders-stg: ERROR:  column \"nothing\" does not exist\n",
            "\(wrong.errors)")
        let copied = try pgfob("orders-stg", "-c", "copy (select 1) to stdout")
        #expect(copied.code == 1 && copied.errors.contains("COPY"))
        let stdin = try run.home.pgfob(
            ["run", "orders-stg", "--format", "csv", "-f", "-"], input: "select 7 as x")
        #expect(stdin.output == "profile,x\norders-stg,7\n")
    }

    @Test func `what a server remarks is told with the profile's name, and not without end`() throws {
        let skipped = try pgfob("orders-stg", "--write", "--yes", "-c", "vacuum pg_class")
        #expect(skipped.code == 0 && skipped.output.hasSuffix("VACUUM\n"), "\(skipped)")
        #expect(
            skipped.errors.hasPrefix("pgfob: orders-stg: WARNING:  ")
                && skipped.errors.contains("\"pg_class\""),
            "\(skipped)")
        let loop = "do $$ begin for n in 1..1000 loop raise notice 'no % %', n, chr(27); end loop; end $$"
        let many = try pgfob("orders-stg", "--format", "json", "-c", loop)
        let lines = many.errors.split(separator: "\n")
        #expect(many.code == 0 && many.output.split(separator: "\n").count == 1, "\(many)")
        #expect(lines.count == 101 && lines.first == "pgfob: orders-stg: NOTICE:  no 1 \\x1b", "\(lines)")
        #expect(lines.last == "pgfob: orders-stg: what it remarks beyond is left out")
    }

    @Test func `a wrong call is told`() throws {
        #expect(try pgfob("-c", "select 1").code == 2)
        #expect(try pgfob("orders-stg").code == 2)
        #expect(
            try pgfob("orders-stg", "-c", "select 1", "--format", "xml").errors.contains(
                "--format <format>'. Please provide one of 'table', 'csv', 'json'"))
        #expect(try pgfob("nobody", "-c", "select 1").code == 1)
        #expect(try pgfob("--group", "no such group", "-c", "select 1").code == 1)
        let tagged = try pgfob("--group", "payments", "--yes", "--format", "csv", "-c", "select 1 as n")
        #expect(tagged.output.contains("orders-writer,1") && tagged.output.contains("billing-dev,1"))
    }

    @Test func `an error names its line in the file, and a missing password the way out`() throws {
        let file = try run.folder.write("select 1;\n\nselect 2 +\nfrm x;\n", to: "m.sql")
        let wrong = try pgfob("orders-stg", "-f", file)
        #expect(wrong.errors == "pgfob: orders-stg: ERROR:  column \"frm\" does not exist (line 4)\n")
        let asked = try pgfob("legacy-app", "-c", "select 1")
        #expect(
            asked.code == 1
                && asked.errors.hasSuffix(
                    "no password supplied: it is asked for on a terminal alone: keep it in ~/.pgpass, or name such a file by PGPASSFILE\n"
                ),
            "\(asked)")
        try run.folder.write("*:*:*:*:correct horse battery staple\n", to: ".pgpass", mode: 0o600)
        #expect(
            try pgfob("legacy-app", "--format", "csv", "-c", "select 1 as x").output
                == "profile,x\nlegacy-app,1\n")
    }

    @Test func `a command of psql's in the file is told as such`() throws {
        let file = try run.folder.write("select 1;\n\\echo two\n", to: "psql.sql")
        let done = try run.pgfob("run", "orders-stg", "-f", file)
        #expect(done.code == 1, "\(done)")
        #expect(
            done.errors.hasSuffix(
                "(line 2): psql's own commands are no SQL: `pgfob connect orders-stg` has them\n"),
            "\(done)")
    }

    @Test func `an interrupt ends it on the servers too, and is told of each`() throws {
        let mark = "pg_sleep(\(3000 + getpid() % 1000))"
        let more = (1...10).map { "more-\($0)" }
        for name in more { #expect(try run.pgfob("duplicate", "orders-stg", name).code == 0) }
        let names = ["orders-stg", "orders-writer"] + more
        let child = try ChildProgram(
            ProgramPath.pgfob, ["run"] + names + ["--yes", "--format", "json", "-c", "select \(mark)"],
            environment: run.environment, input: "")
        try child.wait(for: "the queries run") { (try? running(mark)) == names.count }
        child.signal(SIGINT)
        #expect(try child.end(within: 30) == .exited(130))
        #expect(child.errors.contains("orders-stg: cancelled"))
        #expect(try running(mark) == 0)
        let ends = child.output.split(separator: "\n")
        #expect(ends.count == names.count, "\(child.output)")
        for (name, end) in zip(names, ends) {
            #expect(
                end.contains(#""profile":"\#(name)""#) && end.contains(#""outcome":"cancelled""#), "\(end)")
        }
    }

    @Test func `a signal that comes twice at once is one, and the history tells of it`() throws {
        let child = try ChildProgram(
            ProgramPath.pgfob, ["run", "orders-stg", "-c", "select pg_sleep(600)"],
            environment: run.environment,
            input: nil)
        try child.wait(for: "the entry of the run") {
            (try? run.pgfob("history", "orders-stg", "--json"))?.output.contains(#""outcome":"open""#) == true
        }
        // As `timeout` does: to the program, and to its group.
        child.signal(SIGTERM)
        child.signal(SIGINT)
        #expect(try child.end(within: 60) == .exited(130))
        let history = try run.pgfob("history", "orders-stg", "--json").output
        #expect(
            history.contains(#""kind":"run""#) && history.contains(#""outcome":"cancelled""#), "\(history)")
    }

    @Test func `a reader that goes away ends it, however much is still to come`() throws {
        let script = """
            { "$0" run orders-stg orders-writer --yes --format csv -c 'select n, repeat(chr(120), 500) from generate_series(1, 20000000) n'; echo "ended $?" >&2; } | head -2
            """
        let done = try ProgramRun("/bin/sh", ["-c", script, ProgramPath.pgfob], environment: run.environment)
        #expect(done.output.split(separator: "\n").count == 2)
        #expect(done.errors == "ended 1\n")
    }

    @Test func `on the screen a long answer of one profile leaves the others theirs`() throws {
        let terminal = try run.screen(columns: 100, rows: 30)
        try terminal.waitFor("orders-stg")
        try terminal.send("/name:orders-")
        try terminal.waitFor("3 visible")
        try terminal.send("\r*")
        try terminal.waitFor("marked: T d p")
        try terminal.send(":")
        try terminal.waitFor("Command")
        try terminal.send("run select repeat('x', 900) from generate_series(1, 3000)\r")
        try terminal.waitFor("Run SQL on")
        try terminal.send("y")
        try terminal.waitFor("-- orders-")
        // The last of them, and not the first that took all the room.
        try terminal.send("G")
        try terminal.waitFor("... and more of orders-stg, which `pgfob run` shows")
    }

    @Test func `on the screen it runs on the marked rows and shows the answers`() throws {
        let terminal = try run.screen(columns: 100, rows: 30)
        try run.select("orders-stg", on: terminal)
        try terminal.send(":")
        try terminal.waitFor("Command")
        try terminal.send("run select 'ANS' || 'WER' as a, transaction_read_only() from (select 1) x\r")
        try terminal.waitFor("1 failed")
        try terminal.waitFor("does not exist")
        try terminal.press(.escape)
        try terminal.waitUntil("the answers are closed") { !$0.contains("does not exist") }
        try terminal.send(":")
        try terminal.waitFor("Command")
        try terminal.send("run do $$ begin raise warning 'rem%', 'ark'; end $$\r")
        try terminal.waitFor("! orders-stg: WARNING:  remark")
        try terminal.press(.escape)
        try terminal.waitUntil("the answers are closed") { !$0.contains("remark") }
        try terminal.send(":")
        try terminal.waitFor("Command")
        try terminal.send("run select 'ANS' || 'WER' as a, current_setting('transaction_read_only') as ro\r")
        try terminal.waitFor("-- orders-stg [STG] --")
        try terminal.waitFor("ANSWER | on")
        try terminal.press(.escape)
        try terminal.waitUntil("the answers are closed") { !$0.contains("ANSWER") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

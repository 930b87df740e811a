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

/// psql over the fleet for longer than its token lives.
@Suite(.overTheFleet, .serialized)
struct SessionTests {
    private static let life = 4
    let run: FleetRun

    init() throws {
        run = try FleetRun()
        try run.folder.write("token_seconds = \(Self.life)\n", to: ".config/pgfob/config.toml")
    }

    @Test func `psql goes to another database after its token has ended`() throws {
        let terminal = try run.screen(["connect", "orders-stg"])
        try terminal.waitFor("jane_doe@orders=>")
        try run.outlive(terminal)
        try terminal.send("\\c postgres\r")
        try terminal.waitFor("connected to database \"postgres\"")
        try run.outlive(terminal)
        try terminal.send("\\c\r")
        try terminal.waitUntil("psql has connected again") { screen in
            screen.lines.filter { $0.contains("connected to database \"postgres\"") }.count == 2
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `after a lost connection and an ended token reconnect goes on where psql's own reset fails`()
        throws
    {
        let terminal = try run.screen(["connect", "orders-stg"])
        try terminal.waitFor("jane_doe@orders=>")
        try run.outlive(terminal)
        try terminal.send("select pg_terminate_backend(pg_backend_pid());\r")
        try terminal.waitFor("Attempting reset: Failed.")
        try terminal.waitFor("!")
        try terminal.send(":reconnect\r")
        try terminal.waitFor("connected to database \"orders\"")
        try terminal.send("select 'it ' || 'goes on';\r")
        try terminal.waitFor("it goes on")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `another program logs in for as long as it runs`() throws {
        let script = """
            psql -Atc "select 'first'" && end=$(( $(sed -n 's/^# until //p' $PGPASSFILE) + 1 ))
            while [ $(date +%s) -le $end ]; do sleep 0.2; done
            psql -Atc "select 'second'"
            """
        let done = try run.pgfob("exec", "orders-stg", "--", "sh", "-c", script)
        #expect(done.code == 0 && done.output == "first\nsecond\n", "\(done.errors)")
    }

    @Test func `names that look like commands run nothing`() throws {
        let hostile = "o'x`touch PWNED`%`touch PWNED`\\$(touch PWNED)\"; \\! touch PWNED"
        for (option, value) in [
            ("--name", hostile), ("--env", String(hostile.prefix(38))), ("--application-name", hostile),
        ] {
            let name = option == "--name" ? "orders-stg" : hostile
            let edited = try run.pgfob("edit", name, option, value)
            #expect(edited.code == 0, "\(edited.errors)")
        }
        let terminal = try run.screen(["connect", hostile], columns: 200)
        try terminal.waitFor("jane_doe@orders=>")
        #expect(terminal.screen.contains("o'xtouch PWNED%touch PWNED"))
        try terminal.send(":reconnect\r")
        try terminal.waitFor("connected to database \"orders\"")
        try terminal.send(
            "select 'in ' || application_name from pg_stat_activity where pid = pg_backend_pid();\r")
        try terminal.waitFor("in o'x`touch PWNED`%`touch PWNED`\\$(touch PWNED)\"; \\! touch PWNED")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        let files = try FileManager.default.subpathsOfDirectory(atPath: run.folder.path)
        #expect(!files.contains { $0.contains("PWNED") })
    }

    @Test func `the prompt shows how long the token is good, where the settings want it`() throws {
        try run.folder.write("prompt_time_left = true\n", to: ".config/pgfob/config.toml")
        let terminal = try run.screen(["connect", "orders-stg"])
        try terminal.waitFor("orders-stg 15m jane_doe@orders=>")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    // MARK: The user's own

    @Test
    func `the user's start-up file is read, the one for psql's version first, and its history kept apart`()
        throws
    {
        try run.folder.write("\\set own plain\n\\set PROMPT1 'mine> '\n", to: ".psqlrc")
        let words = ["connect", "orders-stg", "--", "-Atc", "\\echo :own"]
        #expect(try run.home.pgfob(words).output == "plain\n")
        let major = try ProgramRun(
            "/bin/sh", ["-c", "ls /usr/lib/postgresql | sort -n | tail -1"], environment: run.environment)
        let version = major.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(!version.isEmpty)
        try run.folder.write("\\set own version\n", to: ".psqlrc-\(version)")
        #expect(try run.home.pgfob(words).output == "version\n")
        try run.folder.write(
            "\\set own named\n\\set ON_ERROR_STOP on\nselect 1/0;\n\\set own never\n", to: "mine.rc")
        let named = try run.home.pgfob(words, more: ["PSQLRC": "~/mine.rc"])
        #expect(named.output == "named\n" && named.errors.contains("division by zero"))

        let terminal = try run.screen(["connect", "orders-stg"])
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.send("select 'to be kept';\r\\q\r")
        #expect(try terminal.ending() == .exited(0))
        let state = ".local/state/pgfob/history"
        let histories = try FileManager.default.contentsOfDirectory(atPath: run.folder.file(state))
        #expect(histories.count == 1)
        #expect(run.folder.read("\(state)/\(histories[0])")?.contains("to be kept") == true)
        #expect(run.folder.read(".psql_history") == nil)
        var status = stat()
        #expect(stat(run.folder.file(state), &status) == 0 && status.st_mode & 0o777 == 0o700)
        // Who keeps none keeps none here.
        let silent = try run.home.screen(["connect", "orders-stg"], more: ["PSQL_HISTORY": "/dev/null"])
        try silent.waitFor("jane_doe@orders=>")
        try silent.send("select 'not to be kept';\r\\q\r")
        #expect(try silent.ending() == .exited(0))
        #expect(run.folder.read("\(state)/\(histories[0])")?.contains("not to be kept") == false)
    }

    // MARK: Connect with

    @Test func `what is chosen for one session holds in it and is there the next time`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.send("c")
        try terminal.waitFor("Connect with: orders-stg")
        try terminal.send("postgres\t\t\t \t7s\t")
        try terminal.waitFor("7s")
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@postgres=>")
        let sql =
            "select current_setting('statement_timeout') || '/' || current_setting('transaction_read_only');"
        try terminal.send("\(sql)\r")
        try terminal.waitFor("7s/on")
        try terminal.send("\\q\r")
        try terminal.waitUntil("the list is back") { FleetRun.selected($0, "orders-stg") }
        try terminal.send("c")
        try terminal.waitUntil("the choice is remembered") { screen in
            screen.lines.contains { $0.contains("Timeout") && $0.contains("7s") }
        }
        // Another program gets the same hand-over.
        try terminal.send("\t\t\t\t\tsh\t-c 'psql -Atc \"select 1000 + 1\"; sleep 0.1; exit 3'")
        try terminal.press(.enter)
        try terminal.waitFor("1001")
        try terminal.waitFor("Press Enter to go back")
        try terminal.press(.enter)
        try terminal.waitFor("sh on orders-stg ended after")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    // MARK: Afterwards

    @Test func `the history says who opened what and how it ended, and no SQL`() throws {
        // The system knows who that is: variables say what anybody likes.
        let user = try ProgramRun("/usr/bin/id", ["-un"], environment: [:]).output.dropLast()
        let more = ["LOGNAME": "somebody", "USER": "somebody", "SUDO_USER": "jo"]
        let words = [
            "connect", "orders-writer", "--yes", "--role", "rds_superuser", "--", "-c",
            "select 'not kept' / 0",
        ]
        #expect(try run.home.pgfob(words, more: more).code == 1)
        #expect(
            try run.home.pgfob(["exec", "orders-stg", "--", "sh", "-c", "kill -9 $$"], more: more).code == 137
        )
        #expect(try run.home.pgfob(["run", "orders-stg", "-c", "select 'not kept'"], more: more).code == 0)
        #expect(try run.home.pgfob(["exec", "orders-stg", "--", "perl", "-e", "exit 200"]).code == 200)
        let lines = try run.pgfob("history", "--json").output.split(separator: "\n").map(String.init)
        #expect(lines.count == 4 && lines.allSatisfy { !$0.contains("not kept") })
        func line(_ text: String) -> String { lines.first { $0.contains(text) } ?? "" }
        let psql = line(#""program":"psql""#)
        #expect(
            psql.contains(#""profile":"orders-writer","kind":"session""#)
                && psql.contains(#""outcome":"failed""#))
        #expect(
            psql.contains(#""exit_code":1,"#) && psql.contains(#""role":"rds_superuser","read_only":true"#))
        #expect(
            psql.contains(#""user":"iam_dba""#) && psql.contains(#""opened_by":"\#(user) (sudo: jo)""#),
            "\(psql)")
        #expect(line(#""program":"sh""#).contains(#""signal":9"#))
        #expect(line(#""program":"perl""#).contains(#""exit_code":200"#))
        #expect(line(#""kind":"run""#).contains(#""statements":1"#))
        let shown = try run.pgfob("history", "orders-stg").output
        #expect(shown.contains("orders-stg  session  failed") && shown.contains("orders-stg  run  ok"))
    }

    @Test func `a pgfob that is killed leaves no secret and no program, and the next one starts`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        let psql = terminal.foregroundGroup
        #expect(psql > 0 && psql != terminal.pid)
        kill(terminal.pid, SIGKILL)
        // The terminal has lost its session: the system tells psql so.
        try terminal.waitUntilTrue("psql has ended with it") { kill(psql, 0) != 0 }
        let files = try FileManager.default.subpathsOfDirectory(atPath: run.folder.path)
        for file in files {
            let data = FileManager.default.contents(atPath: run.folder.file(file)) ?? Data()
            #expect(!String(decoding: data, as: UTF8.self).contains("X-Amz-Signature"), "\(file)")
        }
        let next = try run.screen()
        try run.select("orders-stg", on: next)
        try next.press(.enter)
        try next.waitFor("jane_doe@orders=>")
        try next.send("\\q\r")
        try next.waitFor("psql ended")
        try next.send("q")
        #expect(try next.ending() == .exited(0))
    }
}

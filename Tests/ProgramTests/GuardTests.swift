#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// The read-only guard on servers that take it at the login, and on those that do not.
@Suite(.overTheFleet, .serialized)
struct GuardTests {
    let run: FleetRun
    private static let probe = "show transaction_read_only"

    init() throws { run = try FleetRun() }

    private func pgfob(_ words: [String], more: [String: String] = [:]) throws -> ProgramRun {
        try run.home.pgfob(words, more: more)
    }

    /// A profile whose name is an RDS Proxy's, which takes no startup options; it leads to the fleet's writer.
    private func addProxy() throws -> [String: String] {
        let host = "orders.proxy-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
        let address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
        let added = try pgfob([
            "add", "--name", "proxied", "--host", host, "--dial", address, "--user", "app_password",
            "--database",
            "orders", "--auth", "pgpass", "--env", "prod", "--sslmode", "require",
        ])
        #expect(added.code == 0, "\(added.errors)")
        try run.folder.write("*:*:*:*:correct horse battery staple\n", to: "pass")
        return ["PGPASSFILE": run.folder.file("pass")]
    }

    @Test func `a proxy is guarded by a SET, through the user's own start-up file and without a word`() throws
    {
        let more = try addProxy()
        let words = ["connect", "proxied", "--yes", "--", "-Atc", Self.probe]
        let plain = try pgfob(words, more: more)
        #expect(plain.output == "on\n" && plain.errors == "", "\(plain.errors)")
        try run.folder.write("\\set AUTOCOMMIT off\n\\set QUIET off\n", to: ".psqlrc")
        #expect(try pgfob(words, more: more).output == "on\n")
        let written = try pgfob(
            ["connect", "proxied", "--yes", "--write", "--", "-Atc", Self.probe], more: more)
        #expect(written.output == "off\n", "\(written.errors)")
        let bare = try pgfob(["connect", "proxied", "--yes", "--", "-XAtc", Self.probe], more: more)
        #expect(bare.output == "off\n" && bare.errors.contains("guard does not hold"))
        let other = try pgfob(
            ["exec", "proxied", "--yes", "--", "psql", "-XAtc", Self.probe], more: more)
        #expect(other.output == "off\n" && other.errors.contains("guard does not hold"))
    }

    @Test func `production opens for writing after its name or --yes alone, whatever its policy says`() throws
    {
        #expect(try pgfob(["edit", "orders-writer", "--confirm", "none"]).code == 0)
        for words in [
            ["connect", "orders-writer", "--write", "--", "-c", "select 1"],
            ["exec", "orders-writer", "--write", "--", "true"], ["proxy", "orders-writer", "--write"],
            ["run", "orders-writer", "--write", "-c", "select 1"],
        ] {
            let refused = try pgfob(words)
            #expect(refused.code == 2 && refused.errors.contains("--yes"), "\(refused)")
        }
        let words = ["connect", "orders-writer", "--", "-Atc", Self.probe]
        #expect(try pgfob(words).output == "on\n", "to read it asks nothing")
        #expect(try pgfob(["edit", "orders-writer", "--no-read-only"]).code == 0)
        #expect(try pgfob(words).code == 2, "it would write")
    }

    @Test func `production's prompt says when it may write`() throws {
        for (words, prompt) in [
            (["--yes"], "[PROD] orders-writer iam_dba@orders=>"),
            (["--yes", "--write"], "[PROD] orders-writer (read-write) iam_dba@orders=>"),
        ] {
            let terminal = try run.screen(["connect", "orders-writer"] + words, columns: 120)
            try terminal.waitFor(prompt)
            #expect(terminal.screen.contains(", read-write --") == words.contains("--write"))
            try terminal.send("\\q\r")
            #expect(try terminal.ending() == .exited(0))
        }
    }

    @Test func `SQL on a profile that is named twice runs once`() throws {
        let sql = "select 'once' as n"
        let done = try pgfob(["run", "orders-stg", "orders-stg", "--format", "json", "-c", sql])
        #expect(done.output.components(separatedBy: "once").count == 2, "\(done)")
    }

    @Test func `on a proxy the guard comes back with reconnect`() throws {
        let more = try addProxy()
        let terminal = try run.home.screen(["connect", "proxied", "--yes"], columns: 200, more: more)
        try terminal.waitFor("read-only until \\c (:reconnect brings it back)")
        try terminal.waitFor("app_password@orders=>")
        try terminal.send(":reconnect\r")
        try terminal.waitFor("connected to database \"orders\"")
        try terminal.send("create temp table x (n int);\r")
        try terminal.waitFor("cannot execute CREATE TABLE in a read-only transaction")
        // What makes a connection without it is told by the prompt.
        func waitForPrompt(_ words: String) throws {
            try terminal.waitUntil("the prompt: \(words)") { screen in
                screen.prompt.hasSuffix("proxied \(words)app_password@orders=>")
            }
        }
        try waitForPrompt("")
        for command in ["\\c", "select pg_terminate_backend(pg_backend_pid());"] {
            try terminal.send("\(command)\r")
            try waitForPrompt("(not read-only: :reconnect) ")
            try terminal.send(":reconnect\r")
            try waitForPrompt("")
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        // No SET may be part of a transaction of the user's, who could roll it back.
        try run.folder.write("\\set AUTOCOMMIT off\n", to: ".psqlrc")
        let other = try run.home.screen(["connect", "proxied", "--yes"], columns: 100, more: more)
        try other.waitFor("app_password@orders=>")
        try other.send(":reconnect\r")
        try other.waitUntil("it is connected again, and in no transaction") { screen in
            screen.contains("connected to database \"orders\"")
                && screen.lines.last { $0.contains("@orders") }?.contains("@orders=>") == true
        }
        try other.send("rollback;\rcreate temp table x (n int);\r")
        try other.waitFor("cannot execute CREATE TABLE in a read-only transaction")
        try other.send("\\echo auto :AUTOCOMMIT\r")
        try other.waitFor("auto off")
        try other.send("\\q\r")
        #expect(try other.ending() == .exited(0))
    }

    @Test(arguments: [
        "\\c postgres\n", "discard all;\n", "\\set ON_ERROR_STOP on\n\\c postgres\nselect 1/0;\n",
        "\\c postgres\n\\set AUTOCOMMIT off\n\\set QUIET off\n",
    ])
    func `the user's own start-up file takes no guard away`(file: String) throws {
        let more = try addProxy()
        try run.folder.write(file, to: ".psqlrc")
        let done = try pgfob(["connect", "proxied", "--yes", "--", "-Atqc", Self.probe], more: more)
        #expect(done.output.hasSuffix("on\n") && done.code == 0, "\(done)")
        let stops = ["connect", "proxied", "--yes", "--", "-v", "ON_ERROR_STOP=1", "-Atqc"]
        let stopping = try pgfob(stops + [Self.probe], more: more)
        #expect(stopping.output.hasSuffix("on\n"), "\(stopping)")
        let failing = try pgfob(stops + ["select 1/0"], more: more)
        #expect(failing.code == 1, "psql stops at errors as it was told to: \(failing)")
    }

    @Test func `a connection that the user's own start-up file has opened is the guarded one`() throws {
        let more = try addProxy()
        try run.folder.write("\\c postgres\n", to: ".psqlrc")
        let terminal = try run.home.screen(["connect", "proxied", "--yes"], columns: 200, more: more)
        try terminal.waitFor("proxied app_password@postgres=>")
        try terminal.send("create temp table x (n int);\r")
        try terminal.waitFor("cannot execute CREATE TABLE in a read-only transaction")
        try terminal.send("\\c\r")
        try terminal.waitFor("proxied (not read-only: :reconnect) app_password@postgres=>")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a transaction that the start-up file has begun without the guard keeps psql shut`() throws {
        let more = try addProxy()
        try run.folder.write("\\c postgres\nbegin;\n", to: ".psqlrc")
        let words = ["connect", "proxied", "--yes", "--", "-Atqc", Self.probe]
        let shut = try pgfob(words, more: more)
        #expect(shut.code == 143 && !shut.output.contains("off"), "\(shut)")
        #expect(shut.errors.contains("has begun a transaction that may write"))
        try run.folder.write("begin;\n", to: ".psqlrc")
        #expect(try pgfob(words, more: more).output == "on\n", "it has begun under the guard")
    }

    @Test func `a setting that a proxied server refuses keeps psql shut`() throws {
        let more = try addProxy()
        let refused = try pgfob(
            ["connect", "proxied", "--yes", "--role", "nobody_at_all", "--", "-Atc", Self.probe], more: more)
        #expect(refused.output == "" && refused.code == 143, "\(refused.errors)")
        #expect(refused.errors.contains("role could not be set"))
    }

    @Test func `under the guard a profile that wants a writing server gets the primary, and only that`()
        throws
    {
        let words = ["--parameter", "target_session_attrs=read-write"]
        #expect(try pgfob(["edit", "orders-writer"] + words).code == 0)
        let writer = try pgfob(["connect", "orders-writer", "--yes", "--", "-Atc", Self.probe])
        #expect(writer.output == "on\n", "\(writer.errors)")
        #expect(try pgfob(["edit", "orders-reader"] + words).code == 0)
        let reader = try pgfob(["connect", "orders-reader", "--yes", "--", "-Atc", Self.probe])
        #expect(reader.code == 2 && reader.errors.contains("hot standby"))
    }

    @Test func `the endpoint, a role and a timeout are options of connect`() throws {
        let sql =
            "select pg_is_in_recovery(), current_user, session_user, current_setting('statement_timeout')"
        let words = [
            "connect", "orders-writer", "--yes", "--role", "rds_superuser", "--statement-timeout", "7s",
        ]
        let writer = try pgfob(words + ["--", "-Atc", sql])
        #expect(writer.output == "f|rds_superuser|iam_dba|7s\n", "\(writer.errors)")
        let reader = try pgfob(words + ["--reader", "--", "-Atc", sql])
        #expect(reader.output == "t|rds_superuser|iam_dba|7s\n", "\(reader.errors)")
        let both = try pgfob(["connect", "orders-writer", "--reader", "--writer"])
        #expect(both.code == 2 && both.errors.contains("exclude one another"))
        let wrong = try pgfob(["connect", "orders-writer", "--statement-timeout", "soon"])
        #expect(wrong.code == 2 && wrong.errors.contains("--statement-timeout \"soon\" is no duration"))
        let instance = try pgfob(["connect", "scratch", "--reader"])
        #expect(instance.code == 2 && instance.errors.contains("reader endpoint"))
    }

    @Test func `what a service says is under the guard and the choice, in every program and in the history`()
        throws
    {
        let address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
        try run.folder.write(
            """
            [svc]
            host=\(address)
            user=app_password
            dbname=orders
            password=correct horse battery staple
            sslmode=require
            options=-c default_transaction_read_only=off -c work_mem=5MB
            target_session_attrs=read-write

            """, to: ".pg_service.conf")
        let added = try pgfob([
            "add", "--name", "svc", "--auth", "service", "--service", "svc", "--env", "prod",
        ])
        #expect(added.code == 0, "\(added.errors)")
        let sql =
            "select current_user, current_database(), current_setting('transaction_read_only'), "
            + "current_setting('work_mem'), current_setting('statement_timeout')"
        for words in [
            ["connect", "svc", "--yes", "--", "-XAtc", sql],
            ["exec", "svc", "--yes", "--", "psql", "-XAtc", sql],
        ] {
            let done = try pgfob(words)
            #expect(done.output == "app_password|orders|on|5MB|0\n" && done.errors == "", "\(words) \(done)")
            let other = try pgfob(
                words.prefix(3) + ["--dbname", "postgres", "--statement-timeout", "9s"] + words.dropFirst(3))
            #expect(other.output == "app_password|postgres|on|5MB|9s\n", "\(words) \(other)")
        }
        let done = try pgfob(["run", "svc", "--yes", "--format", "csv", "-c", sql])
        #expect(done.output.contains("app_password,orders,on,5MB,0"), "\(done)")
        // The guard makes every server say that it is read-only: what can write is the primary.
        #expect(try pgfob(["test", "svc"]).code == 0)
        let services = run.folder.read(".pg_service.conf") ?? ""
        try run.folder.write(services.replacing("=read-write", with: "=standby"), to: ".pg_service.conf")
        let other = try pgfob(["test", "svc", "--json"])
        #expect(other.code == 1 && other.output.contains(#""code":"wrong-role""#), "\(other)")
        try run.folder.write(services, to: ".pg_service.conf")
        let seen = try pgfob(["exec", "svc", "--yes", "--", "env"]).output
        #expect(
            seen.contains("PGHOST=\(address)\n") && !seen.contains("PGSERVICE=") && !seen.contains("battery"))
        let open = try pgfob(["exec", "svc", "--yes", "--password-env", "--", "env"]).output
        #expect(open.contains("PGPASSWORD=correct horse battery staple\n") && !open.contains("PGPASSFILE"))
        for line in try pgfob(["history", "--json"]).output.split(separator: "\n")
        where !line.contains(#""kind":"test""#) {
            #expect(line.contains(#""user":"app_password""#) && !line.contains(#""host":"""#), "\(line)")
        }
        try run.folder.write("[other]\nhost=h\n", to: ".pg_service.conf")
        let gone = try pgfob(["exec", "svc", "--yes", "--", "true"])
        #expect(gone.code == 125 && gone.errors.contains("service of svc cannot be used"), "\(gone)")
    }

    // MARK: exec

    @Test func `exec gives the connection as variables and the guard with it`() throws {
        let refused = try pgfob(["exec", "orders-writer", "--", "psql", "-c", "select 1"])
        #expect(refused.code == 2 && refused.errors.contains("--yes"))
        let guarded = try pgfob(["exec", "orders-writer", "--yes", "--", "psql", "-XAtc", Self.probe])
        #expect(guarded.output == "on\n", "\(guarded.errors)")
        let shown = try pgfob(["exec", "orders-stg", "--", "env"]).output.split(separator: "\n").map(
            String.init)
        #expect(shown.contains("PGUSER=jane_doe") && shown.contains("PGAPPNAME=pgfob/orders-stg"))
        #expect(
            shown.contains("PGSSLMODE=verify-full")
                && shown.contains { $0.hasPrefix("PGPASSFILE=/proc/self/fd/") })
        #expect(!shown.contains { $0.contains("X-Amz-") || $0.hasPrefix("PGPASSWORD") })
        let open = try pgfob(["exec", "orders-stg", "--password-env", "--", "env"]).output
        #expect(open.contains("PGPASSWORD=orders.cluster-") && !open.contains("PGPASSFILE"))
        let dump = try pgfob(["exec", "orders-writer", "--yes", "--", "pg_dump", "-s", "-t", "orders"])
        #expect(dump.code == 0 && dump.output.contains("CREATE TABLE public.orders"), "\(dump.errors)")
    }

    @Test func `exec warns of a program that would refuse the way to the database`() throws {
        try FileManager.default.createSymbolicLink(
            atPath: run.folder.file("usql"), withDestinationPath: "/bin/true")
        let warned = try pgfob(["exec", "orders-stg", "--", run.folder.file("usql")])
        #expect(
            warned.code == 0
                && warned.errors.contains("usql is not built on libpq and may refuse PGHOSTADDR")
                && warned.errors.contains("`pgfob proxy orders-stg`"), "\(warned)")
        let quiet = try pgfob(["exec", "orders-stg", "--", "true"])
        #expect(quiet.errors.isEmpty, "\(quiet)")
    }

    @Test func `the server sees a name that it can show`() throws {
        #expect(try pgfob(["edit", "orders-stg", "--name", "注文 本番"]).code == 0)
        let sql = "select current_setting('application_name')"
        for words in [
            ["connect", "注文 本番", "--", "-XAtc", sql], ["exec", "注文 本番", "--", "psql", "-XAtc", sql],
        ] {
            #expect(try pgfob(words).output == "pgfob/orders\n")
        }
    }

    @Test func `exec ends as the program does`() throws {
        #expect(try pgfob(["exec", "orders-stg", "--", "sh", "-c", "exit 7"]).code == 7)
        #expect(try pgfob(["exec", "orders-stg", "--", "sh", "-c", "kill -TERM $$"]).code == 143)
        #expect(try pgfob(["exec", "orders-stg", "--", "no-such-program"]).code == 127)
        #expect(try pgfob(["exec", "orders-stg", "--", "/etc/passwd"]).code == 126)
        #expect(try pgfob(["exec", "nobody", "--", "true"]).code == 125)
        #expect(try pgfob(["exec", "orders-stg"]).code == 2)
    }
}

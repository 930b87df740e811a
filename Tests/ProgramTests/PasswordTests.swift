#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Profiles with a password, which is asked for and kept nowhere.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct PasswordTests {
    private let run: FleetRun
    private static let password = "correct horse battery staple"

    init() throws {
        run = try FleetRun()
        let address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
        for (name, database) in [("legacy", "orders"), ("legacy-too", "postgres")] {
            let added = try run.pgfob(
                "add", "--name", name, "--host", address, "--user", "app_password", "--database", database,
                "--auth",
                "password", "--sslmode", "require")
            #expect(added.code == 0, "\(added.errors)")
        }
    }

    /// A screen on which these profiles, and no others, are being tested by `T`.
    private func testing(_ names: [String]) throws -> PseudoTerminal {
        for name in names {
            #expect(try run.pgfob("edit", name, "--tag", "asked").code == 0)
        }
        let terminal = try run.home.screen([], columns: 120, rows: 40)
        try terminal.waitFor("profiles")
        try terminal.send("/")
        try terminal.waitUntil("the filter's line is open") { $0.row(with: " of ") != nil }
        try terminal.send("tag:asked")
        try terminal.waitUntil("they are shown") { $0.row(with: "\(names.count) of ") != nil }
        try terminal.press(.enter)
        try terminal.waitFor("filter: tag:asked")
        try terminal.send("T")
        return terminal
    }

    private func expectNoSecret(_ terminal: PseudoTerminal, _ secret: String = Self.password) throws {
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains(secret))
        for file in try FileManager.default.subpathsOfDirectory(atPath: run.folder.path) {
            let data = FileManager.default.contents(atPath: run.folder.file(file)) ?? Data()
            #expect(!String(decoding: data, as: UTF8.self).contains(secret), "\(file)")
        }
    }

    @Test func `run asks for it once for all profiles of a user and server`() throws {
        let terminal = try run.home.screen(
            [
                "run", "legacy", "legacy-too", "orders-stg", "-c",
                "select current_user || ' is in ' || current_database()",
            ],
            columns: 120, rows: 40)
        try terminal.waitFor("Password of app_password for legacy")
        try terminal.send("\(Self.password)\r")
        #expect(try terminal.ending() == .exited(0), "\(terminal.screen.text)")
        for words in ["app_password is in orders", "app_password is in postgres", "jane_doe is in orders"] {
            #expect(terminal.screen.contains(words), "\(terminal.screen.text)")
        }
        #expect(terminal.count(of: "Password of") == 1)
        try expectNoSecret(terminal)
    }

    @Test func `Backspace takes a whole letter back, and ^U all of them`() throws {
        let terminal = try run.home.screen(
            ["run", "legacy", "-c", "select 'it ' || 'is right'"], columns: 160)
        try terminal.waitFor("Password of app_password for legacy")
        try terminal.send("wrong\u{15}\(Self.password.dropLast(1))é\u{7f}\u{1}\(Self.password.suffix(1))\r")
        try terminal.waitFor("it is right")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a wrong one is refused, and ^D or ^C give none`() throws {
        let wrong = try run.home.screen(["run", "legacy", "-c", "select 1"], columns: 160)
        try wrong.waitFor("Password of app_password for legacy")
        try wrong.send(" wrong horse \r")
        try wrong.waitFor("password authentication failed for user \"app_password\"")
        #expect(try wrong.ending() == .exited(1))
        try expectNoSecret(wrong, "wrong horse")
        let none = try run.home.screen(["run", "legacy", "-c", "select 1"], columns: 160)
        try none.waitFor("Password of app_password for legacy")
        try none.press(.control("d"))
        try none.waitFor("no password supplied: none was given")
        #expect(try none.ending() == .exited(1))
    }

    @Test func `^C at the question cancels as at any other time, and is told of each profile`() throws {
        let file = run.folder.file("out")
        func interrupt(_ words: String) throws -> [JSONValue] {
            let terminal = try PseudoTerminal(
                "/bin/sh", ["-c", "exec '\(ProgramPath.pgfob)' \(words) > '\(file)'"],
                environment: run.environment, folder: run.folder.path, columns: 160)
            try terminal.waitFor("Password of app_password for legacy")
            try terminal.press(.control("c"))
            #expect(try terminal.ending() == .exited(130))
            #expect(terminal.count(of: "Password of") == 1, "\(terminal.screen.text)")
            return try #require(run.folder.read("out")).split(separator: "\n").map {
                try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
            }
        }
        let tested = try interrupt("test legacy legacy-too --jobs 1 --json")
        #expect(tested.map { $0["profile"]?.string } == ["legacy", "legacy-too"])
        for report in tested {
            #expect(
                report["outcome"]?.string == "cancelled" && report["cause"]?["code"]?.string == "cancelled")
            #expect(report["failed_stage"] == .null)
            #expect(report["stages"]?[6]?["outcome"]?.string == "skipped", "\(report)")
        }
        let ran = try interrupt("run legacy legacy-too --format json -c 'select 1'")
        #expect(ran.map { $0["outcome"]?.string } == ["cancelled", "cancelled"], "\(ran)")
        // The record of it is closed as well.
        let lines = try run.pgfob("history", "legacy").output
        #expect(lines.contains("  cancelled  ") && !lines.contains("  open  "), "\(lines)")
    }

    @Test func `test asks for it, and its time is not the person's`() throws {
        let terminal = try run.home.screen(["test", "legacy", "--timeout", "8"], columns: 120)
        try terminal.waitFor("Password of app_password for legacy")
        try terminal.send("\(Self.password)\r")
        try terminal.waitFor("8 session")
        #expect(try terminal.ending() == .exited(0), "\(terminal.screen.text)")
        try expectNoSecret(terminal)
    }

    @Test func `the way to the team's catalogue asks too`() throws {
        let terminal = try run.home.screen(["catalogue", "status", "--through", "legacy"], columns: 160)
        try terminal.waitFor("Password of app_password for legacy")
        try terminal.send("\(Self.password)\r")
        try terminal.waitFor("there is no catalogue in the database of legacy")
        #expect(try terminal.ending() == .exited(1))
        try expectNoSecret(terminal)
    }

    @Test func `without a terminal the way out is told, and a password file is one`() throws {
        let refused = try run.pgfob("run", "legacy", "-c", "select 1")
        #expect(
            refused.code == 1
                && refused.errors.contains(
                    "it is asked for on a terminal alone: keep it in ~/.pgpass, or name such a file by PGPASSFILE"
                ),
            "\(refused)")
        let tested = try run.pgfob("test", "legacy", "--json")
        #expect(tested.code == 1 && tested.output.contains(#""code":"no-password""#), "\(tested)")
        #expect(tested.output.contains("PGPASSFILE"), "\(tested)")
        let file = try run.folder.write("*:*:*:app_password:\(Self.password)\n", to: "pass", mode: 0o600)
        let more = ["PGPASSFILE": file]
        #expect(try run.home.pgfob(["run", "legacy", "-c", "select 1"], more: more).code == 0)
        #expect(try run.home.pgfob(["test", "legacy"], more: more).code == 0)
        try run.folder.write("*:*:*:app_password:\(Self.password)\n", to: ".pgpass", mode: 0o600)
        #expect(try run.pgfob("run", "legacy", "-c", "select 1").code == 0)
        #expect(try run.pgfob("test", "legacy").code == 0)
    }

    @Test func `connect without a terminal takes no SQL for a password`() throws {
        let sql = "\(Self.password)\nselect 'it ' || 'ran';\n"
        let refused = try run.home.pgfob(["connect", "legacy", "--verbose", "--", "-At"], input: sql)
        #expect(refused.code == 125 && refused.output.isEmpty, "\(refused)")
        #expect(
            refused.errors.hasPrefix(
                "pgfob: legacy wants a password, and there is no terminal to ask for it on: "),
            "\(refused.errors)")
        #expect(refused.errors.contains("pgfob: cause: no-password"), "\(refused.errors)")
        // What is wrong otherwise is psql's to tell, by its own code.
        #expect(try run.pgfob("edit", "legacy-too", "--port", "1").code == 0)
        let away = try run.home.pgfob(["connect", "legacy-too", "--", "-At"], input: sql)
        #expect(away.code == 2 && away.errors.contains("psql: error: "), "\(away)")
        try run.folder.write("*:*:*:app_password:\(Self.password)\n", to: ".pgpass", mode: 0o600)
        let known = try run.home.pgfob(
            ["connect", "legacy", "--", "-At"], input: "select 'it ' || 'ran';\n")
        #expect(known.code == 0 && known.output == "it ran\n", "\(known)")
    }

    @Test func `neither does one of PostgreSQL's programs by exec, and others are left to themselves`() throws
    {
        let sql = "\(Self.password)\nselect 'it ' || 'ran';\n"
        let refused = try run.home.pgfob(["exec", "legacy", "--", "psql", "-XAt"], input: sql)
        #expect(refused.code == 125 && refused.output.isEmpty, "\(refused)")
        #expect(
            refused.errors.hasPrefix(
                "pgfob: legacy wants a password, and there is no terminal to ask for it on: "),
            "\(refused.errors)")
        #expect(try run.pgfob("edit", "legacy-too", "--auth", "pgpass").code == 0)
        let dump = try run.home.pgfob(["exec", "legacy-too", "--", "pg_dump"], input: sql)
        #expect(dump.code == 125 && dump.errors.contains("keep it in ~/.pgpass"), "\(dump)")
        let other = try run.home.pgfob(["exec", "legacy", "--", "/bin/cat"], input: sql)
        #expect(other.code == 0 && other.output == sql, "\(other)")
    }

    @Test func `the file that PGPASSFILE names is psql's too, and that of exec's programs`() throws {
        let file = try run.folder.write("*:*:*:app_password:\(Self.password)\n", to: "pass", mode: 0o600)
        for words in [["connect", "legacy", "--"], ["exec", "legacy", "--", "psql"]] {
            let known = try run.home.pgfob(
                words + ["-XAt"], more: ["PGPASSFILE": file], input: "select 'it ' || 'ran';\n")
            #expect(known.code == 0 && known.output == "it ran\n", "\(known)")
        }
    }

    @Test func `inside another profile's session a password file is the user's own`() throws {
        #expect(try run.pgfob("edit", "legacy", "--auth", "pgpass").code == 0)
        let file = try run.folder.write("*:*:*:app_password:\(Self.password)\n", to: "pass", mode: 0o600)
        let outer = ["exec", "orders-stg", "--", ProgramPath.pgfob]
        for words in [
            ["connect", "legacy", "--", "-XAtc", "select 1"], ["run", "legacy", "-c", "select 1"],
            ["test", "legacy"], ["exec", "legacy", "--", "psql", "-XAtc", "select 1"],
        ] {
            let named = try run.home.pgfob(outer + words, more: ["PGPASSFILE": file])
            #expect(named.code == 0, "\(words) \(named)")
        }
        try run.folder.write("*:*:*:app_password:\(Self.password)\n", to: ".pgpass", mode: 0o600)
        let usual = try run.home.pgfob(
            ["exec", "orders-stg", "--password-env", "--", ProgramPath.pgfob, "test", "legacy"])
        #expect(usual.code == 0, "\(usual)")
        #expect(try run.home.pgfob(outer + ["run", "legacy", "-c", "select 1"]).code == 0)
    }

    @Test func `T asks once for all profiles of a user and server, and Esc leaves the next ones be`() throws {
        let address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
        let other = try run.pgfob(
            "add", "--name", "legacy-other", "--host", address, "--user", "app_password2", "--auth",
            "password",
            "--sslmode", "require")
        #expect(other.code == 0, "\(other.errors)")
        let terminal = try testing(["legacy", "legacy-too", "legacy-other"])
        for _ in 1...2 {
            try terminal.waitFor("asks for a password")
            if terminal.screen.contains("app_password2") {
                try terminal.press(.escape)
                try terminal.waitUntil("it is skipped") { !$0.contains("app_password2 ") }
            } else {
                try terminal.send(Self.password)
                try terminal.waitFor(String(repeating: "*", count: Self.password.count))
                try terminal.press(.enter)
                try terminal.waitUntil("it is taken") { !$0.contains("******") }
            }
        }
        try terminal.waitFor("tested 3: 2 ok, 1 failed; 1 wants a password, t asks for it")
        #expect(terminal.count(of: "asks for a password") == 2)
        try expectNoSecret(terminal)
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a question that comes up while psql has the terminal takes nothing of what is typed there`()
        throws
    {
        try run.folder.write(
            "while [ ! -e '\(run.folder.file("gate"))' ]; do sleep 0.05; done; exit 1\n", to: "tunnel.sh")
        let gated = try run.pgfob(
            "add", "--name", "gated", "--host", "h.example", "--auth", "none", "--tunnel",
            "command sh \(run.folder.file("tunnel.sh")) {port}")
        #expect(gated.code == 0, "\(gated.errors)")
        let terminal = try testing(["legacy", "gated"])
        try terminal.waitFor("testing 2: 1 done")
        try terminal.send("/")
        try terminal.waitUntil("the filter's line is open") { $0.row(with: "2 of ") != nil }
        try terminal.send("\u{15}orders-stg")
        try terminal.waitUntil("it is selected") { FleetRun.selected($0, "orders-stg") }
        try terminal.press(.enter)
        try terminal.waitFor("filter: orders-stg")
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.send("select pg_sleep(4);\r")
        try terminal.send("select 'typed ' || 'ahead';\r")
        try run.folder.write("", to: "gate")
        try terminal.waitFor("typed ahead")
        try terminal.send("\\q\r")
        try terminal.waitFor("legacy asks for a password")
        try terminal.press(.escape)
        try terminal.waitFor("1 wants a password, t asks for it")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `the screen asks by its dialog, once, and again for one that was wrong`() throws {
        let terminal = try run.home.screen([], columns: 120, rows: 40)
        try run.select("legacy-too", on: terminal)
        try terminal.send("t")
        try terminal.waitFor("legacy-too asks for a password")
        #expect(terminal.screen.contains("app_password"))
        // It waits where the password is wanted, not at what would come after it.
        try terminal.waitFor("7/8 auth")
        #expect(!terminal.screen.contains("8/8"))
        try terminal.send("wrong")
        try terminal.waitFor("*****")
        try terminal.press(.enter)
        try terminal.waitFor("wrong password, one that has ended")
        // What was wrong is not kept.
        try terminal.send("r")
        try terminal.waitFor("legacy-too asks for a password")
        try terminal.send(Self.password)
        try terminal.waitFor(String(repeating: "*", count: Self.password.count))
        try terminal.press(.enter)
        // Before its end Esc would cancel it.
        try terminal.waitFor("Test: legacy-too   ok")
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") { $0.row(with: "Test: legacy-too") == nil }
        try terminal.send(":")
        try terminal.waitFor("connect")
        try terminal.send("run select 'it ' || 'is asked once'")
        try terminal.press(.enter)
        try terminal.waitFor("it is asked once")
        #expect(terminal.count(of: "asks for a password") == 2)
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") { $0.row(with: "it is asked once") == nil }
        try expectNoSecret(terminal)
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

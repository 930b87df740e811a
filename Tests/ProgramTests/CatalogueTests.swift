#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// A team's catalogue in a real PostgreSQL that verifies tokens: Ann and Ben may change it, Carl may read it.
@Suite(
    .enabled(if: LocalFleet.running != nil, "Tests/run has PostgreSQL"), .serialized, .timeLimit(.minutes(10))
)
struct CatalogueTests {
    let server: PrivateServer
    let ann: ProgramHome
    let ben: ProgramHome
    let carl: ProgramHome

    init() throws {
        server = try PrivateServer()
        ann = try PrivateServerTests.home(server)
        ben = try PrivateServerTests.home(server)
        carl = try PrivateServerTests.home(server)
        #expect(try carl.pgfob("edit", "own", "--user", "iam_ro").code == 0)
        let made = try ann.pgfob(
            "catalogue", "init", "own", "--writer", "iam_dba", "--reader", "iam_ro")
        #expect(made.code == 0 && made.output.hasPrefix("made the catalogue"), "\(made.errors)")
        for home in [ben, carl] {
            let pulled = try home.pgfob("catalogue", "pull", "--through", "own")
            #expect(pulled.code == 0, "\(pulled.errors)")
        }
    }

    private static let host = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"

    /// Ann shares a profile, and the others have it.
    private func share() throws {
        let added = try ann.pgfob(
            "add", "--name", "orders", "--host", Self.host, "--user", "ann_u", "--tag", "pci", "--tag", "eu",
            "--notes", "Ann's own", "--pinned", "--aws-profile", "acme-dev", "--read-only",
            "--connect-timeout", "7", "--parameter", "options=-c x='y z'", "--dial", "127.0.0.9")
        #expect(added.code == 0, "\(added.errors)")
        let pushed = try ann.pgfob("catalogue", "push", "orders")
        #expect(pushed.code == 0 && pushed.output == "added 1\n", "\(pushed.errors)")
        for home in [ben, carl] {
            #expect(try home.pgfob("catalogue", "pull").output.hasSuffix("pulled 1 new\n"))
        }
    }

    private func profile(_ name: String, _ home: ProgramHome) throws -> JSONValue {
        // A filter's words match hosts too.
        let line = try home.pgfob("list", name, "--json").output.split(separator: "\n").first {
            $0.hasPrefix("{\"name\":\"\(name)\"")
        }
        return try JSONDecoder().decode(JSONValue.self, from: Data((line ?? "null").utf8))
    }

    /// Runs SQL as somebody who may, past pgfob.
    private func sql(_ text: String) throws -> String {
        let run = try ann.pgfob("run", "own", "-c", text, "--write", "--yes", "--format", "csv")
        #expect(run.code == 0, "\(run.errors)")
        return run.output
    }

    @Test func `what one shares the others have, without what is one's own`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        let (hers, his) = (try profile("orders", ann), try profile("orders", ben))
        for field in [
            "name", "host", "port", "database", "tags", "auth", "read_only", "connect_timeout", "parameters",
            "sslmode",
        ] {
            #expect(hers[field] == his[field], "\(field)")
        }
        #expect(his["user"]?.string == "iam_dba")
        #expect(his["notes"]?.string == "" && his["aws_profile"] == .null && his["dial"] == .null)
        #expect(his["pinned"] == .bool(false))
        let stored = try sql("SELECT * FROM pgfob.profiles; SELECT * FROM pgfob.history")
        for own in ["ann_u", "Ann's own", "acme-dev", "127.0.0.9"] { #expect(!stored.contains(own)) }
        // A second time there is nothing to do, and nothing of the own is sent.
        #expect(try ann.pgfob("edit", "orders", "--notes", "new", "--user", "ann_v").code == 0)
        #expect(try ann.pgfob("catalogue", "push").output == "nothing to send\n")
        #expect(try ben.pgfob("catalogue", "pull").output == "pulled nothing new\n")
        let again = try ann.pgfob("catalogue", "init", "own")
        #expect(again.code == 0 && again.output.hasPrefix("the catalogue is there, with 1 profiles"))
    }

    @Test func `different fields come together, and one field is kept twice until somebody decides`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        #expect(try ann.pgfob("edit", "orders", "--port", "6000", "--group", "payments").code == 0)
        #expect(try ann.pgfob("catalogue", "push").output == "changed 1\n")
        #expect(try ben.pgfob("edit", "orders", "--port", "7000", "--database", "orders").code == 0)
        // What is to come is seen before it has come.
        let before = try ben.pgfob("catalogue", "status")
        #expect(before.code == 1 && before.output.contains("port: here 7000, there 6000, was 5432"))
        #expect(before.output.contains("database: postgres -> orders"), "\(before.output)")
        let dry = try ben.pgfob("catalogue", "pull", "--dry-run")
        #expect(dry.code == 1 && dry.errors.contains("port: here 7000, there 6000"), "\(dry.errors)")
        #expect(try profile("orders", ben)["group"] == .null)
        let pulled = try ben.pgfob("catalogue", "pull")
        #expect(pulled.code == 1, "\(pulled.output)")
        #expect(pulled.errors.contains("orders: port: here 7000, there 6000, was 5432"), "\(pulled.errors)")
        var his = try profile("orders", ben)
        #expect(his["port"]?.int == 7000 && his["group"]?.string == "payments")
        // Nothing of it goes out while it is open.
        let held = try ben.pgfob("catalogue", "push")
        #expect(held.code == 1 && held.output == "nothing to send\n")
        let status = try ben.pgfob("catalogue", "status", "--json")
        #expect(status.code == 1 && status.errors.hasPrefix("pgfob: 1 profile is in conflict: "))
        #expect(try ben.pgfob("catalogue", "pull", "--json").errors.hasPrefix("pgfob: 1 profile is in"))
        #expect(before.errors.hasPrefix("pgfob: 1 profile is in conflict: "), "\(before.errors)")
        let shapes = WrittenShapes(try ben.pgfob("help", "json").output)
        ShapeTests.expect(shapes, status.output, "catalogue")
        ShapeTests.expect(shapes, try ben.pgfob("catalogue", "pull", "--json").output, "catalogue")
        ShapeTests.expect(shapes, try ben.pgfob("catalogue", "push", "--json").output, "catalogue")
        ShapeTests.expect(shapes, try ben.pgfob("catalogue", "init", "own", "--json").output, "catalogue")
        #expect(
            status.output.contains(
                #""fields":[{"field":"port","was":"5432","here":"7000","there":"6000"}],"by":"iam_dba""#),
            "\(status.output)")
        #expect(try ben.pgfob("catalogue", "pull", "--mine", "order").errors.contains("did you mean"))
        let decided = try ben.pgfob("catalogue", "pull", "--theirs", "orders")
        #expect(decided.code == 0, "\(decided.errors)")
        his = try profile("orders", ben)
        #expect(his["port"]?.int == 6000 && his["database"]?.string == "orders")
        #expect(try ben.pgfob("catalogue", "push").output == "changed 1\n")
        #expect(try ann.pgfob("catalogue", "pull").code == 0)
        #expect(try profile("orders", ann)["database"]?.string == "orders")
        #expect(try profile("orders", ann)["notes"]?.string == "Ann's own")
        #expect(
            try sql(
                "SELECT port FROM (SELECT version, profile->>'port' AS port FROM pgfob.history) AS h ORDER BY version"
            ).contains("6000"))
    }

    @Test func `on a terminal each field is asked about`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        #expect(try ann.pgfob("edit", "orders", "--port", "6000", "--group", "a").code == 0)
        #expect(try ann.pgfob("catalogue", "push").code == 0)
        #expect(try ben.pgfob("edit", "orders", "--port", "7000", "--group", "b").code == 0)
        let terminal = try ben.screen(["catalogue", "pull"], columns: 120)
        try terminal.waitFor("port: here 7000, there 6000, was 5432, by iam_dba")
        try terminal.waitFor("[m]ine, [t]heirs or [l]ater?")
        try terminal.send("m\r")
        try terminal.waitFor("group: here b, there a")
        try terminal.waitUntil("it asks again") { screen in
            screen.lines.count { $0.contains("[m]ine, [t]heirs or [l]ater?") } == 2
        }
        try terminal.send("t\r")
        #expect(try terminal.ending() == .exited(0))
        let his = try profile("orders", ben)
        #expect(his["port"]?.int == 7000 && his["group"]?.string == "a")
        #expect(try ben.pgfob("catalogue", "push").output == "changed 1\n")
    }

    @Test func `what one deletes goes elsewhere too, unless it was changed there`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        #expect(try ann.pgfob("remove", "orders").code == 0)
        let kept = try ann.pgfob("catalogue", "push")
        #expect(kept.output == "nothing to send\n" && kept.errors.contains("--deleted"))
        #expect(try ann.pgfob("catalogue", "push", "--deleted").output == "deleted 1\n")
        #expect(try ben.pgfob("edit", "orders", "--port", "7001").code == 0)
        let pulled = try ben.pgfob("catalogue", "pull")
        #expect(pulled.code == 1 && pulled.errors.contains("changed here, deleted there by iam_dba"))
        #expect(try carl.pgfob("catalogue", "pull").output.hasSuffix("pulled 1 gone\n"))
        #expect(try carl.pgfob("trash", "list").output.contains("orders"))
        // Ben brings it back, for Ann with what was her own.
        #expect(try ben.pgfob("catalogue", "pull", "--mine").code == 0)
        #expect(try ben.pgfob("catalogue", "push").output == "changed 1\n")
        #expect(try ann.pgfob("catalogue", "pull").code == 0)
        let hers = try profile("orders", ann)
        #expect(hers["port"]?.int == 7001 && hers["user"]?.string == "ann_u" && hers["pinned"] == .bool(true))
        // Deleted here and changed there is for people, too.
        #expect(try ann.pgfob("remove", "orders").code == 0)
        #expect(try ben.pgfob("edit", "orders", "--port", "7002").code == 0)
        #expect(try ben.pgfob("catalogue", "push").code == 0)
        #expect(try ann.pgfob("catalogue", "pull").errors.contains("deleted here, changed there"))
        #expect(try ann.pgfob("catalogue", "push", "--deleted").code == 1)
        #expect(try ann.pgfob("catalogue", "pull", "--theirs").code == 0)
        #expect(try profile("orders", ann)["port"]?.int == 7002)
        // Past pgfob, a row that is deleted is told of, and not gone.
        _ = try sql("DELETE FROM pgfob.profiles")
        #expect(try ben.pgfob("catalogue", "pull").output.hasSuffix("pulled 1 gone\n"))
    }

    @Test func `whom the grants let read only changes nothing, and is told so`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        let status = try carl.pgfob("catalogue", "status")
        #expect(status.code == 0 && status.output.contains("read-only for iam_ro"), "\(status.errors)")
        #expect(try carl.pgfob("edit", "orders", "--port", "7000").code == 0)
        let pushed = try carl.pgfob("catalogue", "push")
        #expect(pushed.code == 1 && pushed.output.isEmpty)
        #expect(pushed.errors.contains("the catalogue is read-only for iam_ro"), "\(pushed.errors)")
        // The database itself says no, and the counters are nobody's to write.
        let forced = try carl.pgfob(
            "run", "own", "-c", "UPDATE pgfob.profiles SET port = 1", "--write", "--yes")
        #expect(forced.code == 1 && (forced.errors + forced.output).contains("permission denied"))
        _ = try sql("UPDATE pgfob.profiles SET version = 99, revision = 1, changed_by = 'carl'")
        #expect(try sql("SELECT version, changed_by FROM pgfob.profiles").contains("2,iam_dba"))
        let stranger = try PrivateServerTests.home(server)
        #expect(
            try stranger.pgfob("edit", "own", "--user", "app_orders", "--aws-profile", "acme-dev").code == 0)
        let refused = try stranger.pgfob("catalogue", "pull", "--through", "own")
        #expect(refused.code == 1 && refused.errors.contains("grants do not allow it"), "\(refused.errors)")
        #expect(try stranger.pgfob("list", "--json").output.split(separator: "\n").count == 1)
    }

    @Test func `a bad row keeps itself out alone, and sslmode is never lowered`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        _ = try sql("UPDATE pgfob.profiles SET sslmode = 'require', port = 6001")
        _ = try sql(
            """
            INSERT INTO pgfob.profiles (id, name, host, sslmode, region, parameters) VALUES
            (gen_random_uuid(), 'low', '\(Self.host)', 'require', NULL, ''),
            (gen_random_uuid(), 'bad', '\(Self.host)', 'verify-full', 'no region', ''),
            (gen_random_uuid(), E'esc\\x1b[2J', '\(Self.host)', 'verify-full', NULL, ''),
            (gen_random_uuid(), 'pw', '\(Self.host)', 'verify-full', NULL, 'password=hunter2'),
            (gen_random_uuid(), 'own', '-oProxyCommand=x', 'verify-full', NULL, '')
            """)
        let pulled = try ben.pgfob("catalogue", "pull")
        #expect(pulled.code == 1, "\(pulled.output)")
        #expect(pulled.errors.contains("left out: bad: region"), "\(pulled.errors)")
        #expect(!pulled.errors.contains("\u{1b}") && !pulled.output.contains("\u{1b}"))
        #expect(!(pulled.errors + pulled.output).contains("hunter2"))
        #expect(pulled.output.contains("sslmode stays verify-full"))
        let all = try ben.pgfob("list", "--json").output
        #expect(!all.contains("hunter2") && !all.contains("-oProxyCommand") && !all.contains("require"))
        #expect(try profile("low", ben)["sslmode"]?.string == "verify-full")
        #expect(try profile("orders", ben)["port"]?.int == 6001)
        // What is kept here is no change to be sent.
        #expect(try ben.pgfob("catalogue", "push").output == "nothing to send\n")
        _ = try sql("UPDATE pgfob.profiles SET region = 'eu-west-1' WHERE name = 'bad'")
        #expect(try ben.pgfob("catalogue", "pull").output.contains("new  bad"))
    }

    @Test func `without its server all is there, and what was changed meanwhile goes later`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        let address = try #require(try profile("own", ben)["dial"]?.string)
        #expect(try ben.pgfob("edit", "own", "--dial", "127.0.0.1:1").code == 0)
        #expect(try ben.pgfob("edit", "orders", "--port", "7003").code == 0)
        let status = try ben.pgfob("catalogue", "status")
        #expect(status.code == 1 && status.output.contains("port: 5432 -> 7003"), "\(status.output)")
        #expect(status.errors.contains("the catalogue cannot be reached through own"))
        #expect(try ben.pgfob("catalogue", "status", "--offline").code == 0)
        #expect(try ben.pgfob("catalogue", "push").code == 1)
        #expect(try ben.pgfob("edit", "own", "--dial", address).code == 0)
        #expect(try ben.pgfob("catalogue", "push").output == "changed 1\n")
    }

    @Test func `an open screen shows what others change, over one connection`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        let terminal = try ben.screen()
        try terminal.waitFor("orders")
        let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgfob catalogue'"
        try terminal.waitUntilTrue("it listens") { (try? sql(count).contains("1")) == true }
        #expect(try ann.pgfob("add", "--name", "fresh", "--host", Self.host, "--user", "u").code == 0)
        #expect(try ann.pgfob("catalogue", "push", "fresh").code == 0)
        try terminal.waitFor("fresh")
        try terminal.waitFor("catalogue: 1 new")
        #expect(try ann.pgfob("edit", "fresh", "--name", "renamed").code == 0)
        #expect(try ann.pgfob("catalogue", "push").code == 0)
        try terminal.waitFor("renamed")
        #expect(try sql(count).contains("1"))
        // A server that ends the session is found again.
        _ = try sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgfob catalogue'"
        )
        #expect(try ann.pgfob("edit", "renamed", "--name", "later").code == 0)
        #expect(try ann.pgfob("catalogue", "push").code == 0)
        try terminal.waitFor("later", seconds: 60)
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `on the screen the palette shows conflicts field by field and decides them`() throws {
        defer { withExtendedLifetime(server) {} }
        try share()
        let terminal = try ben.screen(columns: 100, rows: 30)
        try terminal.waitFor("orders")
        #expect(try ben.pgfob("edit", "orders", "--port", "7000").code == 0)
        #expect(try ann.pgfob("edit", "orders", "--port", "6000").code == 0)
        #expect(try ann.pgfob("catalogue", "push").code == 0)
        try terminal.waitFor("1 in conflict")
        try terminal.send("/orders")
        try terminal.waitUntil("it is selected") { FleetRun.selected($0, "orders") }
        try terminal.press(.enter)
        try command("catalogue", on: terminal)
        try terminal.waitFor("port: here 7000, there 6000, was 5432")
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") { !$0.contains("here 7000") }
        try command("catalogue theirs", on: terminal)
        try terminal.waitFor("theirs was taken: u takes it back")
        #expect(try profile("orders", ben)["port"]?.int == 6000)
        try terminal.send("u")
        try terminal.waitFor("took back: orders: theirs was taken")
        #expect(try profile("orders", ben)["port"]?.int == 7000)
        try terminal.press(.control("r"))
        try terminal.waitUntil("it is made again") { !$0.contains("took back") }
        try terminal.send("q")
        _ = try terminal.ending()
        #expect(try profile("orders", ben)["port"]?.int == 6000)
        #expect(try ben.pgfob("catalogue", "status").code == 0)
    }

    private func command(_ words: String, on terminal: PseudoTerminal) throws {
        try terminal.send(":")
        try terminal.waitFor("Command")
        try terminal.send(words)
        try terminal.waitFor(words)
        try terminal.press(.enter)
    }

    @Test func `who push at once lose nothing of one another`() throws {
        defer { withExtendedLifetime(server) {} }
        for (home, letter) in [(ann, "a"), (ben, "b")] {
            let profiles = (1...300).map {
                #"{"name":"\#(letter)\#($0)","host":"\#(letter)\#($0).example","user":"u","auth":"none"}"#
            }
            let run = try home.pgfob(["import", "-"], input: profiles.joined(separator: "\n"))
            #expect(run.code == 0, "\(run.errors)")
        }
        let pushes = try [(ann, "a"), (ben, "b")].map { home, letter in
            try ChildProgram(
                ProgramPath.pgfob, ["catalogue", "push"] + (1...300).map { "\(letter)\($0)" },
                environment: home.environment, input: "")
        }
        for push in pushes { #expect(try push.end(within: 120) == .exited(0), "\(push.errors)") }
        for home in [ann, ben] { #expect(try home.pgfob("catalogue", "pull").code == 0) }
        let lists = try [ann, ben].map {
            try Set(
                $0.pgfob("export", "--format", "csv").output.split(separator: "\n").map {
                    $0.prefix { $0 != "," }
                })
        }
        #expect(lists[0] == lists[1] && lists[0].count == 602)  // and the heading
        #expect(try sql("SELECT count(*), count(DISTINCT revision) FROM pgfob.profiles").contains("600,600"))
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// The command line as design/cli.md fixes it: what goes to stdout, how it ends, one line of complaint.
struct CommandLineTests {
    static let endpoint = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"
    let home: ProgramHome

    init() throws {
        home = try ProgramHome([
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ])
    }

    private func profiles(_ arguments: String...) throws -> [JSONValue] {
        let run = try home.pgfob(arguments + ["--json"])
        #expect(run.code == 0, "\(run.errors)")
        return try run.output.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
    }

    private func add(_ name: String, _ more: String...) throws {
        let run = try home.pgfob(["add", "--name", name, "--host", Self.endpoint, "--user", "jo"] + more)
        #expect(
            run.code == 0
                && run.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("pgfob: warning: ") },
            "\(run.errors)")
    }

    @Test func `add saves every field that it is given, and list shows them`() throws {
        try add(
            "orders", "--port", "5433", "--database", "app", "--auth", "iam", "--aws-profile", "acme",
            "--region", "eu-west-2", "--env", "prod", "--group", "payments", "--tag", "pci", "--tag", "eu",
            "--notes", "two words", "--pinned", "--sslmode", "verify-ca", "--sslrootcert", "/ca.pem",
            "--dial", "127.0.0.1:15432", "--signing-host", "h.example:5432", "--no-read-only",
            "--confirm", "name", "--connect-timeout", "7", "--application-name", "app",
            "--parameter", "keepalives=1", "--parameter", "options=-c geqo=off")
        let profile = try #require(try profiles("list").first)
        let texts = [
            "name": "orders", "host": Self.endpoint, "database": "app", "auth": "iam", "user": "jo",
            "aws_profile": "acme", "region": "eu-west-2", "environment": "prod", "group": "payments",
            "notes": "two words", "sslmode": "verify-ca", "sslrootcert": "/ca.pem",
            "dial": "127.0.0.1:15432", "signing_host": "h.example:5432", "confirm": "name",
            "application_name": "app",
        ]
        for (name, text) in texts { #expect(profile[name]?.string == text, "\(name)") }
        #expect(profile["port"]?.int == 5433 && profile["connect_timeout"]?.int == 7)
        #expect(profile["pinned"]?.bool == true && profile["read_only"]?.bool == false)
        #expect(profile["tags"]?.array?.compactMap(\.string) == ["pci", "eu"])
        let parameters = ["keepalives": JSONValue.string("1"), "options": .string("-c geqo=off")]
        #expect(profile["parameters"]?.object == parameters)
        #expect(profile["last_test"] == .null && profile["times_used"]?.int == 0)
        #expect(profile["id"]?.string?.count == 36 && profile["created_at"]?.string?.hasSuffix("Z") == true)
        #expect(home.folder.mode(of: home.store) == 0o600)
        #expect(home.folder.mode(of: ".local/share/pgfob") == 0o700)
    }

    @Test(arguments: [
        "postgresql://me:hunter2@\(endpoint):5433/app",
        "psql \"host=\(endpoint) port=5433 dbname=app user=me password=hunter2\"",
        "PGPASSWORD=hunter2 psql -h \(endpoint) -p 5433 -U me app",
    ])
    func `add takes what was pasted and drops its password`(pasted: String) throws {
        let run = try home.pgfob(["add", pasted])
        #expect(run.code == 0 && run.errors.contains("password dropped"), "\(run.errors)")
        let profile = try #require(try profiles("list").first)
        #expect(profile["name"]?.string == "orders-writer" && profile["port"]?.int == 5433)
        #expect(profile["database"]?.string == "app" && profile["user"]?.string == "me")
        let store = try #require(home.folder.read(home.store))
        let journal = home.folder.read(home.store + "-wal") ?? ""
        #expect(!(run.output + run.errors + store + journal).contains("hunter2"))
        #expect(profile["auth"]?.string == "iam")
        #expect(run.errors.contains("pgfob: warning: auth is iam, as the host is of AWS: a token stands in"))
    }

    @Test func `what a dropped password means for the login is said unless the login was`() throws {
        let elsewhere = try home.pgfob("add", "postgresql://me:hunter2@h.example/app")
        #expect(elsewhere.errors.contains("auth is password: it is asked for where"), "\(elsewhere)")
        for (name, auth) in [("a", "password"), ("b", "iam")] {
            let said = try home.pgfob(
                "add", "--name", name, "--auth", auth, "postgresql://me:hunter2@\(Self.endpoint)/app")
            #expect(said.code == 0 && said.errors.contains("password dropped"), "\(said)")
            #expect(!said.errors.contains("auth is"), "\(said)")
        }
        let without = try home.pgfob("add", "--name", "c", "postgresql://me@\(Self.endpoint)/app")
        #expect(without.code == 0 && without.errors.isEmpty, "\(without)")
    }

    @Test(arguments: [
        ("orders-prod.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com:5432", "as the endpoint's name says"),
        ("postgresql://jo@orders-prod.example.com/app", "as the endpoint's name says"),
        ("psql 'host=orders-prod.example.com user=jo dbname=app'", "as the endpoint's name says"),
        (endpoint.replacing("cluster-", with: "cluster-ro-"), "as of orders there"),
    ])
    func
        `what is pasted to add is production where its endpoint tells so, as in the form, unless --env says otherwise`(
            pasted: String, why: String
        ) throws
    {
        try add("orders", "--env", "prod")
        func environment(_ name: String) throws -> JSONValue? {
            try profiles("list").first { $0["name"]?.string == name }?["environment"]
        }
        let run = try home.pgfob("add", "--name", "told", pasted)
        #expect(
            run.code == 0 && run.errors.contains("pgfob: warning: env is prod, \(why); --env says otherwise"),
            "\(run)")
        #expect(try environment("told")?.string == "prod")
        // It is asked about.
        let opened = try home.pgfob("connect", "told")
        #expect(opened.code == 2 && opened.errors.contains("--yes"), "\(opened)")
        for (word, name) in [("dev", "said"), ("", "none")] {
            let said = try home.pgfob("add", "--name", name, "--env", word, pasted)
            #expect(said.code == 0 && !said.errors.contains("env is"), "\(said)")
            #expect(try environment(name)?.string == (word.isEmpty ? nil : word))
        }
    }

    @Test func `a rule of the settings goes before what an endpoint's name says`() throws {
        try home.folder.write(
            "[[environment_rules]]\nenvironment = \"gold\"\nhost = \"^orders\"\n", to: "config.toml")
        let run = try home.pgfob(
            "--config", home.folder.file("config.toml"), "add", "--name", "told", "orders-prod.example.com")
        #expect(
            run.code == 0 && run.errors.contains("env is left open: a rule of the settings makes it gold"),
            "\(run)")
        #expect(try profiles("list").first?["environment"] == .null)
    }

    @Test func `edit changes only what it is given, and an empty value clears`() throws {
        try add("orders", "--group", "payments", "--tag", "a", "--tag", "b", "--region", "eu-west-2")
        let run = try home.pgfob(
            "edit", "ORDERS", "--name", "Orders 2", "--tag", "c", "--untag", "a", "--group", "", "--region",
            "")
        #expect(run.code == 0, "\(run.errors)")
        let profile = try #require(try profiles("list").first)
        #expect(profile["name"]?.string == "Orders 2" && profile["user"]?.string == "jo")
        #expect(profile["group"] == .null && profile["region"] == .null)
        #expect(profile["tags"]?.array?.compactMap(\.string) == ["b", "c"])
    }

    @Test func `remove, trash and duplicate lose nothing`() throws {
        try add("orders", "--tag", "pci")
        #expect(try home.pgfob("duplicate", "orders", "copy").code == 0)
        #expect(try home.pgfob("remove", "orders", "nobody").code == 1)
        #expect(try profiles("list").count == 2)
        #expect(try home.pgfob("remove", "orders").code == 0)
        #expect(try home.pgfob("trash").output.contains("orders"))
        #expect(try home.pgfob("trash", "restore", "orders").code == 0)
        let all = try profiles("list", "tag:pci")
        #expect(all.compactMap { $0["name"]?.string } == ["copy", "orders"])
    }

    @Test func `the history of a removed profile is listed by its name`() throws {
        let words = ["add", "--name", "gone", "--host", "127.0.0.1", "--port", "1", "--auth", "none"]
        #expect(try home.pgfob(words).code == 0)
        #expect(try home.pgfob("test", "gone").code != 0)
        #expect(try home.pgfob("remove", "gone").code == 0)
        let listed = try home.pgfob("history", "Gone")
        #expect(listed.code == 0 && listed.output.contains("  gone  test  failed"), "\(listed)")
        #expect(try profiles("history", "gone").map { $0["profile"]?.string } == ["gone"])
        let unknown = try home.pgfob("history", "nosuch")
        #expect(unknown.code == 1 && unknown.errors.contains("no profile is named \"nosuch\""))
        // Another one that has the name now has its own.
        #expect(try home.pgfob(words).code == 0)
        let other = try home.pgfob("history", "gone")
        #expect(other.code == 0 && other.output.isEmpty, "\(other)")
    }

    @Test func `an entry keeps the name that its profile had, and is found by it`() throws {
        let words = ["--host", "127.0.0.1", "--port", "1", "--auth", "none"]
        #expect(try home.pgfob(["add", "--name", "Before"] + words).code == 0)
        #expect(try home.pgfob("test", "Before").code != 0)
        #expect(try home.pgfob("edit", "Before", "--name", "after").code == 0)
        #expect(try profiles("history", "before").map { $0["profile"]?.string } == ["after"])
        // By another program's hand, or another version's.
        let removed = try ProgramRun(
            "/usr/bin/env",
            [
                Python.program, "-c",
                "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('DELETE FROM profiles'); d.commit()",
                home.folder.file(home.store),
            ], environment: Python.environment)
        #expect(removed.code == 0, "\(removed.errors)")
        #expect(try profiles("history").map { $0["profile"]?.string } == ["Before"])
        #expect(try home.pgfob("history", "BEFORE").output.contains("  Before  test  failed"))
        #expect(try home.pgfob("history", "after").code == 1)
    }

    @Test func `a tunnel's name that the settings do not have is saved, and the nearest is told`() throws {
        try home.folder.write("[tunnels]\njump-eu = \"ssh bastion\"\n", to: ".config/pgfob/config.toml")
        try add("orders", "--tunnel", "jump-eu")
        let edited = try home.pgfob("edit", "orders", "--tunnel", "jmup-eu")
        #expect(edited.code == 0 && edited.output == "changed orders\n")
        #expect(
            edited.errors
                == "pgfob: warning: tunnel \"jmup-eu\" is not under [tunnels] in config.toml: did you mean \"jump-eu\"?\n"
        )
        #expect(try profiles("list").first?["tunnel"]?.string == "jmup-eu")
        // Told once: what is edited besides has nothing to do with it.
        #expect(try home.pgfob("edit", "orders", "--notes", "n").errors == "")
        #expect(try home.pgfob("edit", "orders", "--tunnel", "ssh bastion").errors == "")
        let added = try home.pgfob(
            "add", "--name", "two", "--host", Self.endpoint, "--user", "jo", "--tunnel", "elsewhere")
        #expect(added.code == 0 && added.errors.contains("write elsewhere = \"ssh HOST\" there"), "\(added)")
    }

    @Test func `list filters by terms, and words match as substrings`() throws {
        try add("orders", "--env", "prod", "--tag", "pci")
        try add("billing", "--env", "stage")
        for (filter, names) in [
            ("env:prod", ["orders"]), ("tag:pci", ["orders"]), ("region:eu", ["billing", "orders"]),
            ("bill", ["billing"]), ("blg", []), ("!stale", ["billing", "orders"]), ("!env:prod", ["billing"]),
        ] {
            #expect(try profiles("list", filter).compactMap { $0["name"]?.string } == names, "\(filter)")
        }
    }

    @Test func `conninfo has the documented order and never a secret`() throws {
        try add("orders", "--dial", "10.1.2.3:6432", "--sslrootcert", "/ca.pem", "--connect-timeout", "5")
        let keyword = "host=\(Self.endpoint) port=6432 sslmode=verify-full sslrootcert=/ca.pem "
        let rest = "dbname=postgres user=jo hostaddr=10.1.2.3 connect_timeout=5"
        #expect(try home.pgfob("conninfo", "orders").output == keyword + rest + "\n")
        #expect(
            try home.pgfob("conninfo", "orders", "--format", "psql").output == "psql \"\(keyword)\(rest)\"\n")
        let uri = try home.pgfob("conninfo", "orders", "--format", "uri").output
        #expect(uri.hasPrefix("postgresql://jo@\(Self.endpoint):6432/postgres?sslmode=verify-full"))
    }

    @Test func `a token by name and ad hoc is the same token`() throws {
        try add("orders")
        let at = ["--at", "20261124T140358Z"]
        let named = try home.pgfob(["token", "orders"] + at)
        let adHoc = try home.pgfob(["token", "--host", Self.endpoint, "--user", "jo"] + at)
        #expect(named.code == 0 && named.errors.isEmpty && named.output == adHoc.output)
        #expect(named.output.hasPrefix("\(Self.endpoint):5432/?Action=connect&DBUser=jo&"))
        #expect(named.output.contains("X-Amz-Date=20261124T140358Z&X-Amz-Expires=900"))
        #expect(named.output.filter { $0 == "\n" }.count == 1)
    }

    @Test(arguments: [
        ("pgpass", "by password file"), ("password", "by password"), ("none", "without a password"),
    ])
    func `a profile that logs in otherwise has no token, whatever AWS says`(auth: String, manner: String)
        throws
    {
        try add("legacy", "--auth", auth)
        let refused = try home.pgfob(
            "token", "legacy", more: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""])
        #expect(refused.code == 1 && refused.output.isEmpty)
        #expect(refused.errors.hasPrefix("pgfob: legacy logs in \(manner) and has no token: "), "\(refused)")
    }

    @Test func `ad hoc signing warns where the host cannot be right`() throws {
        let odd = try home.pgfob("token", "--host", "db.internal", "--user", "jo", "--region", "eu-west-1")
        #expect(odd.code == 0 && odd.errors.contains("warning: db.internal is not an RDS or DSQL endpoint"))
        let other = try home.pgfob("token", "--host", Self.endpoint, "--user", "jo", "--region", "us-east-1")
        #expect(other.code == 0 && other.errors.contains("lies in eu-west-1"))
        let dotted = try home.pgfob("token", "--host", "\(Self.endpoint).", "--user", "jo")
        #expect(dotted.code == 0 && dotted.errors.contains("ends with a dot"), "\(dotted)")
        let dsql = try home.pgfob("token", "--host", "abc.dsql.us-east-1.on.aws", "--user", "admin")
        #expect(dsql.output.hasPrefix("abc.dsql.us-east-1.on.aws/?Action=DbConnectAdmin&"))
    }

    @Test func `env prints lines that a shell evaluates to the same values`() throws {
        let bundle = try home.folder.write("", to: "it's a bundle.pem")
        try add("orders", "--sslrootcert", bundle, "--database", "a b")
        let run = try home.pgfob("env", "orders")
        #expect(run.code == 0, "\(run.errors)")
        let script =
            run.output + "printf '%s|' \"$RDSHOST\" \"$PGHOST\" \"$PGPORT\" \"$PGUSER\" "
            + "\"$PGDATABASE\" \"$PGSSLMODE\" \"$PGSSLROOTCERT\"; echo \"${PGPASSWORD%%&*}\""
        let shell = try ProgramRun("/bin/sh", ["-c", script], environment: [:])
        let start = "\(Self.endpoint):5432/?Action=connect"
        #expect(
            shell.output
                == "\(Self.endpoint)|\(Self.endpoint)|5432|jo|a b|verify-full|\(bundle)|\(start)\n")
        #expect(run.output.split(separator: "\n").allSatisfy { $0.hasPrefix("export ") })
        // What that shell has from another profile goes.
        let left = try home.pgfob("env", "orders", more: ["PGHOSTADDR": "127.0.0.1", "PGSERVICE": "old"])
        #expect(left.output.hasPrefix("unset PGSERVICE PGHOSTADDR\nexport RDSHOST="), "\(left.output)")
    }

    @Test(arguments: [["token", "orders"], ["env", "orders"]])
    func `a secret is refused to a terminal unless asked for`(arguments: [String]) throws {
        try add("orders", "--sslrootcert", try home.folder.write("", to: "ca.pem"))
        let refused = try home.screen(arguments, columns: 200)
        #expect(try refused.ending() == .exited(2))
        #expect(refused.screen.contains("add --show") && !refused.screen.contains("X-Amz"))
        let shown = try home.screen(arguments + ["--show"], columns: 200)
        #expect(try shown.ending() == .exited(0))
        #expect(shown.screen.contains("X-Amz-Date"))
    }

    @Test func `export then import gives the same profiles, in one transaction`() throws {
        try add("orders", "--env", "prod", "--tag", "pci", "--parameter", "options=-c geqo=off")
        try add("会計 \u{1F4B0}", "--notes", "two\nlines")
        let exported = try home.pgfob("export")
        let other = try ProgramHome()
        #expect(try other.pgfob(["import", "-"], input: exported.output).code == 0)
        #expect(try other.pgfob("export").output == exported.output)
        // Names that exist are left alone and told.
        let again = try other.pgfob(["import", "-"], input: exported.output)
        #expect(again.code == 0 && again.errors.contains("exists"))
        #expect(try other.pgfob("export").output == exported.output)
        let array = try ProgramHome()
        let objects = exported.output.split(separator: "\n").joined(separator: ",")
        #expect(try array.pgfob(["import", "-", "--format", "json"], input: "[\(objects)]").code == 0)
        #expect(try array.pgfob("export").output == exported.output)
    }

    @Test func `the store and the settings are where the options, then the variables say`() throws {
        let (one, two) = (home.folder.file("one.db"), home.folder.file("two.db"))
        let variable = ["PGFOB_STORE": two]
        #expect(
            try home.pgfob(["--store", one, "add", Self.endpoint, "--user", "jo"], more: variable).code == 0)
        #expect(try home.pgfob(["list", "--store", one, "--json"], more: variable).output.contains("orders"))
        #expect(try home.pgfob(["list", "--json"], more: variable).output.isEmpty)
        #expect(home.folder.mode(of: "one.db") == 0o600)
    }

    @Test func `what stands behind -- reaches psql alone`() throws {
        let fake = try home.folder.write("#!/bin/sh\nprintf '<%s>' \"$@\"\n", to: "psql", mode: 0o700)
        try home.folder.write("psql = \"\(fake)\"\n", to: ".config/pgfob/config.toml")
        try add("orders", "--sslrootcert", try home.folder.write("", to: "ca.pem"))
        let run = try home.pgfob("connect", "orders", "--", "--store=x", "-c", "select 1")
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("<--no-password><--dbname=host=\(Self.endpoint) "))
        #expect(run.output.hasSuffix("><--store=x><-c><select 1>"), "\(run.output)")
        #expect(!run.output.contains("X-Amz"))
        for words in [["-d", "other"], ["other"], ["-c", "select 1", "--", "other"]] {
            let refused = try home.pgfob(["connect", "orders", "--"] + words)
            #expect(refused.code == 125 || refused.code == 2, "\(refused)")
            #expect(refused.output.isEmpty && refused.errors.contains("--dbname NAME"), "\(refused)")
        }
    }
}

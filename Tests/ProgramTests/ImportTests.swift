#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// `pgfob import` and `export` as they are called, and the preview on the screen.
@Suite(.timeLimit(.minutes(14)))
struct ImportTests {
    let home: ProgramHome
    private static let servers = #"""
        {"Servers":{"1":{"Name":"orders","Group":"team","Host":"orders.cluster-c1x9.eu-west-1.rds.amazonaws.com",
          "Port":5432,"MaintenanceDB":"orders","Username":"jo","PasswordExecCommand":"echo hunter2",
          "ConnectionParameters":{"sslmode":"verify-full","sslrootcert":"/x/ca.pem"}},
         "2":{"Name":"bad","Host":"h.example","Port":"54x2","Username":"u"}}}
        """#

    init() throws {
        home = try ProgramHome()
        try home.folder.write(Self.servers, to: "servers.json")
    }

    @Test func `a dry run shows all and writes nothing, and a script has to approve`() throws {
        let file = home.folder.file("servers.json")
        let dry = try home.pgfob("import", file, "--dry-run")
        #expect(dry.code == 1 && dry.output.contains("! sslrootcert /x/ca.pem"), "\(dry.output)\(dry.errors)")
        #expect(dry.output.hasSuffix("would import 1 profile\n") && !dry.output.contains("hunter2"))
        #expect(try home.pgfob("list", "--json").output.isEmpty)
        let plain = try home.pgfob("import", file)
        #expect(plain.code == 1 && plain.output == "imported 1 profile\n")
        #expect(
            plain.errors.contains(", server 2 (bad): port")
                && plain.errors.contains("nobody approved it: sslrootcert"))
        #expect(try home.pgfob("list", "--json").output.contains("\"sslrootcert\":null"))
        #expect(try home.pgfob("import", "--undo").output.contains("1 profile to the trash"))
        #expect(try home.pgfob("import", "--undo").code == 1)
        #expect(try home.pgfob("import", file, "--approve").output == "imported 1 profile\n")
        #expect(try home.pgfob("list", "--json").output.contains("\"sslrootcert\":\"/x/ca.pem\""))
        let again = try home.pgfob("import", file, "--json")
        #expect(again.code == 1 && again.output.contains(#""kind":"duplicate""#))
        #expect(
            again.output.contains(#"{"kind":"problem","text":"line 4, server 2 (bad): port"#),
            "\(again.output)")
    }

    @Test
    func `what is saved already with the same values is no failure, and what differs is told on stderr`()
        throws
    {
        #expect(try home.pgfob("add", "--name", "a", "--host", "h.example", "--auth", "none").code == 0)
        let same = try home.pgfob("export").output
        let other = same.replacing("\"notes\":\"\"", with: "\"notes\":\"theirs\"")
        #expect(other != same)
        for words in [[], ["--dry-run"], ["--json"], ["--dry-run", "--json"]] {
            let again = try home.pgfob(["import", "-"] + words, input: same)
            #expect(again.code == 0, "\(words) \(again)")
            #expect(
                !words.isEmpty || again.errors == "pgfob: a: exists as a, left as it is\n", "\(again.errors)")
            let differs = try home.pgfob(["import", "-"] + words, input: other)
            #expect(differs.code == 1, "\(words) \(differs)")
            #expect(differs.errors == "pgfob: a: exists as a, left as it is\n", "\(words) \(differs.errors)")
        }
        // What is left out, or in part, is told there too.
        let file = home.folder.file("servers.json")
        for words in [["--dry-run"], ["--json"]] {
            let run = try home.pgfob(["import", file] + words)
            #expect(
                run.code == 1 && run.errors.contains("left out: line 4, server 2 (bad): port"),
                "\(run.errors)")
            #expect(run.errors.contains("pgfob: part of 1 profile waits for approval: --approve"))
        }
    }

    @Test func `what lies beside a file is read only where it is a plain file`() throws {
        let source = """
            <project><component><data-source name="x" uuid="u-1"><jdbc-url>jdbc:postgresql://h.example/d</jdbc-url>
            </data-source></component></project>
            """
        let file = try home.folder.write(source, to: "dataSources.xml")
        let beside = home.folder.file("dataSources.local.xml")
        #expect(mkfifo(beside, 0o600) == 0)
        let alone = try home.pgfob("import", file, "--dry-run")
        #expect(
            alone.errors.isEmpty && alone.output.contains("there is none"), "\(alone.output)\(alone.errors)")
        unlink(beside)
        let elsewhere = try home.folder.write(
            "<project><data-source name='x' uuid='u-1'><user-name>jo</user-name></data-source></project>",
            to: "elsewhere.xml")
        #expect(symlink(elsewhere, beside) == 0)
        #expect(try !home.pgfob("import", file, "--dry-run").output.contains("jo@"))
        #expect(unlink(beside) == 0 && rename(elsewhere, beside) == 0)
        #expect(try home.pgfob("import", file, "--dry-run").output.contains("jo@h.example:5432/d"))
    }

    @Test func `an error names the file, arrays in arrays are JSON, and Excel's first line is understood`()
        throws
    {
        let deep = try home.folder.write(String(repeating: "[", count: 20_000), to: "deep")
        let nested = try home.pgfob("import", deep)
        #expect(
            nested.code == 1 && nested.errors.hasPrefix("pgfob: \(deep): "), "\(nested.errors.prefix(300))")
        #expect(nested.errors.contains("nested too deep"))
        let sheet = try home.folder.write(
            "sep=;\nname;host;port\na;h.example;54x2\nb;i.example;1\n", to: "sheet")
        let run = try home.pgfob("import", sheet)
        #expect(run.code == 1 && run.output == "imported 1 profile\n", "\(run.output)\(run.errors)")
        #expect(run.errors.hasPrefix("pgfob: \(sheet): line 3: port"), "\(run.errors)")
    }

    @Test func `a service of the user's own file is a comment for libpq, and comes back`() throws {
        let added = try home.pgfob("add", "--name", "s", "--auth", "service", "--service", "theirs")
        #expect(added.code == 0, "\(added.errors)")
        let exported = try home.pgfob("export", "--format", "service").output
        #expect(exported.split(separator: "\n").allSatisfy { $0.hasPrefix("#") }, "\(exported)")
        let variables = try home.pgfob("env", "s").output
        #expect(
            variables == "export PGSERVICE='theirs'\nexport PGSSLMODE='verify-full'\n",
            "\(variables)")
        let other = try ProgramHome()
        let file = try other.folder.write(exported, to: "pg_service.conf")
        #expect(try other.pgfob("import", file).code == 0)
        #expect(try other.pgfob("export").output == home.pgfob("export").output)
    }

    @Test func `on a terminal the preview comes first, and no is the answer unless told otherwise`() throws {
        let file = home.folder.file("servers.json")
        for (answer, count) in [("\r", 0), ("n\r", 0), ("a\r", 1)] {
            let terminal = try home.screen(["import", file], columns: 120)
            try terminal.waitFor("[y/a/N]")
            #expect(terminal.screen.contains("! sslrootcert /x/ca.pem"))
            try terminal.send(answer)
            _ = try terminal.ending()
            #expect(try home.pgfob("list", "--json").output.split(separator: "\n").count == count)
        }
        #expect(try home.pgfob("list", "--json").output.contains("\"sslrootcert\":\"/x/ca.pem\""))
    }

    @Test func `the screen shows the preview, saves what is chosen, and takes it back`() throws {
        let terminal = try home.screen()
        try terminal.waitFor("No profiles yet")
        try terminal.send(":")
        try terminal.waitFor("Command")
        try terminal.send("import ~/servers.json")
        try terminal.waitFor("import ~/servers.json")
        try terminal.press(.enter)
        try terminal.waitFor("1 new, 1 left out")
        try terminal.waitFor("comes in only if approved")
        try terminal.press(.enter)
        try terminal.waitFor("imported 1 profile: u takes it back")
        try terminal.send("u")
        try terminal.waitFor("took back: imported 1 profile")
        try terminal.waitFor("No profiles yet")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test(arguments: ["service", "pgadmin", "uri", "psql", "csv", "json"])
    func `export and import by every format give the same list`(format: String) throws {
        let added = try home.pgfob(
            "add", "--name", "it's", "--host", "h.example", "--auth", "none", "--tag", "pci", "--env", "prod",
            "--notes", "two\nlines", "--parameter", "options=-c x=y")
        #expect(added.code == 0, "\(added.errors)")
        let exported = try home.pgfob("export", "--format", format)
        let other = try ProgramHome()
        let run = try other.pgfob(["import", "-"], input: exported.output)
        #expect(run.code == 0, "\(run.errors)\(exported.output)")
        #expect(try other.pgfob("export").output == home.pgfob("export").output)
    }
}

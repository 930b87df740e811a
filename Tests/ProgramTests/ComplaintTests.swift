import TestSupport
import Testing

/// Calls that cannot be carried out: one line that says what to do, a code that scripts rely on, nothing lost.
struct ComplaintTests {
    let home: ProgramHome

    init() throws { home = try ProgramHome() }

    struct Call: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var code: Int32
        var says: String
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: String..., code: Int32, says: String) {
            self.arguments = arguments
            self.code = code
            self.says = says
        }
    }

    static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    @Test(arguments: [
        Call("list", "--frob", code: 2, says: "--frob"),
        Call("frobnicate", code: 2, says: "no subcommand \"frobnicate\""),
        Call("tets", "orders", code: 2, says: "did you mean `pgfob test`?"),
        Call("token", code: 2, says: "--host"),
        Call("token", "ordres", code: 1, says: "did you mean \"orders\"?"),
        Call("token", "orders", code: 3, says: "no AWS credentials"),
        Call("token", "--host", "h", "--user", "u", code: 2, says: "--region"),
        Call("token", "--host", host, "--user", "u", "--expires", "901", code: 2, says: "1 to 900"),
        Call(
            "token", "--host", "abc.dsql.us-east-1.on.aws", "--user", "u", "--expires", "604801", code: 2,
            says: "604800"),
        Call("token", "--host", host, "--user", "u", "--at", "noon", code: 2, says: "20261124T140358Z"),
        Call("conninfo", "nobody", code: 1, says: "pgfob list"),
        Call("env", "nobody", code: 1, says: "pgfob list"),
        Call("test", "nobody", code: 1, says: "pgfob list"),
        Call("test", code: 2, says: "--all"),
        Call("test", "orders", "--all", code: 2, says: "exclude"),
        Call("test", "--all", "--jobs", "0", code: 2, says: "1 to 1000"),
        Call("test", "--group", "nobody", code: 1, says: "no profile matches"),
        Call("connect", "nobody", code: 125, says: "pgfob list"),
        Call("connect", "prod", code: 2, says: "--yes"),
        Call("connect", "orders", code: 125, says: "CA bundle"),
        Call("connect", code: 2, says: "name"),
        Call("remove", "orders", "nobody", code: 1, says: "nobody"),
        Call("duplicate", "orders", "ORDERS", code: 2, says: "exists"),
        Call("trash", "restore", "nobody", code: 1, says: "nobody"),
        Call("edit", "orders", "--port", "0", code: 2, says: "1-65535"),
        Call("edit", "orders", "--name", "prod", code: 2, says: "exists"),
        Call("add", "--name", "x", "--host", "a\nb", "--user", "u", code: 2, says: "line breaks"),
        Call("add", "--name", "x", "--host", "h.example", "--port", "54x2", code: 2, says: "1-65535"),
        Call("add", "--name", "\u{1b}[31mred", "--host", host, "--user", "u", code: 2, says: "control"),
        Call("add", "--name", "x", "--host", "jo:hunter2@h", code: 2, says: "\"...@h\" is not a host name"),
        Call("add", "--host", "h", "--database", "postgresql://jo:hunter2@h/d", code: 2, says: "database"),
        Call("edit", "orders", "--database", "host=h password=hunter2", code: 2, says: "--database"),
        Call("edit", "orders", "--notes", "it has PGPASSWORD=hunter2", code: 2, says: "--notes has a secret"),
        Call("add", "jo:hunter2@h.example/db", code: 2, says: "<redacted>"),
        Call(
            "exec", "orders", "--dbname", "dbname=d hostaddr=192.0.2.1", "--", "true", code: 2,
            says: "--dbname is a connection string"),
        Call("connect", "orders", "--dbname", "postgres://h/d", code: 2, says: "--dbname is a connection"),
        Call("run", "orders", "--dbname", "a=b", "-c", "x", code: 2, says: "--dbname is a connection string"),
        Call("proxy", "orders", "--dbname", "a=b", code: 2, says: "--dbname is a connection string"),
        Call("help", "imprt", code: 2, says: "did you mean `pgfob help import`?"),
        Call("catalogue", "psh", code: 2, says: "did you mean push?"),
        Call("ca", "fetc", code: 2, says: "did you mean fetch?"),
        Call("trash", "lst", code: 2, says: "did you mean `pgfob trash list`?"),
        Call("run", "orders", "-c", "x", "--format", "cvs", code: 2, says: "did you mean csv?"),
        Call("--generate-completion-script", "bassh", code: 2, says: "did you mean bash?"),
        Call("export", "--format", "pgadmn", code: 2, says: "did you mean pgadmin?"),
        Call("edit", "orders", "--auth", "imm", code: 2, says: "did you mean iam?"),
        Call("test", "--group", "tean", code: 1, says: "did you mean \"team\"?"),
        Call("run", "--tag", "pcj", "-c", "x", code: 1, says: "did you mean \"pci\"?"),
        Call("discover", "--region", "eu-west1", code: 2, says: "did you mean eu-west-1?"),
        Call("test", "--all", "--store", "/proc/none/p.db", code: 1, says: "/proc/none"),
        Call("import", "--undo", "--dry-run", code: 2, says: "exclude"),
        Call("import", "--undo", "f.json", code: 2, says: "no file"),
        Call("add", "--name", "orders", "--host", host, "--user", "u", code: 2, says: "exists"),
        Call(
            "add", "--name", "x", "--host", host, "--user", "u", "--sslmode", "disable", code: 2,
            says: "verify-full"),
        Call(
            "add", "--name", "x", "--host", host, "--user", "u", "--parameter", "password=x", code: 2,
            says: "no secret"),
        Call(
            "catalogue", "init", "orders", "--dry-run", code: 2,
            says: "--dry-run belongs to push and pull, and init takes none"),
        Call(
            "catalogue", "push", "--offline", code: 2,
            says: "--offline belongs to status and pull, and push takes none"),
        Call("edit", "orders", "--notes", "-x", code: 2, says: "written behind a '=': --notes='-...'"),
        Call("add", "--name", "-x", "--host", host, code: 2, says: "--name='-...'"),
        Call("trash", "restore", code: 2, says: "see `pgfob help trash restore`"),
        Call("edit", "orders", "--notes", code: 2, says: "see `pgfob help edit`"),
        Call("edit", "orders", "--host=", code: 2, says: "host: is missing"),
        Call("add", "not an endpoint", code: 2, says: "no URI, psql command or endpoint"),
        Call(
            "add", "arn:aws:rds:eu-west-1:1:cluster:x", code: 2,
            says: "cluster:x\" is an ARN and no host name: give the endpoint, which `pgfob discover`"),
        Call("add", code: 2, says: "nothing says what to connect to"),
        Call("add", "--user", "u", code: 2, says: "give --host"),
        Call("add", "--host", "h.example:6000", "--port", "5432", code: 2, says: "6000 as its port"),
        Call("edit", "orders", "--host", "arn:aws:rds:x:1:db:y", code: 2, says: "is an ARN"),
        Call("connect", "orders", "-c", "select 1", code: 2, says: "pgfob connect NAME -- -c"),
        Call("ls", code: 2, says: "did you mean `pgfob list`?"),
        Call("rm", "orders", code: 2, says: "did you mean `pgfob remove`?"),
        Call("psql", code: 2, says: "did you mean `pgfob connect`?"),
        Call("orders", code: 2, says: "did you mean `pgfob connect orders`?"),
        Call("import", "/nonexistent.json", code: 1, says: "/nonexistent.json"),
        Call("import", "/dev/null", "--format", "xml", code: 2, says: "xml"),
        Call("export", "--format", "xml", code: 2, says: "xml"),
        Call("list", "--store", code: 2, says: "--store PATH"),
        Call("list", "--store", "/proc/none/p.db", code: 4, says: "/proc/none"),
    ])
    func `a call that fails says why in one line and ends with its code`(call: Call) throws {
        for name in ["orders", "prod"] {
            let options = [
                "--host", Self.host, "--user", "jo", "--env", name == "prod" ? "prod" : "dev", "--group",
                "team", "--tag", "pci",
            ]
            #expect(try home.pgfob(["add", "--name", name] + options).code == 0)
        }
        let before = try home.pgfob("export").output
        let run = try home.pgfob(call.arguments)
        #expect(run.code == call.code && run.output.isEmpty, "\(run.output)\(run.errors)")
        #expect(run.errors.hasPrefix("pgfob: ") && run.errors.contains(call.says), "\(run.errors)")
        #expect(run.errors.filter { $0 == "\n" }.count == 1 && run.errors.hasSuffix("\n"), "\(run.errors)")
        #expect(!run.errors.contains("hunter2"))
        #expect(!run.errors.dropLast().unicodeScalars.contains { $0.value < 0x20 })
        #expect(try home.pgfob("export").output == before)
    }

    @Test func `a missing psql ends with 127, one that cannot be run with 126`() throws {
        let more = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "s"]
        let bundle = try home.folder.write("", to: "ca.pem")
        let options = ["--host", Self.host, "--user", "jo", "--sslrootcert", bundle]
        #expect(try home.pgfob(["add", "--name", "orders"] + options).code == 0)
        let plain = try home.folder.write("no program", to: "plain")
        let broken = try home.folder.write("#!/nonexistent/interpreter\n", to: "broken", mode: 0o700)
        let cases: [(String, Int32)] = [("/nonexistent/psql", 127), (plain, 126), (broken, 127)]
        for (psql, code) in cases {
            try home.folder.write("psql = \"\(psql)\"\n", to: ".config/pgfob/config.toml")
            let run = try home.pgfob("connect", "orders", more: more)
            #expect(run.code == code && run.errors.contains(psql), "\(psql): \(run.errors)")
        }
    }

    @Test func `settings that cannot be read are no wrong call of connect and exec`() throws {
        #expect(try home.pgfob("add", "--name", "x", "--host", "h", "--auth", "none").code == 0)
        try home.folder.write("psql = [\n", to: ".config/pgfob/config.toml")
        for arguments in [["connect", "x"], ["exec", "x", "--", "true"]] {
            let run = try home.pgfob(arguments)
            #expect(run.code == 125 && run.errors.contains("config.toml"), "\(run.errors)")
        }
        #expect(try home.pgfob("test", "x").code == 2)
    }

    @Test func `one profile that is named twice is removed once`() throws {
        #expect(try home.pgfob("add", "--name", "x", "--host", "h", "--auth", "none").code == 0)
        #expect(try home.pgfob("remove", "x", "X").output.hasPrefix("removed x; "))
    }

    @Test func `a region that is none known is told with the nearest one`() throws {
        func errors(_ name: String, _ region: String) throws -> String {
            let run = try home.pgfob(
                "add", "--name", name, "--host", "h", "--auth", "none", "--region", region)
            #expect(run.code == 0, "\(run)")
            return run.errors
        }
        #expect(
            try errors("a", "eu-wst-1").contains("eu-wst-1 is none that pgfob knows: did you mean eu-west-1?")
        )
        // New ones come, with numbers and without.
        for (name, region) in [("b", "eu-west-1"), ("c", "eu-west-9"), ("d", "antarctica-deep-1")] {
            #expect(try !errors(name, region).contains("knows"), "\(region)")
        }
    }

    @Test func `a tag that is not there is told with the nearest one`() throws {
        #expect(
            try home.pgfob("add", "--name", "x", "--host", "h", "--auth", "none", "--tag", "pci").code == 0)
        let run = try home.pgfob("edit", "x", "--untag", "pcj")
        #expect(run.code == 0 && run.output == "nothing to change in x\n")
        #expect(run.errors.contains("x has no tag \"pcj\": did you mean pci?"), "\(run.errors)")
        #expect(try home.pgfob("edit", "x", "--untag", "pci").errors.isEmpty)
    }

    @Test func `the help and the version are no complaints`() throws {
        let version = try home.pgfob("--version")
        #expect(version.code == 0 && version.output.hasPrefix("pgfob ") && version.errors.isEmpty)
        for arguments in [["--help"], ["help", "test"], ["test", "--help"]] {
            let run = try home.pgfob(arguments)
            #expect(run.code == 0 && run.output.contains("USAGE") && run.errors.isEmpty)
        }
        for shell in ["bash", "zsh", "fish"] {
            let run = try home.pgfob("--generate-completion-script", shell)
            #expect(run.code == 0 && run.output.contains("pgfob"))
        }
    }
}

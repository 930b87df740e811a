import Foundation
import TestSupport
import Testing

/// The small print of the command line's contract: what is cleared, what is told, and with which code.
@Suite(.timeLimit(.minutes(14)))
struct SmallPrintTests {
    private let home: ProgramHome
    private static let endpoint = "orders.cluster-cxyz1234abcd.eu-west-1.rds.amazonaws.com"
    private static let keys = ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"]

    init() throws { home = try ProgramHome() }

    private func add(_ name: String, _ more: String...) throws {
        let added = try home.pgfob(["add", "--name", name] + more)
        #expect(added.code == 0, "\(added.errors)")
    }

    private func refusal(_ arguments: String..., code: Int32 = 2, more: [String: String] = [:]) throws
        -> String
    {
        let run = try home.pgfob(arguments, more: more)
        #expect(run.code == code && run.output.isEmpty, "\(arguments) \(run)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        return run.errors
    }

    @Test func `an address in brackets is signed as botocore signs it`() throws {
        let keys = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ]
        let run = try home.pgfob(
            "token", "--host", "[2001:db8::1]", "--user", "app_user", "--region", "us-east-1", "--at",
            "20150830T123600Z", more: keys)
        #expect(
            run.output.hasPrefix("[2001:db8::1]:5432/?Action=connect&DBUser=app_user&")
                && run.output.hasSuffix(
                    "bfb5832370d82fe62aa39ca7a490103ae72395e823c45eb355cc7cca4831d211\n"),
            "\(run)")
        #expect(run.errors.hasPrefix("pgfob: warning: "))
    }

    @Test func `a profile's token lives as long as the settings say`() throws {
        try home.folder.write("token_seconds = 300\n", to: ".config/pgfob/config.toml")
        try add("orders", "--host", Self.endpoint, "--user", "jo")
        #expect(try home.pgfob("token", "orders", more: Self.keys).output.contains("X-Amz-Expires=300&"))
        let own = try home.pgfob("token", "orders", "--expires", "60", more: Self.keys).output
        #expect(own.contains("X-Amz-Expires=60&"))
        let adHoc = try home.pgfob("token", "--host", Self.endpoint, "--user", "jo", more: Self.keys).output
        #expect(adHoc.contains("X-Amz-Expires=900&"))
    }

    @Test func `an empty tag clears them all, and one beside it stays`() throws {
        try add("orders", "--host", "h.example", "--auth", "none", "--tag", "a", "--tag", "b")
        #expect(try home.pgfob("edit", "orders", "--tag", "", "--tag", "c").output == "changed orders\n")
        #expect(try home.pgfob("list", "--json").output.contains(#""tags":["c"]"#))
        #expect(try home.pgfob("edit", "orders", "--tag", "").code == 0)
        #expect(try home.pgfob("list", "--json").output.contains(#""tags":[]"#))
    }

    @Test func `a value that is empty behind its equals sign clears, too`() throws {
        try add("orders", "--host", "h.example", "--auth", "none", "--user", "jo", "--notes", "n")
        #expect(try home.pgfob("edit", "orders", "--user=", "--notes=").output == "changed orders\n")
        let line = try home.pgfob("list", "--json").output
        #expect(line.contains(#""user":null"#) && line.contains(#""notes":"""#), "\(line)")
        #expect(try home.pgfob("edit", "orders", "--parameter=keepalives_idle=30", "--notes=a=").code == 0)
        #expect(try home.pgfob("list", "--json").output.contains(#""notes":"a=""#))
        #expect(try home.pgfob("edit", "orders", "--parameter=keepalives_idle=").code == 0)
        #expect(try home.pgfob("list", "--json").output.contains(#""parameters":{}"#))
    }

    @Test func `a service that is in no file is told as its profile is saved`() throws {
        func told(_ words: String...) throws -> String {
            let run = try home.pgfob(words)
            #expect(run.code == 0, "\(run)")
            return run.errors
        }
        let first = try told("add", "--name", "s", "--auth", "service", "--service", "nowhere")
        #expect(
            first.hasPrefix("pgfob: warning: service: definition of service \"nowhere\" not found in ")
                && first.filter { $0 == "\n" }.count == 1, "\(first)")
        // What is wrong already is not told again.
        #expect(try told("edit", "s", "--notes", "n").isEmpty)
        try home.folder.write("[here]\nhost=h.example\n", to: ".pg_service.conf")
        #expect(try told("edit", "s", "--service", "here").isEmpty)
    }

    @Test func `stdin is told by its name`() throws {
        let run = try home.pgfob(["import", "-"], input: "this is no profile of any kind\n")
        #expect(run.code == 1 && run.errors.hasPrefix("pgfob: stdin is of no format"), "\(run)")
    }

    @Test func `where there are no profiles yet, a test of all says how to make one`() throws {
        #expect(try refusal("test", "--all", code: 1).contains("there are no profiles yet: `pgfob add`"))
    }

    @Test func `good credentials and no network are 1, none at all are 3`() throws {
        try add("orders", "--host", Self.endpoint, "--user", "jo")
        let away = Self.keys.merging(["AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"]) {
            $1
        }
        for words in [
            ["policy", "orders", "--call"], ["whoami", "--call"], ["discover", "--all-regions"],
            ["discover", "--region", "eu-west-1"],
        ] {
            #expect(try home.pgfob(words, more: away).code == 1, "\(words)")
            #expect(try home.pgfob(words).code == 3, "\(words)")
        }
    }

    @Test func `run is 3 where every profile lacked credentials, and 1 where one had another fault`() throws {
        let bundle = try home.folder.write("", to: "ca.pem")
        try add("a", "--host", Self.endpoint, "--user", "jo", "--sslrootcert", bundle)
        try add("b", "--host", "127.0.0.1", "--port", "1", "--auth", "none", "--sslmode", "disable")
        #expect(try home.pgfob("run", "a", "-c", "select 1").code == 3)
        #expect(try home.pgfob("run", "a", "b", "-c", "select 1").code == 1)
        #expect(try home.pgfob("run", "b", "-c", "select 1").code == 1)
    }

    @Test func `no profiles are a file of no profiles`() throws {
        let servers = try home.pgfob("export", "--format", "pgadmin").output
        let read = try JSONDecoder().decode(JSONValue.self, from: Data(servers.utf8))
        #expect(read["Servers"]?.object?.isEmpty == true, "\(servers)")
        let lines = try home.pgfob("export", "--format", "csv").output.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("name,"), "\(lines)")
        for format in ["json", "service", "uri", "psql"] {
            #expect(try home.pgfob("export", "--format", format).output.isEmpty)
        }
    }

    @Test func `the environment decides again whether sessions start read-only`() throws {
        try add("orders", "--host", "h.example", "--auth", "none", "--no-read-only")
        #expect(try home.pgfob("list", "--json").output.contains(#""read_only":false"#))
        #expect(
            try refusal("edit", "orders", "--read-only-by-environment", "--read-only").contains("exclude"))
        #expect(
            try refusal("edit", "orders", "--read-only-by-environment", "--editor").contains(
                "no other change"))
        #expect(try home.pgfob("edit", "orders", "--read-only-by-environment").output == "changed orders\n")
        #expect(try home.pgfob("list", "--json").output.contains(#""read_only":null"#))
        #expect(try home.pgfob("help", "edit").output.contains("--read-only-by-environment"))
    }

    @Test func `conninfo leads where env and exec lead, to the address of the name that is dialled`() throws {
        try add("orders", "--host", "h.example", "--auth", "none", "--dial", "localhost:6543")
        let line = try home.pgfob("conninfo", "orders").output
        #expect(line.contains(/hostaddr=(127\.0\.0\.1|::1)/) && line.contains("port=6543"), "\(line)")
        #expect(try home.pgfob("edit", "orders", "--dial", "nowhere.invalid").code == 0)
        #expect(
            try refusal("conninfo", "orders", code: 1).contains("nowhere.invalid, which the profile dials"))
    }

    @Test func `a terminal is told what is wrong with a profile before what it may not show`() throws {
        try add("legacy", "--host", "127.0.0.1", "--auth", "password", "--sslmode", "require", "--user", "u")
        func told(_ words: String...) throws -> (ProgramEnding, String) {
            let terminal = try home.screen(words, columns: 200)
            return (try terminal.ending(), terminal.screen.text)
        }
        for verb in ["token", "env"] {
            let (ending, text) = try told(verb, "legcy")
            #expect(ending == .exited(1) && text.contains("did you mean \"legacy\"?"), "\(text)")
        }
        let (ending, text) = try told("token", "legacy")
        #expect(ending == .exited(1) && text.contains("has no token"), "\(text)")
        let (shown, lines) = try told("env", "legacy")
        #expect(shown == .exited(0) && lines.contains("export PGUSER='u'"), "\(lines)")
    }

    @Test func `env says which guard its variables lack`() throws {
        for (name, environment) in [("a", "prod"), ("b", "dev")] {
            try add(
                name, "--host", "127.0.0.1", "--auth", "none", "--sslmode", "disable", "--env", environment)
        }
        let guarded = try home.pgfob("env", "a")
        #expect(
            guarded.code == 0
                && guarded.errors.hasPrefix("pgfob: what is opened by these variables on [PROD] a is not"),
            "\(guarded)")
        #expect(guarded.errors.split(separator: "\n").count == 1)
        #expect(try home.pgfob("env", "b").errors.isEmpty)
    }

    @Test func `a no is told in one line, by the code that it had`() throws {
        try add("a", "--host", "127.0.0.1", "--auth", "none", "--sslmode", "disable", "--env", "prod")
        try add("p", "--host", Self.endpoint, "--user", "jo", "--env", "prod")
        try home.folder.write(#"{"name":"b","host":"b.example"}"#, to: "b.json")
        let no: [([String], Int32, String)] = [
            (["connect", "a"], 125, "pgfob: a was not opened: answer y"),
            (["exec", "a", "--", "true"], 125, "pgfob: a was not opened: answer y"),
            (["proxy", "p"], 2, "pgfob: p was not opened: answer y"),
            (["run", "a", "-c", "select 1"], 2, "pgfob: nothing was run: answer y, or give --yes"),
            (["import", "b.json"], 1, "pgfob: nothing was saved: answer y, or give --yes"),
            (["catalogue", "init", "a"], 1, "pgfob: nothing was made: answer y, or give --yes"),
        ]
        for (words, code, line) in no {
            let terminal = try home.screen(words, columns: 200)
            try terminal.waitFor("[y/N]")
            try terminal.send("n\r")
            #expect(try terminal.ending() == .exited(code), "\(words)")
            #expect(terminal.screen.contains(line), "\(terminal.screen.text)")
        }
    }

    @Test func `names that look alike are one name, however they are composed`() throws {
        try add("caf\u{e9}", "--host", "h.example", "--auth", "none")
        let twin = try refusal("add", "--name", "CAFE\u{301}", "--host", "h.example", "--auth", "none")
        #expect(twin.contains("exists"), "\(twin)")
        #expect(try home.pgfob("conninfo", "cafe\u{301}").code == 0)
        try add("\u{212b}", "--host", "h.example", "--auth", "none")
        #expect(try home.pgfob("conninfo", "a\u{30a}").code == 0)
    }

    @Test func `changes of tags at the same time all come in`() async throws {
        try add("orders", "--host", "h.example", "--auth", "none")
        let home = home
        try await withThrowingTaskGroup(of: ProgramRun.self) { group in
            for number in 0..<12 {
                group.addTask { try home.pgfob("edit", "orders", "--tag", "x\(number)") }
            }
            for try await run in group { #expect(run.code == 0, "\(run.errors)") }
        }
        let listed = try home.pgfob("list", "--json").output
        for number in 0..<12 { #expect(listed.contains("\"x\(number)\""), "\(listed)") }
    }

    @Test func `the editor takes no other change, and is named where it does not run`() throws {
        try add("orders", "--host", "h.example", "--auth", "none")
        #expect(try refusal("edit", "orders", "--editor", "--user", "x").contains("--editor takes no other"))
        let missing = try refusal("edit", "orders", "--editor", code: 1, more: ["EDITOR": "/nonexistent"])
        #expect(missing.contains("/nonexistent cannot be started"), "\(missing)")
        let unknown = try refusal("edit", "orders", "--editor", code: 1, more: ["EDITOR": "no-such-editor"])
        #expect(unknown.contains("no-such-editor is not there"), "\(unknown)")
        let program = try home.folder.write("#!/bin/sh\necho 'port = ' >> \"$1\"\n", to: "bad", mode: 0o755)
        let broken = try refusal("edit", "orders", "--editor", code: 1, more: ["EDITOR": program])
        #expect(broken.contains(".toml: line ") && broken.contains("nothing was changed"), "\(broken)")
    }

    @Test func `an AWS file with an open section is named with its line`() throws {
        let file = try home.folder.write("[profile unc\nregion = eu-west-1\n", to: "aws")
        let run = try refusal(
            "credentials", "--profile", "unc", "--format", "json", code: 3,
            more: ["AWS_CONFIG_FILE": file, "AWS_SHARED_CREDENTIALS_FILE": home.folder.file("none")])
        #expect(run.contains("\(file):1: the section's ']' is missing"), "\(run)")
    }

    @Test func `a keyword that libpq does not know is refused with the nearest`() throws {
        let made = try refusal(
            "add", "--name", "a", "--host", "h.example", "--auth", "none", "--parameter", "keepalive_idle=1")
        #expect(made.contains("did you mean keepalives_idle?"), "\(made)")
        try add("a", "--host", "h.example", "--auth", "none", "--parameter", "keepalives_idle=30")
        #expect(try refusal("edit", "a", "--parameter", "nosuchkey=1").contains("\"nosuchkey\""))
        #expect(try refusal("edit", "a", "--parameter", "nosuchkey=1").contains("libpq: leave it out"))
        let file = try home.folder.write(
            #"{"name":"b","host":"b.example","auth":"none","parameters":{"nosuchkey":"1"}}"#, to: "b.json")
        let imported = try home.pgfob("import", "--yes", file)
        #expect(
            imported.code == 0 && (imported.output + imported.errors).contains("\"nosuchkey\" is no keyword"))
    }

    @Test func `a file of roots that another program's file names is found from every folder`() throws {
        let file = try home.folder.write("postgresql://jo@h.example/d?sslrootcert=own.pem\n", to: "uris.txt")
        #expect(try home.pgfob("import", "--approve", "--yes", file).code == 0)
        let conninfo = try home.pgfob("conninfo", "h").output
        #expect(conninfo.contains("/own.pem") && !conninfo.contains("sslrootcert=own.pem"), "\(conninfo)")
    }

    @Test(arguments: [
        (["history", "--limit", "-1"], "--limit takes 1 to 1000000"),
        (["test", "--all", "--jobs", "-1"], "--jobs takes 1 to 1000"),
        (
            ["token", "--host", "h", "--user", "u", "--region", "eu-west-1", "--expires", "-1"],
            "--expires -1"
        ),
        (["test", "-x"], "'-x'"), (["run", "--bogus"], "'--bogus'"),
        (["trash", "bogus"], "`pgfob help trash`"),
        (["import", "f", "--format", "bogus"], "auto, json, service, uri"),
        (["test", "--all", "--junit", "-"], "--junit takes a file"),
        (["add", "postgresql://a@h1,h2/db"], "is a list"),
        (["add", "psql \"host=$RDSHOST user=jo\""], "only a shell fills in"),
    ])
    func `a wrong call is told for what is wrong with it`(arguments: [String], words: String) throws {
        let run = try home.pgfob(arguments)
        #expect(run.code == 2 && run.errors.contains(words), "\(run)")
        #expect(run.errors.split(separator: "\n").count == 1 && !run.errors.contains("  "), "\(run.errors)")
    }

    @Test func `a name that was made from the host and is taken is given by --name`() throws {
        try add("h", "--host", "h.example", "--auth", "none")
        let twice = try refusal("add", "h.example", "--auth", "none")
        #expect(twice.contains("--name"), "\(twice)")
    }

    @Test func `what is done all the same is a warning`() throws {
        let added = try home.pgfob("add", "--name", "a", "--host", Self.endpoint)
        #expect(added.code == 0 && added.errors.hasPrefix("pgfob: warning: user is missing"), "\(added)")
    }

    @Test func `what is dialled in the endpoint's place is what the causes name`() throws {
        try add(
            "a", "--host", "h.example", "--auth", "none", "--sslmode", "require", "--dial", "no-such.invalid")
        let unknown = try home.pgfob("test", "a").output
        #expect(unknown.contains("check the dial in the profile"), "\(unknown)")
        let listener = try FaultListener([.read, .send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))])
        #expect(try home.pgfob("edit", "a", "--dial", "127.0.0.1:\(listener.port)").code == 0)
        let other = try home.pgfob("test", "a").output
        #expect(other.contains("127.0.0.1:\(listener.port), dialled for h.example,"), "\(other)")
        #expect(other.contains("check dial in the profile"), "\(other)")
    }

    @Test func `help is readable whatever COLUMNS says, and its usage is as wide as the rest`() throws {
        for columns in ["0", "-3", "x", "", "60"] {
            let help = try home.pgfob("help", "add", more: ["COLUMNS": columns]).output
            #expect(help.contains("host name"), "\(columns): \(help)")
            let width = columns == "60" ? 60 : 80
            #expect(help.split(separator: "\n").allSatisfy { $0.count <= width }, "\(columns): \(help)")
        }
    }

    @Test func `notes keep their line ends on the way through CSV, and JSON says where each stood`() throws {
        let source = #"{"name":"a","host":"h.example","user":"jo","notes":"one\r\ntwo\nthree"}"#
        let file = try home.folder.write(source + "\n", to: "a.json")
        let came = try home.pgfob("import", file, "--json")
        #expect(came.output.contains(#""place":"line 1""#), "\(came)")
        let table = try home.folder.write(try home.pgfob("export", "--format", "csv").output, to: "a.csv")
        let other = try ProgramHome()
        #expect(try other.pgfob("import", table).code == 0)
        #expect(try other.pgfob("export").output == home.pgfob("export").output)
    }

    @Test func `doctor names the line of a theme that is not there, and of what is not UTF-8`() throws {
        let path = home.folder.file(".config/pgfob/config.toml")
        try home.folder.write("mouse = true\ntheme = \"nowhere\"\n", to: ".config/pgfob/config.toml")
        let theme = try home.pgfob("doctor").output
        #expect(theme.contains("\(path):2: there is no theme \"nowhere\""), "\(theme)")
        #expect(!theme.contains("correct the line"))
        let bytes = Array(
            "mouse = true\n# \u{e9}\n".unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        let latin = try home.pgfob("doctor").output
        #expect(latin.contains("\(path):2: the line is not UTF-8"), "\(latin)")
    }
}

import TestSupport
import Testing

/// Passwords in places where no format has them: none is stored, and that one was there is said.
@Suite(.timeLimit(.minutes(14)))
struct StrayPasswordTests {
    let home: ProgramHome

    init() throws { home = try ProgramHome() }

    struct File: Sendable, CustomTestStringConvertible {
        var format: String
        var text: String
        /// How many profiles come in, without the password.
        var count: Int
        var testDescription: String { "\(format): \(text.prefix(50))" }

        init(_ format: String, _ text: String, _ count: Int) {
            (self.format, self.text, self.count) = (format, text, count)
        }
    }

    @Test(arguments: [
        File("psql", "psql \"dbname='postgresql://u:hunter2@h9/db' host=h1 user=u\"\n", 0),
        File("service", "[s]\nhost=h\ndbname=postgresql://u:hunter2@h9/db\n", 0),
        File("uri", "postgresql://u@h1/postgresql%3A%2F%2Fu%3Ahunter2%40h9%2Fdb\n", 0),
        File("uri", "jdbc:postgresql://h8/db;password=hunter2\n", 0),
        File("uri", "postgresql://u:pw@hunter2@h.example/db\n", 0),
        File("uri", "postgresql://u:hunter2/x@h/d\n", 0),
        File(
            "pgadmin",
            #"{"Servers":{"1":{"Name":"s","Host":"h","Username":"u","MaintenanceDB":"host=x password=hunter2"}}}"#,
            0),
        File(
            "pgadmin",
            #"{"Servers":{"1":{"Name":"password=hunter2","Group":"postgresql://u:hunter2@h","Host":"h","#
                + #""Username":"u","MaintenanceDB":"d","Comment":"PGPASSWORD=hunter2"}}}"#,
            1),
        File("service", "[postgresql://u:hunter2@h]\nhost=h\nuser=u\n", 1),
        File(
            "service",
            "[s]\nhost=h\nuser=u\napplication_name=PGPASSWORD=hunter2\noptions=-c x.password=hunter2\n", 1),
        File("csv", "name,host,user\nx,u:hunter2@h,u\n", 0),
        File("csv", "name,host,user,notes,tags\nx,h,u,password=hunter2,password=hunter2\n", 1),
        File("json", #"{"name":"x","host":"u:hunter2@h","user":"u"}"#, 0),
        File("json", #"{"name":"x","host":"h","user":"u:hunter2@h"}"#, 0),
        File("json", #"{"name":"x","host":"h","password":"hunter2","password":"hunter2"}"#, 0),
        File("json", #"{"name":"x","host":"h","user":"u","port":"hunter2"}"#, 0),
        File(
            "json",
            #"{"name":"password=hunter2","host":"h","user":"u","notes":"password=hunter2","group":"passwd=hunter2","#
                + #""application_name":"PGPASSWORD=hunter2","parameters":{"options":"-c x.password=hunter2"}}"#,
            1),
    ])
    func `a password in the wrong place of a file is neither stored nor repeated`(file: File) throws {
        let path = try home.folder.write(file.text, to: "file")
        let run = try home.pgfob("import", path, "--format", file.format)
        #expect(run.code == (file.count == 0 ? 1 : 0), "\(run.output)\(run.errors)")
        #expect(run.output.contains("imported \(file.count) profile"), "\(run.output)\(run.errors)")
        #expect(!run.errors.isEmpty && !(run.output + run.errors).contains("hunter2"), "\(run.errors)")
        if file.count > 0 { #expect(run.errors.contains("secret"), "\(run.errors)") }
        #expect(try !home.pgfob("list", "--json").output.contains("hunter2"))
        #expect(try !home.pgfob("export").output.contains("hunter2"))
    }

    @Test func `what cannot be written to stdout is an error, and a reader that has gone is none`() throws {
        #expect(try home.pgfob("add", "--name", "x", "--host", "h", "--auth", "none").code == 0)
        for verb in ["export", "list --json", "--version", "help", "conninfo x"] {
            let full = try shell("pgfob \(verb) > /dev/full")
            #expect(
                full.code == 1 && full.errors.contains("stdout cannot be written"), "\(verb): \(full.errors)")
            #expect(full.errors.filter { $0 == "\n" }.count == 1)
            let gone = try shell("{ pgfob \(verb); echo $? >&2; } | true")
            #expect(gone.errors == "0\n", "\(verb): \(gone.errors)")
        }
    }

    private func shell(_ line: String) throws -> ProgramRun {
        try ProgramRun(
            "/bin/sh", ["-c", "pgfob() { '\(ProgramPath.pgfob)' \"$@\"; }; \(line)"],
            environment: home.environment)
    }

    @Test func `the least of a profile is saved, and where more is needed the field is named`() throws {
        let host = "db1.cluster-c1x9.eu-west-1.rds.amazonaws.com"
        let added = try home.pgfob("add", host)
        #expect(added.code == 0 && added.errors.contains("user is missing"), "\(added.errors)")
        let path = try home.folder.write(#"{"name":"least","host":"\#(host)"}"#, to: "least.json")
        let imported = try home.pgfob("import", path)
        #expect(imported.code == 0 && imported.errors.contains("user is missing"), "\(imported.errors)")
        let bundle = try home.folder.write("", to: "ca.pem")
        #expect(try home.pgfob("edit", "least", "--sslrootcert", bundle).code == 0)
        let test = try home.pgfob("test", "least", "--json")
        #expect(test.code == 1 && test.output.contains(#""code":"profile-incomplete""#), "\(test.output)")
        for (verb, code) in [
            ("token least", Int32(1)), ("connect least", 125), ("exec least -- true", 125), ("env least", 1),
        ] {
            let run = try home.pgfob(verb.split(separator: " ").map(String.init))
            #expect(
                run.code == code && run.errors.contains("set the user"), "\(verb): \(run.code) \(run.errors)")
        }
    }

    @Test func `a profile of one's own that does not come in whole ends with 1, and what comes in is listed`()
        throws
    {
        let text = #"{"name":"x","host":"h","auth":"none","dial":"127.0.0.1:1","sslrootcert":"/ca.pem"}"#
        let whole = try home.pgfob("import", try home.folder.write(text, to: "whole.json"))
        #expect(
            whole.code == 0 && whole.errors.contains("x: taken over as the file has it"), "\(whole.errors)")
        #expect(whole.errors.contains("dial 127.0.0.1:1") && whole.errors.contains("/ca.pem"))
        let tunnel = #"{"name":"t","host":"h2","auth":"none","tunnel":"ssh jo@bastion"}"#
        let part = try home.pgfob("import", try home.folder.write(tunnel, to: "part.json"))
        #expect(part.code == 1 && part.errors.contains("t: left out, as nobody approved it: tunnel"))
        #expect(part.output == "imported 1 profile\n", "\(part.output)")
    }

    @Test func `what a long backup of one's own brings in is told of some, and counted`() throws {
        let lines = (1...25).map { "{\"name\":\"n\($0)\",\"host\":\"h\($0).example\",\"dial\":\"10.0.0.1\"}" }
        let run = try home.pgfob(["import", "-"], input: lines.joined(separator: "\n"))
        #expect(run.code == 0 && run.output == "imported 25 profiles\n", "\(run.errors)")
        #expect(
            run.errors.split(separator: "\n").count { $0.contains("taken over as the file has it") } == 20)
        #expect(run.errors.contains("and so in 5 more"))
    }
}

import Operations
import Profiles
import TestSupport
import Testing

/// What people's files have in them besides what their formats say.
struct ForeignFileTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func read(_ text: String, _ name: String = "file", format: String? = nil) throws -> Intake {
        let path = try fixture.folder.write(text, to: name)
        return try Importer(fixture.book, home: nil).read(path, format: format)
    }

    private static let dataSources = """
        <project><component><data-source name="orders" uuid="u-1">
          <jdbc-url>jdbc:postgresql://\(ImporterTests.rds):5432/orders</jdbc-url>
          <auth-provider>aws.rds.iam</auth-provider>
          <ssh-properties><enabled>true</enabled><ssh-config-id>s-1</ssh-config-id></ssh-properties>
        </data-source></component></project>
        """

    @Test func `DataGrip's user and tunnel are found in the files beside its own`() throws {
        let alone = try read(Self.dataSources, "dataSources.xml")
        #expect(
            alone.items.first?.notes.contains { $0.contains("user is missing") } == true, "\(alone.lines)")
        #expect(alone.notes.contains { $0.contains("dataSources.local.xml") })
        try fixture.folder.write(
            "<project><data-source name='x' uuid='u-1'><user-name>iam_dba</user-name></data-source></project>",
            to: "dataSources.local.xml")
        let named = try read(Self.dataSources, "dataSources.xml")
        #expect(named.items.first?.profile.user == "iam_dba" && named.items.first?.profile.auth == .iam)
        #expect(named.items.first?.profile.tunnel == nil)
        #expect(named.items.first?.notes.contains { $0.contains("sshConfigs.xml") } == true)
        try fixture.folder.write(
            "<p><configs><sshConfig id='s-1' host='bastion.example' port='2222' username='jo'/></configs></p>",
            to: "sshConfigs.xml")
        let whole = try read(Self.dataSources, "dataSources.xml")
        #expect(whole.items.first?.profile.tunnel == "ssh jo@bastion.example:2222")
        try fixture.folder.write("<p><data-source", to: "dataSources.local.xml")
        let broken = try read(Self.dataSources, "dataSources.xml")
        #expect(
            broken.problems.contains {
                $0.hasPrefix("dataSources.local.xml beside it: the XML is malformed")
            },
            "\(broken.lines)")
        // The personal file alone says what to do.
        let local = try read("<p><data-source uuid='u-1'><user-name>u</user-name></data-source></p>", "x.xml")
        #expect(local.items.isEmpty && local.problems.contains { $0.contains("import dataSources.xml") })
    }

    @Test func `a line that only a shell can complete is told, not guessed`() throws {
        for line in ["psql \"$DATABASE_URL\"", "psql -h $(cat host)", "psql -h `cat host`", "psql ${URL}"] {
            let intake = try read(line + "\n", format: "psql")
            #expect(intake.items.isEmpty, "\(line): \(intake.lines)")
            #expect(
                intake.problems.contains { $0.contains("line 1") && $0.contains("shell") },
                "\(intake.problems)")
        }
        // A password is dropped anyhow, and a dollar in single quotes is one.
        let kept = try read(
            "PGPASSWORD=\"$(token)\" psql -h h.example -U jo\npsql -h h2.example -U 'a$b'\n")
        #expect(kept.items.map(\.profile.user) == ["jo", "a$b"] && kept.problems.isEmpty, "\(kept.lines)")
    }

    @Test func `a line that names nothing but a service is one of it`() throws {
        let intake = try read("service=orders\npsql service=reports\n", format: "psql")
        #expect(intake.problems.isEmpty, "\(intake.lines)")
        #expect(intake.items.map(\.profile.name) == ["orders", "reports"])
        #expect(intake.items.allSatisfy { $0.profile.auth == .service && $0.profile.host.isEmpty })
        let nested = try read("[a]\nservice=b\n", "pg_service.conf")
        #expect(nested.items.isEmpty && nested.notes.contains { $0.contains("cannot name another") })
    }

    @Test func `pgcli's comments behind a value are comments`() throws {
        let intake = try read(
            """
            [alias_dsn]
            a = postgresql://a.example/db # mine
            'b' = "postgresql://b.example/db"  # x
            c = 'x' y

            """)
        #expect(
            intake.items.map(\.profile.name) == ["a", "b"] && intake.problems.count == 1, "\(intake.lines)")
        #expect(intake.items.allSatisfy { $0.profile.database == "db" })
    }

    @Test func `JSON that was cut off brings nothing in, and says where`() throws {
        func object(_ name: String) -> String {
            #"{"name":"\#(name)","host":"\#(name).example","auth":"none"}"#
        }
        let cut = try read(object("a") + "\n" + object("b") + "\n" + #"{"name":"c","ho"#, format: "json")
        #expect(cut.items.isEmpty, "\(cut.lines)")
        #expect(
            cut.problems.contains { $0.hasPrefix("line 3: not JSON") }
                && cut.problems.contains { $0.contains("cut off") })
        // One bad line of a whole file keeps only itself out.
        let bad = try read(object("a") + "\n{\n" + object("b") + "\n", format: "json")
        #expect(bad.items.map(\.profile.name) == ["a", "b"] && bad.problems.count == 1)
        let array = try read("[\n\(object("a")),\n\(object("b")),\n{\"name\":", format: "json")
        #expect(
            array.items.isEmpty && array.problems.contains { $0.hasPrefix("line 4") }, "\(array.problems)")
        let spread = try read(
            "{\n \"name\": \"a\",\n \"host\": \"a.example\",\n \"auth\": \"none\"\n}\n", format: "json")
        #expect(spread.items.map(\.profile.name) == ["a"] && spread.problems.isEmpty)
        // A separator of Unicode is a part of a text.
        let separated = try read(
            #"{"name":"a","host":"a.example","auth":"none","notes":"x"# + "\u{2028}" + "y\"}\n",
            format: "json")
        #expect(separated.items.first?.profile.notes == "x\u{2028}y", "\(separated.lines)")
    }

    @Test func `hostile names are made fit in pgfob's own formats, too`() throws {
        let json = try read(
            #"{"name":"a\u001b[2J\u202eb","group":"g\nh","tags":["x\u200by"],"host":"a.example","auth":"none"}"#
        )
        let profile = try #require(json.items.first?.profile, "\(json.lines)")
        #expect(!profile.name.contains("\u{1b}") && !profile.name.contains("\u{202e}"), "\(profile.name)")
        #expect(profile.problems().allSatisfy { $0.severity == .note } && json.notes.count == 3)
        let csv = try read("name,host\na\u{202e}b,a.example\n")
        #expect(csv.items.first?.profile.name == "a b" && csv.items.first?.notes.isEmpty == false)
        // Joiners make one sign of several.
        let family = "\u{1F468}\u{200D}\u{1F469}"
        #expect(try read("name,host\n\(family),a.example\n").items.first?.profile.name == family)
    }

    @Test func `twenty thousand of one name take numbers in one go`() throws {
        let lines = (0..<20_000).map { #"{"name":"same","host":"h\#($0).example","auth":"none"}"# }
        let intake = try read(lines.joined(separator: "\n") + "\n")
        #expect(intake.items.count == 20_000 && intake.items.last?.profile.name == "same (20000)")
    }

    @Test func `pgAdmin's command finds the store, and nothing of a name is put in for something else`()
        throws
    {
        var surroundings = fixture.surroundings
        surroundings.program = "/opt/my tools/pgfob"
        surroundings.storeIsNamed = true
        let profile = Fixture.orders { $0.name = "100%HOSTNAME% it's" }
        let text = Exporter(surroundings).text(of: [profile], format: "pgadmin")
        let tree = try #require(JSONTree(text.utf8))
        let command = try #require(tree["Servers"]?["1"]?["PasswordExecCommand"]?.string)
        #expect(!command.contains("%HOSTNAME%"))
        #expect(
            ShellWords.split(command) == [
                "/opt/my tools/pgfob", "--store", surroundings.storePath, "token", profile.name,
            ])
        #expect(try read(text).items.first?.profile.auth == .iam)
    }

    @Test func `a keyword that libpq does not know keeps no exported text from being read`() throws {
        let profile = Fixture.orders { $0.parameters = ["kebpalives": "1", "keepalives": "1"] }
        for format in ["uri", "psql", "service", "pgadmin"] {
            let text = Exporter(fixture.surroundings).text(of: [profile], format: format)
            let back = try read(text, format: format)
            #expect(back.items.first?.profile.parameters == profile.parameters, "\(text)\(back.lines)")
        }
    }
}

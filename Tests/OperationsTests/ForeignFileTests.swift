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

    @Test func `the driver's properties of DataGrip and DBeaver are read, and what shares a tunnel has it`()
        throws
    {
        let grip = try read(
            """
            <p><data-source name="a"><jdbc-url>jdbc:postgresql://h.example/d?ApplicationName=url</jdbc-url>
            <driver-properties><property name="connectTimeout" value="7"/><property name="targetServerType" value="secondary"/>
            <property name="ApplicationName" value="late"/><property name="prepareThreshold" value="3"/></driver-properties>
            </data-source></p>
            """, "dataSources.xml")
        let item = try #require(grip.items.first)
        #expect(item.profile.connectTimeout == 7 && item.profile.applicationName == "url")
        #expect(item.profile.parameters["target_session_attrs"] == "standby", "\(item)")
        #expect(item.notes.contains("prepareThreshold left out: it is the JDBC driver's"), "\(item.notes)")
        let beaver = try read(
            #"""
            {"connections": {
              "p1": {"provider": "postgresql", "name": "a", "configuration": {"host": "\#(ImporterTests.rds)", "user": "u",
                "auth-model": "aws_iam", "auth-properties": {"aws-profile": "acme", "region": "eu-west-1", "roleArn": "r"},
                "config-profile": "bast"}},
              "p2": {"provider": "postgresql", "name": "b", "configuration": {"host": "h", "config-profile": "gone"}}},
             "network-profiles": {"n1": {"name": "bast", "handlers": {"ssh_tunnel": {"enabled": true, "properties":
               {"host": "b.example", "jumpServer0.enabled": "true", "jumpServer0.host": "j.example"}}}}}}
            """#, "data-sources.json")
        let (a, b) = (beaver.items[0], beaver.items[1])
        #expect(
            a.profile.tunnel == "ssh b.example" && a.profile.awsProfile == "acme" && a.profile.auth == .iam)
        #expect(
            a.profile.region?.rawValue == "eu-west-1" && a.notes.contains("roleArn of its login left out"))
        #expect(a.notes.contains { $0.hasPrefix("the jump server j.example left out") }, "\(a.notes)")
        #expect(b.notes.contains("its network profile left out: the file does not have it"), "\(b.notes)")
    }

    @Test func `DataGrip's folders are groups, found in the file beside its own`() throws {
        try fixture.folder.write(
            """
            <project><component name="db-forest-configuration"><data version="2">.
            1:0:f-1:Prod: EU
            2:1:f-2:orders
            9:9:f-9:ring
            ----------------------------------------
            3:2:u-1
            4:0:u-2
            5:9:u-3
            .</data></component></project>
            """, to: "db-forest-config.xml")
        let sources = ["u-1", "u-2", "u-3"].map {
            "<data-source name='\($0)' uuid='\($0)'><jdbc-url>jdbc:postgresql://\($0).example/d</jdbc-url></data-source>"
        }
        let intake = try read("<p>\(sources.joined())</p>", "dataSources.xml")
        #expect(intake.problems.isEmpty && intake.items.count == 3, "\(intake.lines)")
        #expect(intake.items[0].profile.group == "Prod: EU/orders" && intake.items[1].profile.group == nil)
        // A folder that lies in itself ends somewhere.
        #expect(intake.items[2].profile.group?.hasPrefix("ring/ring") == true)
        try fixture.folder.write("<project", to: "db-forest-config.xml")
        let broken = try read("<p>\(sources.joined())</p>", "dataSources.xml")
        #expect(broken.items.count == 3 && broken.problems.contains { $0.hasPrefix("db-forest-config.xml") })
    }

    @Test func `a file without anything in it is told so`() throws {
        let intake = try read(" \n\n")
        #expect(intake.items.isEmpty && intake.problems.isEmpty)
        #expect(
            intake.notes.count == 1 && intake.notes[0].hasPrefix("there is nothing in "), "\(intake.notes)")
    }

    @Test func `what signs for a psql line comes in with it, and its AWS profile once it is approved`() throws
    {
        let intake = try read(
            """
            PGPASSWORD="$(aws rds generate-db-auth-token --hostname \(ImporterTests.rds) --port 5432 \
              --username jo --profile acme)" psql "host=127.0.0.1 port=15432 user=jo dbname=d"
            """, format: "psql")
        let item = try #require(intake.items.first, "\(intake.lines)")
        #expect(item.profile.auth == .iam && item.profile.signingHost == "\(ImporterTests.rds):5432")
        #expect(item.toApprove.contains { $0.name == "aws_profile" && $0.text == "acme" })
        #expect(!item.notes.contains { $0.contains("password") }, "\(item.notes)")
    }

    @Test(arguments: [
        ("service", "[a]\n%\nhost=@\nuser=u\nsslmode=require\n"),
        ("uri", "%\npostgresql://u@@/d?sslmode=require\n"),
        ("psql", "%\npsql \"host=@ user=u sslmode=require\"\n"),
    ])
    func `what pgfob wrote beside a connection is not complained of`(format: String, text: String) throws {
        let own = #"# pgfob {"auth":"password","sslmode":"require"}"#
        // The URI has an at sign of its own before the host.
        let host = text.replacing("u@@", with: "u@\(ImporterTests.rds)").replacing(
            "=@", with: "=\(ImporterTests.rds)")
        let intake = try read(host.replacing("%", with: own), format: format)
        let item = try #require(intake.items.first, "\(intake.lines)")
        #expect(item.profile.sslmode == .require && item.profile.auth == .password, "\(intake.lines)")
        #expect(item.notes.isEmpty, "\(item.notes)")
        // Without that word of pgfob's the token stays protected.
        let plain = try read(host.replacing("%", with: "#"), format: format)
        #expect(plain.items.first?.profile.sslmode == .verifyFull, "\(plain.lines)")
    }

    @Test func `a service that LDAP completes stays the user's own`() throws {
        let intake = try read(
            "[a]\nldap://l.example/dc=x?y?one?(cn=d)\n[b]\nhost=h.example\n", "pg_service.conf")
        #expect(intake.problems.isEmpty, "\(intake.lines)")
        let first = try #require(intake.items.first)
        #expect(first.profile.auth == .service && first.profile.service == "a" && first.profile.host.isEmpty)
        #expect(!first.notes.contains { $0.contains("refuse") }, "\(first.notes)")
    }

    @Test(arguments: [
        (
            "servers.json", "{\"Servers\": {\n\n \"1\": {\"Name\": \"a\", \"Host\": \"h\", \"Port\": 0}}}",
            "line 3, server 1 (a): port"
        ),
        (
            "data-sources.json",
            "{\"connections\": {// x\n\"p\": {\"provider\": \"postgresql\", \"configuration\": {\"host\": \"-h\"}}}}",
            "line 2, connection p: host"
        ),
        (
            "dataSources.xml",
            "<p>\n<data-source/>\n<data-source name=\"a\">\n<jdbc-url>jdbc:postgresql://h:0/d</jdbc-url></data-source></p>",
            "line 3, data source 2 (a): port"
        ),
        (
            "x.xml",
            "#DataSourceSettings#\n#BEGIN#\n<data-source name=\"a\">\n<jdbc-url>jdbc:postgresql://h:0/d</jdbc-url></data-source>",
            "line 3, data source 1 (a): port"
        ),
    ])
    func `an entry that does not fit is told with its line`(name: String, text: String, words: String) throws
    {
        let intake = try read(text, name)
        #expect(intake.problems.contains { $0.hasPrefix(words) }, "\(intake.problems)")
    }

    @Test func `pgfob's own file comes in once, though its names were taken`() throws {
        try fixture.book.add(Fixture.orders())
        let text = ["a", "b"].map { #"{"name":"orders","host":"\#($0).example","user":"u"}"# }
            .joined(separator: "\n")
        let first = try read(text)
        #expect(first.items.map(\.profile.name) == ["orders (2)", "orders (3)"])
        try fixture.book.write(ProfileBatch(first.items, approved: [], source: "x"))
        let again = try read(text)
        #expect(again.items.map(\.kind) == [.duplicate, .duplicate], "\(again.lines)")
        #expect(again.items.map(\.old?.name) == ["orders (2)", "orders (3)"])
        #expect(again.items.allSatisfy { !$0.isLeftOut })
        // A file that has the numbered one, too, means both.
        let both = try read(
            #"{"name":"orders","host":"a.example","user":"u"}"# + "\n"
                + #"{"name":"orders (2)","host":"a.example","user":"u"}"#)
        #expect(both.items.map(\.kind) == [.new, .duplicate], "\(both.lines)")
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

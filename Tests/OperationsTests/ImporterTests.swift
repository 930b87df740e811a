import Operations
import Profiles
import TestSupport
import Testing

/// Files of other programs, read with libpq's own judgement.
struct ImporterTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func read(_ text: String, _ name: String = "file", format: String? = nil) throws -> Intake {
        let path = try fixture.folder.write(text, to: name)
        return try Importer(fixture.book, home: nil).read(path, format: format)
    }

    private func profile(_ text: String, _ name: String = "file") throws -> Profile {
        let intake = try read(text, name)
        return try #require(intake.items.first?.profile, "\(intake)")
    }

    static let rds = "orders.cluster-c1x9abc.eu-west-1.rds.amazonaws.com"

    // MARK: Formats

    @Test(arguments: [
        ("[orders]\nhost=h.example\n", "service"), ("postgresql://jo@h.example/db\n", "uri"),
        ("# mine\npsql -h h.example -U jo\n", "psql"), ("PGSSLMODE=require psql -h h.example\n", "psql"),
        ("h.example:5432:db:jo:x\n", "pgpass"),
        (#"{"Servers":{"1":{"Name":"a","Host":"h.example","Port":5432,"Username":"jo"}}}"#, "pgadmin"),
        (
            #"{"folders":{},"connections":{"a":{"provider":"postgresql","configuration":{"host":"h.example"}}}}"#,
            "dbeaver"
        ),
        (
            "<?xml version=\"1.0\"?><p><data-source name=\"a\"><jdbc-url>jdbc:postgresql://h.example/d</jdbc-url></data-source></p>",
            "datagrip"
        ),
        ("[main]\nkeyring = False\n[alias_dsn]\na = postgresql://h.example/db\n", "pgcli"),
        ("name,host,user\na,h.example,jo\n", "csv"), ("host;port\nh.example;5433\n", "csv"),
        (#"{"name":"a","host":"h.example","auth":"none"}"#, "json"),
        ("[\n {\"name\":\"a\",\"host\":\"h.example\",\"auth\":\"none\"}]", "json"),
        ("h.example:5433\n", "uri"), ("host=h.example user=jo\n", "uri"),
    ])
    func `the format is found out, with a byte order mark and with any line ends`(
        text: String, format: String
    ) throws {
        let expected = try read(text, format: format)
        #expect(expected.items.first?.profile.host == "h.example", "\(expected)")
        for variant in [text, "\u{feff}" + text, text.replacing("\n", with: "\r\n")] {
            let found = try read(variant)
            #expect(found.items.map(\.profile.host) == expected.items.map(\.profile.host), "\(found)")
            #expect(found.problems.isEmpty, "\(found)")
        }
    }

    @Test func `a service file is read where libpq would refuse it, and that is said`() throws {
        let intake = try read(
            """
            # mine
            [orders]
              host = h.example
            user=jo
            user=other
            load_balance=x
            [orders]
            host=second.example
            [reporting db]
            hostaddr=10.0.0.7
            dbname='rep'
            [elsewhere]
            dbname=x
            """, "pg_service.conf")
        #expect(intake.items.map(\.profile.name) == ["orders", "reporting db", "elsewhere"])
        try #require(intake.items.count == 3, "\(intake)")
        let (orders, reporting) = (intake.items[0], intake.items[1])
        #expect(orders.profile.host == "h.example" && orders.profile.user == "jo")
        #expect(orders.notes.contains { $0.contains("libpq will refuse line 3") })
        #expect(orders.notes.contains { $0.contains("does not know load_balance") })
        #expect(intake.notes.contains { $0.contains("line 7") && $0.contains("takes the first") })
        #expect(reporting.profile.host == "10.0.0.7" && reporting.profile.database == "rep")
        #expect(intake.items[2].profile.auth == .service && intake.items[2].profile.service == "elsewhere")
    }

    @Test func `both generations of pgAdmin's file are read, and no command of theirs is run`() throws {
        let marker = fixture.folder.file("ran")
        let intake = try read(
            #"""
            {"Servers": {"2": {"Name": "new", "Group": "team", "Host": "\#(Self.rds)", "Port": 5432,
              "MaintenanceDB": "orders", "Username": "iam_dba", "Role": "dba", "Comment": "mine",
              "PasswordExecCommand": "aws rds generate-db-auth-token --profile acme --hostname %HOSTNAME%",
              "ConnectionParameters": {"sslmode": "require", "sslrootcert": "/ca.pem", "connect_timeout": 10,
                "sslcert": "<STORAGE_DIR>/x.crt"}, "Tags": [{"text": "pci", "color": "#fff"}]},
             "10": {"Name": "old", "Group": "Servers", "Host": "h.example", "HostAddr": "10.0.0.7", "Port": 5433,
              "MaintainanceDB": "x", "Username": "jo", "SSLMode": "prefer", "Timeout": 5,
              "PasswordExecCommand": "touch \#(marker); echo hunter2",
              "UseSSHTunnel": 1, "TunnelHost": "bastion.example", "TunnelPort": "2222", "TunnelUsername": "jo"}}}
            """#, "servers.json")
        try #require(intake.items.count == 2, "\(intake)")
        let (new, old) = (intake.items[0], intake.items[1])
        #expect(new.profile.auth == .iam && new.profile.group == "team" && new.profile.tags == ["pci"])
        #expect(new.profile.sslmode == .verifyFull && new.profile.connectTimeout == 10)
        #expect(new.profile.parameters == ["options": "-c role=dba"] && new.profile.notes == "mine")
        #expect(
            new.toApprove == [PersonalValue("aws_profile", "acme"), PersonalValue("sslrootcert", "/ca.pem")])
        #expect(old.profile.auth == .password && old.profile.database == "x" && old.profile.group == nil)
        #expect(old.profile.sslmode == .verifyFull && old.profile.connectTimeout == 5)
        #expect(
            old.toApprove == [
                PersonalValue("tunnel", "ssh jo@bastion.example:2222"), PersonalValue("dial", "10.0.0.7"),
            ])
        #expect(fixture.folder.read("ran") == nil && !"\(intake)".contains("hunter2"))
    }

    @Test func `DBeaver's file is read with comments, folders, types, TLS and tunnels`() throws {
        let intake = try read(
            #"""
            // by hand
            {"folders": {"team": {}, "sub": {"parent": "team"},},
             "connection-types": {"x1": {"name": "Quality"}},
             "connections": {
               "postgres-1": {"provider": "postgresql", "name": "one", "folder": "sub", "read-only": true,
                 "description": "d", "configuration": {"host": "\#(Self.rds)", "port": "5433", "database": "o",
                   "user": "jo", "type": "prod", "color": "255,0,0", "properties": {"sslmode": "require", "ApplicationName": "db"},
                   "handlers": {"ssh_tunnel": {"type": "TUNNEL", "enabled": true, "properties": {"host": "b.example", "port": 22}},
                     "postgre_ssl": {"enabled": true, "properties": {"ssl.ca.cert": "/ca.pem"}}}}},
               "postgres-2": {"provider": "postgresql", "name": "two", "configuration": {
                   "host": "wrong", "configurationType": "URL", "type": "x1", "auth-model": "postgres_pgpass",
                   "url": "jdbc:postgresql://h.example:5434/d?user=u&password=hunter2&ssl=true"}},
               "mysql-1": {"provider": "mysql", "configuration": {"host": "m"}},
               "broken": 7,
             }, /* end */
            }
            """#, "data-sources.json")
        try #require(intake.items.count == 2, "\(intake)")
        let (one, two) = (intake.items[0].profile, intake.items[1].profile)
        #expect(
            one.group == "team/sub" && one.environment == .prod && one.readOnly == true && one.port == 5433)
        #expect(one.sslmode == .verifyFull && one.sslrootcert == "/ca.pem" && one.applicationName == "db")
        #expect(one.notes == "d" && one.tunnel == "ssh b.example" && one.auth == .iam)
        #expect(intake.items[0].notes.contains("its colour left out"))
        #expect(two.host == "h.example" && two.port == 5434 && two.database == "d" && two.user == "u")
        #expect(two.environment == .other("Quality") && two.auth == .pgpass && two.sslmode == .verifyFull)
        #expect(intake.notes == ["1 connection to other databases left out"])
        #expect(intake.problems.count == 1 && !"\(intake)".contains("hunter2"))
    }

    @Test func `DataGrip's file is read with the AWS Toolkit's signing host`() throws {
        let source = """
            <data-source source="LOCAL" name="or &amp; ders" uuid="1" read-only="true">
              <driver-ref>postgresql</driver-ref>
              <jdbc-url>jdbc:postgresql://localhost:15432/orders</jdbc-url>
              <user-name>iam_dba</user-name><auth-provider>aws.rds.iam</auth-provider>
              <jdbc-additional-properties>
                <property name="AWS.CredentialId" value="profile:acme"/><property name="AWS.RegionId" value="eu-west-1"/>
                <property name="AWS.RdsSigningHost" value="\(Self.rds)"/><property name="AWS.RdsSigningPort" value="5432"/>
              </jdbc-additional-properties>
              <ssl-config><ca-cert>/ca.pem</ca-cert><enabled>true</enabled><mode>REQUIRE</mode></ssl-config>
            </data-source>
            """
        for text in [
            "<?xml version=\"1.0\"?>\n<project><component>\(source)</component></project>",
            "#DataSourceSettings#\n#LocalDataSource: x\n#BEGIN#\n\(source)\n#END#\n",
        ] {
            let profile = try profile(text, "dataSources.xml")
            #expect(profile.name == "or & ders" && profile.auth == .iam && profile.port == 15_432)
            #expect(profile.signingHost == "\(Self.rds):5432" && profile.awsProfile == "acme")
            #expect(
                profile.readOnly == true && profile.sslmode == .require && profile.sslrootcert == "/ca.pem")
        }
    }

    @Test func `passwords are dropped from every format, and said`() throws {
        let files = [
            "[a]\nhost=h.example\npassword=hunter2\n", "postgresql://jo:hunter2@h.example/db\n",
            "PGPASSWORD=hunter2 psql -h h.example\n", "h.example:5432:db:jo:hunter2\n",
            #"{"Servers":{"1":{"Name":"a","Host":"h.example","Port":1,"Username":"u","Password":"hunter2"}}}"#,
            #"{"connections":{"a":{"provider":"postgresql","configuration":{"host":"h.example","password":"hunter2"}}}}"#,
            "<p><data-source><jdbc-url>jdbc:postgresql://h.example/d?password=hunter2</jdbc-url></data-source></p>",
            "[alias_dsn]\na = postgresql://jo:hunter2@h.example/db\n", "host,password\nh.example,hunter2\n",
            #"{"name":"a","host":"h.example","auth":"none","password":"hunter2"}"#,
        ]
        for text in files {
            let intake = try read(text)
            #expect(intake.items.count == 1 && intake.problems.isEmpty, "\(intake)")
            #expect(!"\(intake)".contains("hunter2"), "\(text)")
            #expect(
                (intake.notes + intake.items.flatMap(\.notes)).contains { $0.contains("dropped") },
                "\(intake)")
        }
    }

    // MARK: Duplicates, names, approvals

    @Test func `what is saved already is known by host, port, database and user, whatever its name`() throws {
        try fixture.book.add(Fixture.orders())
        let line = "postgresql://iam_dba@\(Fixture.orders().host.uppercased()).:5432/orders"
        let intake = try read("\(line)\n\(line.replacing("iam_dba", with: "other"))\n")
        #expect(intake.items.map(\.kind) == [.duplicate, .new])
        #expect(intake.items[0].old?.name == "orders" && !intake.items[0].isWanted)
        // pgfob's own file means the other name that it gives.
        let orders = Fixture.orders()
        let own = try read(
            ["orders", "other"].map {
                #"{"name":"\#($0)","host":"\#(orders.host)","user":"iam_dba","database":"orders"}"#
            }
            .joined(separator: "\n"))
        #expect(own.items.map(\.kind) == [.duplicate, .new], "\(own)")
    }

    @Test func `names that are taken get a number, and hostile ones are made fit`() throws {
        try fixture.book.add(Fixture.orders())
        let intake = try read(
            #"""
            {"Servers":{"1":{"Name":"Orders","Host":"a.example","Port":1,"Username":"u"},
             "2":{"Name":"--e\u001b[2J\u202evil\n\u0007x","Group":"a\nb","Host":"b.example","Port":1,"Username":"u"},
             "3":{"Name":"n","Host":"-oProxyCommand=x","Port":1,"Username":"u"},
             "4":{"Name":"n","Host":"h'; drop","Port":1,"Username":"u"}}}
            """#)
        #expect(intake.items.map(\.profile.name) == ["Orders (2)", "e [2J vil x"])
        #expect(intake.items[1].profile.group == "a b")
        #expect(
            intake.problems.count == 2 && intake.problems.allSatisfy { $0.contains("host") },
            "\(intake.problems)")
    }

    @Test func `what belongs to one machine comes in only where it is approved`() throws {
        let intake = try read(
            #"{"name":"a","host":"\#(Self.rds)","user":"u","dial":"127.0.0.1:1","sslrootcert":"/ca","aws_profile":"p","sslmode":"require","parameters":{"sslcert":"/c","keepalives":"1"}}"#
        )
        let item = try #require(intake.items.first)
        #expect(item.toApprove.map(\.name) == ["aws_profile", "sslrootcert", "dial", "sslcert", "sslmode"])
        let plain = item.profile(approving: false)
        #expect(plain.dial == nil && plain.sslrootcert == nil && plain.awsProfile == nil)
        #expect(plain.sslmode == .verifyFull && plain.parameters == ["keepalives": "1"])
        #expect(item.profile(approving: true) == item.profile)
    }

    @Test func `one transaction brings all in, and one takes all back`() throws {
        let intake = try read("postgresql://jo@a.example/db\npostgresql://jo@b.example/db\n")
        var batch = ProfileBatch(intake.items, approved: [], source: "f")
        try fixture.book.write(batch)
        #expect(try fixture.book.live().count == 2)
        var clash = ProfileBatch(intake.items, approved: [], source: "f")
        clash.inserted[0].name = "free"
        #expect(throws: Refusal.self) { try fixture.book.write(clash) }
        #expect(try fixture.book.live().count == 2)
        try fixture.book.write(batch.opposite)
        #expect(try fixture.book.live().isEmpty)
        try fixture.book.write(batch.again)
        #expect(try fixture.book.live().count == 2)
        let undone = try #require(try fixture.book.undoLastIntake())
        #expect(undone.count == 2 && undone.source == "f")
        #expect(try fixture.book.live().isEmpty && fixture.book.undoLastIntake() == nil)
        // One that was taken back otherwise is passed over.
        try fixture.book.write(
            ProfileBatch(read("postgresql://jo@c.example/db\n").items, approved: [], source: "g"))
        let late = try read("postgresql://jo@d.example/db\n")
        try fixture.book.write(ProfileBatch(late.items, approved: [], source: "h"))
        try fixture.book.trash(late.items.map(\.profile.id))
        #expect(try fixture.book.undoLastIntake()?.source == "g")
        batch.source = nil
        #expect(batch.words("imported") == "imported 2 profiles")
    }

    // MARK: Bad files

    @Test(arguments: [
        (
            #"{"Servers":{"1":{"Name":"a","Host":"h"#,
            "line 1: not JSON: a text has no closing quote: was the file cut off?"
        ),
        (#"{"Servers":{"1":{"Password":hunter2}}}"#, "line 1: not JSON: a word without quotes is no value"),
        ("[{\"name\":\"a\",\"host\":\"h\"},\n{\"name\":\"b\"", "line 2: not JSON: it ends inside an object"),
        ("{\n\"Servers\":{\n\"1\":{\"Name\":7,,", "line 3: not JSON"),
        ("<p>\n<data-source>", "line 2"), ("<!DOCTYPE p [<!ENTITY a \"b\">]>\n<p>&a;</p>", "document type"),
        ("name,host\n\"a,h.example\n", "line 2: a quote is not closed"),
        ("[x", "line 1: a service begins as [NAME]"),
        ("[a]\nhost\n", "line 2"), ("psql -h h.example \\", "was it cut off?"),
        ("postgresql://h.example:5432\npostgresql://[::1/x\n", "line 2: libpq does not read it"),
        ("[alias_dsn]\nnothing\n", "line 2"), ("name,port,host\na,54x2,h\n", "line 2: port"),
        ("name,host\na,h,too,many\n", "line 2: has 4 values for 2 columns"),
        ("h:1:d\nh.example:5432:db:jo:x:y:z\n", "line 1: has 3 of the 5 fields"),
        ("hello world\n", "no format"),
    ])
    func `what is wrong is told with its line`(text: String, words: String) throws {
        do {
            let intake = try read(text)
            #expect(intake.problems.contains { $0.contains(words) }, "\(intake)")
        } catch let refusal as Refusal {
            #expect(refusal.line.contains(words))
        }
    }

    @Test func `a file in another encoding, or none, is refused with the line`() throws {
        let path = fixture.folder.file("latin")
        for (bytes, words) in [
            (Array("[a]\n# gr".utf8) + [0xfc, 0x0a], "line 2 is not UTF-8"),
            ([0x5b, 0x61, 0x5d, 0x0a, 0], "line 2 has a NUL"),
            ([0xff, 0xfe, 0x5b], "cut off"),
        ] {
            try fixture.folder.write(bytes: bytes, to: "latin")
            let refusal = #expect(throws: Refusal.self) {
                try Importer(fixture.book, home: nil).read(path, format: nil)
            }
            #expect(refusal?.line.contains(words) == true, "\(String(describing: refusal))")
        }
        let wide = "[a]\nhost=h.example\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        try fixture.folder.write(bytes: [0xff, 0xfe] + wide, to: "latin")
        #expect(try Importer(fixture.book, home: nil).read(path, format: nil).items.count == 1)
    }

    @Test func `deep nests and an XML bomb end in a problem, not in a crash`() throws {
        for opening in ["[", "{\"Servers\":", "{\"connections\":[", "<a>"] {
            let intake = try read(String(repeating: opening, count: 200_000))
            #expect(intake.items.isEmpty && !intake.problems.isEmpty)
        }
        let bomb =
            "<!DOCTYPE l [<!ENTITY a \"ha\">"
            + (1..<30).map { "<!ENTITY a\($0) \"&a\($0 - 1);&a\($0 - 1);\">" }.joined() + "]><l>&a29;</l>"
        #expect(try read(bomb).problems.count == 1)
    }

    @Test func `fifty thousand entries come in`() throws {
        let lines = (0..<50_000).map { "h\($0).example:5432:db:jo:hunter2" }.joined(separator: "\n")
        let intake = try read(lines, ".pgpass")
        #expect(intake.count(.new) == 50_000 && intake.problems.isEmpty)
        #expect(Set(intake.items.map(\.profile.foldedName)).count == 50_000)
    }

    @Test func `a role of pgAdmin's stays one word of the options, whatever it holds`() throws {
        let path = try fixture.folder.write(
            #"""
            {"Servers": {"1": {"Name": "a", "Host": "h.example", "Port": 5432, "Username": "u", "MaintenanceDB": "d",
              "Role": "a\\ -c default_transaction_read_only=off"}}}
            """#, to: "servers.json")
        let profile = try #require(
            try Importer(fixture.book, home: nil).read(path, format: nil).items.first?.profile)
        #expect(
            profile.parameters["options"] == #"-c role=a\\\ -c\ default_transaction_read_only=off"#,
            "\(profile.parameters)")
    }
}

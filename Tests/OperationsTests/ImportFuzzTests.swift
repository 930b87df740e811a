import Operations
import Profiles
import TestSupport
import Testing

/// Other programs' files, spoilt: an intake or a refusal comes, never a trap; what comes in can be saved, and no
/// password is in it.
@Suite(.timeLimit(.minutes(14)))
struct ImportFuzzTests {
    private static let samples: [(String, String)] = [
        (
            "service",
            "[a b]\n# pgfob {\"group\":\"g\"}\nhost=h.example\nport=5433\n\n[c]\nhost = x\npassword=hunter2\n"
        ),
        (
            "uri",
            "# pgfob {\"name\":\"n\"}\npostgresql://jo:hunter2@h.example:5433/db?sslmode=require&options=-c%20a%3Db\n"
        ),
        (
            "psql",
            "PGPASSWORD=hunter2 psql \"host=h.example user='j o'\" -c 'select 1'\npsql -h x \\\n -U y\n"
        ),
        ("pgpass", "h.example:5432:db:j\\:o:hunter2\n*:*:*:*:x\n"),
        (
            "pgadmin",
            #"{"Servers":{"1":{"Name":"a\u00e9","Group":"g","Host":"h.example","Port":5432,"Username":"u","Tags":[{"text":"t"}],"ConnectionParameters":{"sslmode":"prefer"},"pgfob":{"pinned":"yes"}}}}"#
        ),
        (
            "dbeaver",
            #"{/*x*/"folders":{"a":{"parent":"b"},"b":{"parent":"a"}},"connections":{"a":{"provider":"postgresql","folder":"a","configuration":{"url":"jdbc:postgresql://h.example:1/d?ssl=true","handlers":{"ssh":{"enabled":true,"properties":{"host":"b"}}}}},}}"#
        ),
        (
            "datagrip",
            "<p><data-source name='a&amp;b'><jdbc-url>jdbc:postgresql://h.example/d</jdbc-url><ssl-config><enabled>true</enabled><mode>VERIFY_CA</mode></ssl-config></data-source></p>"
        ),
        (
            "pgcli",
            "[main]\n[alias_dsn]\na = \"postgresql://h.example/db\"\n[alias_dsn.init-commands]\na = x\n"
        ),
        ("csv", "name,host,tags,notes\r\na,h.example,\"x,y\",\"two\nlines \"\"q\"\"\"\r\n"),
        (
            "json",
            #"{"name":"a","host":"h.example","auth":"none","tags":["x"],"parameters":{"keepalives":1}}"#
        ),
    ]

    @Test func `every reader of files survives what is almost one`() throws {
        let fixture = try Fixture()
        let importer = Importer(fixture.book, home: nil)
        let path = fixture.folder.file("spoilt")
        var dice = SeededDice(seed: 7)
        for round in 0..<Fuzzing.rounds(1500) {
            let (format, sample) = Self.samples[round % Self.samples.count]
            try fixture.folder.write(bytes: Fuzzing.mutated(Array(sample.utf8), &dice), to: "spoilt")
            for named in [format, nil] {
                do throws(Refusal) {
                    let intake = try importer.read(path, format: named)
                    for item in intake.items {
                        #expect(item.profile.problems().allSatisfy { $0.severity == .note })
                    }
                } catch {
                    #expect(!error.what.isEmpty && !error.remedy.isEmpty)
                }
            }
        }
    }
}

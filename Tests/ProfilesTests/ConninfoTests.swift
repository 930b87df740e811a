import Profiles
import Secrets
import TestSupport
import Testing

struct ConninfoTests {
    /// Awkward values, drawn with a seed.
    private static func values(_ count: Int) -> [String] {
        var generator = SeededDice(seed: 7)
        let alphabet = Array(" '\\=:;\"$`!%&?#@/abcZ09-_.äé会\t")
        return (0..<count).map { _ in
            String(
                (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? "a"
                })
        }
    }

    @Test func `keyword text reads back as it was written, whatever the values`() {
        for value in Self.values(2000) {
            let conninfo = Conninfo(settings: [
                .init("host", "h"), .init("dbname", value), .init("user", "u"),
            ])
            #expect(Conninfo.read(conninfo.keywordText) == conninfo.settings, "\(value)")
        }
    }

    @Test(arguments: [
        ("host=a port=5432", ["host": "a", "port": "5432"]), ("  host = 'a b'  ", ["host": "a b"]),
        (#"user='it\'s' dbname='back\\slash'"#, ["user": "it's", "dbname": #"back\slash"#]),
        (#"user=a\ b"#, ["user": "a b"]), ("user='' host=h", ["user": "", "host": "h"]),
        ("host=a host=b", ["host": "b"]), (#"user=trailing\"#, ["user": "trailing"]), ("", [:]),
    ])
    func `keyword text is read as libpq reads it`(text: String, expected: [String: String]) throws {
        let settings = try #require(Conninfo.read(text))
        #expect(Dictionary(uniqueKeysWithValues: settings.map { ($0.keyword, $0.value) }) == expected)
    }

    @Test(arguments: ["host", "host=a port", "user='open", "=x", "a b=c"])
    func `what libpq would refuse is refused`(text: String) {
        #expect(Conninfo.read(text) == nil)
    }

    @Test(arguments: [("1", "require"), ("0", "prefer")])
    func `the keyword that came before sslmode is read as libpq reads it`(value: String, mode: String) {
        #expect(Conninfo.read("sslmode=disable requiressl=\(value)") == [.init("sslmode", mode)])
    }

    @Test func `a URI encodes what its places cannot hold`() {
        let conninfo = Conninfo(settings: [
            .init("host", "::1"), .init("port", "5433"), .init("dbname", "a/b"), .init("user", "j@x:y"),
            .init("options", "-c x=1"),
        ])
        #expect(conninfo.uriText == "postgresql://j%40x%3Ay@[::1]:5433/a%2Fb?options=-c%20x%3D1")
        let folder = Conninfo(settings: [.init("host", "/run/a:b"), .init("port", "5433")])
        #expect(folder.uriText == "postgresql://%2Frun%2Fa%3Ab:5433")
    }

    @Test func `the psql command is quoted so that a shell expands nothing`() {
        let plain = Conninfo(settings: [.init("host", "h"), .init("dbname", "my db")])
        #expect(plain.psqlText == "psql \"host=h dbname='my db'\"")
        let sly = Conninfo(settings: [.init("dbname", "`id`$(id)'x")])
        #expect(sly.psqlText.hasPrefix("psql '") && sly.psqlText.hasSuffix("'"))
        #expect(PastedText.read(sly.psqlText) == .conninfo(sly.keywordText))
    }

    @Test func `the order is host, port, sslmode, sslrootcert, dbname, user, then the rest`() {
        var profile = Profile(name: "orders", host: "Orders.Example.")
        profile.user = "jo"
        profile.connectTimeout = 5
        profile.applicationName = "mine"
        profile.parameters = ["keepalives": "1", "options": "-c a=b", "channel_binding": "prefer"]
        let conninfo = profile.conninfo(
            hostaddr: "10.0.0.1", sslrootcert: "/ca.pem", passfile: "/proc/self/fd/9", readOnly: true)
        #expect(
            conninfo.settings.map(\.keyword) == [
                "host", "port", "sslmode", "sslrootcert", "dbname", "user", "hostaddr", "connect_timeout",
                "application_name", "options", "channel_binding", "keepalives", "passfile",
            ])
        #expect(conninfo["host"] == "orders.example")
        #expect(conninfo["options"] == "-c a=b -c default_transaction_read_only=on")
    }

    @Test(arguments: [
        ("orders-writer", "h.example", "pgfob/orders-writer"), ("会計-本番", "kaikei.cluster-x", "pgfob/kaikei"),
        ("注文db", "h.example", "pgfob/?db"), ("Köln", "h.example", "pgfob/K?ln"), ("会計", "", "pgfob"),
        ("会計", "10.1.2.3", "pgfob/10.1.2.3"), ("会計", "/var/run", "pgfob//var/run"),
        (String(repeating: "x", count: 80), "h", "pgfob/" + String(repeating: "x", count: 57)),
    ])
    func `the server is told a name that it can show`(name: String, host: String, expected: String) {
        #expect(Profile(name: name, host: host).ownApplicationName == expected)
    }

    @Test func `a profile by service leaves to the service what it does not set`() {
        var profile = Profile(name: "s")
        profile.auth = .service
        profile.service = "billing"
        #expect(profile.conninfo().keywordText == "service=billing")
    }

    @Test func `a password file line escapes colons and backslashes in every field`() {
        let line = PasswordFile.line(
            host: "::1", port: "5432", database: "*", user: #"a\b"#, secret: Secret("x:y\\z"))
        #expect(line.reveal() == "\\:\\:1:5432:*:a\\\\b:x\\:y\\\\z\n")
        let padded = PasswordFile.padded(line, to: 64)?.reveal()
        #expect(padded?.utf8.count == 64 && padded?.hasPrefix(line.reveal()) == true)
        #expect(PasswordFile.padded(line, to: 4) == nil)
    }

    @Test func `what is dialled has its own port, and a service's where it names none`() {
        var profile = Profile(name: "s", host: "h.example")
        profile.dial = "127.0.0.1"
        #expect(profile.conninfo(at: profile.knownAddress)["port"] == "5432")
        profile.auth = .service
        profile.service = "s"
        #expect(profile.conninfo(at: profile.knownAddress)["port"] == nil)
        profile.dial = "127.0.0.1:15999"
        let conninfo = profile.conninfo(at: profile.knownAddress)
        #expect(conninfo.keywordText == "service=s host=h.example port=15999 hostaddr=127.0.0.1")
        profile.tunnel = "ssh jump"
        #expect(profile.knownAddress == nil && profile.conninfo()["sslmode"] == "verify-full")
    }
}

import Formats
import Profiles
import Testing

struct ProfileJSONTests {
    @Test func `export has every writable field, in the order of the contract`() {
        let line = ProfileJSON.export(Profile(name: "orders", host: "h.example"))
        #expect(
            line == """
                {"name":"orders","group":null,"environment":null,"tags":[],"notes":"","pinned":false,\
                "host":"h.example","port":5432,"database":"postgres","user":null,"auth":"iam","service":null,\
                "aws_profile":null,"region":null,"dial":null,"signing_host":null,"sslmode":"verify-full",\
                "sslrootcert":null,"connect_timeout":null,"application_name":null,"read_only":null,\
                "confirm":null,"parameters":{},"tunnel":null}
                """)
    }

    @Test func `what was exported reads back the same, whatever the fields hold`() throws {
        var generator = Generator(state: 3)
        for _ in 0..<300 {
            let profile = generator.profile()
            let reading = ProfileJSON.read(ProfileJSON.export(profile))
            var back = try #require(reading.profiles.first, "\(reading.problems)")
            back.id = profile.id
            #expect(back == profile)
            #expect(reading.problems.isEmpty && reading.notes.isEmpty)
        }
    }

    @Test func `one array reads as lines do`() {
        let lines = ["a", "b"].map { #"{"name":"\#($0)","host":"h.example","auth":"none"}"# }
        let one = ProfileJSON.read("[\(lines.joined(separator: ", "))]").profiles.map(\.name)
        #expect(one == ["a", "b"])
        #expect(ProfileJSON.read(lines.joined(separator: "\n\n")).profiles.map(\.name) == one)
    }

    @Test func `a number or a flag may stand where a text is expected, and null means the default`() {
        let reading = ProfileJSON.read(
            #"{"name":"a","host":"h.example","auth":"none","port":"5433","read_only":"no","group":null,"parameters":{"keepalives":1}}"#
        )
        #expect(reading.profiles.first?.port == 5433 && reading.profiles.first?.readOnly == false)
        #expect(reading.profiles.first?.parameters == ["keepalives": "1"])
    }

    @Test(arguments: [
        ("{", "line 1: not JSON"), ("[1,2]", "item 1: not a JSON object"), ("7", "line 1: not a JSON object"),
        (#"{"name":"a","host":"h","auth":"none","port":1e99}"#, "port"),
        (#"{"host":"h","auth":"none"}"#, "name"),
        (#"{"name":"a","host":"h","auth":"none","tags":"x"}"#, "tags"),
        (#"{"name":"a","host":"a\nb","auth":"none"}"#, "host"),
        (#"{"name":["a"],"host":"h"}"#, "name"),
    ])
    func `a wrong object is told with its place and field`(text: String, expected: String) {
        let reading = ProfileJSON.read(text)
        #expect(reading.profiles.isEmpty)
        #expect(reading.problems.count >= 1 && reading.problems[0].contains(expected), "\(reading.problems)")
    }

    @Test func `passwords are dropped wherever they stand, and said`() {
        let reading = ProfileJSON.read(
            #"{"name":"a","host":"h","auth":"none","password":"hunter2","parameters":{"sslpassword":"hunter2"}}"#
        )
        #expect(
            reading.notes.count == 2
                && reading.notes.allSatisfy { $0.contains("dropped") && !$0.contains("hunter2") })
        #expect(reading.profiles.count == 1 && !ProfileJSON.export(reading.profiles[0]).contains("hunter2"))
    }

    @Test func `deep, long and broken texts end in a problem, not in a crash`() {
        let deep = String(repeating: "[", count: 10_000)
        let long =
            #"{"name":"a","host":"h","auth":"none","notes":"\#(String(repeating: "x", count: 100_000))"}"#
        for text in [deep, long, "\u{0}", "{\"name\":\"\\ud800\"}", "[{}]"] {
            #expect(ProfileJSON.read(text).profiles.isEmpty)
            #expect(!ProfileJSON.read(text).problems.isEmpty)
        }
    }
}

/// Random profiles, the same at every run.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }

    private mutating func word(_ alphabet: String = "abcXYZ019_ .'\"\\%äé会計🚀$`") -> String {
        let letters = Array(alphabet)
        let count = Int.random(in: 1...9, using: &self)
        return "w" + String((0..<count).map { _ in letters.randomElement(using: &self) ?? "a" }) + "w"
    }

    private mutating func maybe(_ text: String) -> String? { Bool.random(using: &self) ? text : nil }

    mutating func profile() -> Profile {
        var profile = Profile(name: word(), host: "h\(word("abc019-")).example")
        profile.group = maybe(word())
        profile.environment =
            maybe(word()).flatMap { Environment($0) } ?? Environment.known.randomElement(using: &self)
        profile.tags = Array(Set([word("abcé会"), word("xyz-")])).sorted()
        profile.notes = maybe(word() + "\n" + word()) ?? ""
        profile.pinned = Bool.random(using: &self)
        profile.port = Int.random(in: 1...65_535, using: &self)
        profile.database = word()
        profile.user = word()
        profile.auth = Authentication.allCases.randomElement(using: &self) ?? .iam
        profile.service = word()
        profile.awsProfile = maybe(word())
        profile.region = Region(rawValue: "eu-west-\(Int.random(in: 1...9, using: &self))")
        profile.dial = maybe("127.0.0.1:\(profile.port)")
        profile.sslrootcert = maybe("/" + word())
        profile.connectTimeout = Int.random(in: 0...100, using: &self)
        profile.applicationName = maybe(word())
        profile.readOnly = maybe("x").map { _ in Bool.random(using: &self) }
        profile.confirm = ConfirmPolicy.allCases.randomElement(using: &self)
        profile.parameters = ["keepalives": "1", "options": "-c x='\(word())'"]
        return profile
    }
}

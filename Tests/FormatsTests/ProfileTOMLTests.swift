import Formats
import Profiles
import TestSupport
import Testing

/// A profile in an editor.
struct ProfileTOMLTests {
    @Test func `every field is there with its value, and what may stand there`() {
        var profile = Profile(name: "orders \"w\"", host: "h.example")
        profile.tags = ["pci", "eu"]
        profile.notes = "two\nlines\t\\ é 会"
        profile.parameters = ["keepalives": "1"]
        let text = ProfileTOML.write(profile)
        for field in ProfileField.allCases where field != .parameters {
            #expect(text.contains("\n\(field.rawValue) = "), "\(field.rawValue)")
        }
        #expect(text.contains(#"name = "orders \"w\"""#) && text.contains(#"tags = ["pci", "eu"]"#))
        #expect(text.contains(#"notes = "two\nlines\t\\ é 会""#) && text.contains("[parameters]"))
        #expect(text.contains("# iam, password, pgpass, service, none"))
    }

    @Test func `what is written reads back the same, whatever the fields hold`() {
        var dice = SeededDice(seed: 5)
        for _ in 0..<Fuzzing.rounds(200) {
            let profile = Self.profile(&dice)
            guard
                case .profile(let back, unknown: []) = ProfileTOML.read(
                    ProfileTOML.write(profile), base: profile)
            else {
                Issue.record("\(ProfileTOML.read(ProfileTOML.write(profile), base: profile))")
                continue
            }
            #expect(back == profile)
        }
    }

    private static func profile(_ dice: inout SeededDice) -> Profile {
        var profile = Profile(
            name: "p" + dice.word("abc é\"\\#=[]", 0...20).trimmingBlanks(), host: "h.example")
        profile.user = dice.word("abz_$\"'\\", 1...12)
        profile.environment = [nil, .prod, .other("qa \"x\"")].randomElement(using: &dice) ?? nil
        profile.notes = dice.word("ab\n\t\"\\#é会", 0...60).trimmingBlanks()
        profile.tags = Bool.random(using: &dice) ? ["a", "b\"c"] : []
        profile.port = Int.random(in: 1...65_535, using: &dice)
        profile.readOnly = [nil, true, false].randomElement(using: &dice) ?? nil
        profile.pinned = Bool.random(using: &dice)
        profile.connectTimeout = [nil, 0, 7].randomElement(using: &dice) ?? nil
        profile.parameters =
            Bool.random(using: &dice) ? ["keepalives_idle": "3 0'\\", "options": "-c a=b"] : [:]
        return profile
    }

    @Test func `lines that are wrong come back marked, all of them, and the marks go again`() throws {
        let base = Profile(name: "p", host: "h.example")
        let text = ProfileTOML.write(base).replacing("port = 5432", with: "port = \"54x2\"")
            .replacing("auth = \"iam\"", with: "auth = \"kerberos\"")
        guard case .broken(let faults) = ProfileTOML.read(text, base: base) else {
            Issue.record("it was taken")
            return
        }
        #expect(faults.count == 2)
        let marked = ProfileTOML.marked(text, faults)
        let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
        for (complaint, line) in [
            ("# pgfob: port ", "port = \"54x2\""), ("# pgfob: auth ", "auth = \"kerberos\""),
        ] {
            let at = try #require(lines.firstIndex { $0.hasPrefix(complaint) })
            #expect(lines[at + 1].hasPrefix(line))
        }
        let first = try #require(ProfileTOML.firstComplaint(marked))
        #expect(lines[first - 1].hasPrefix("port = "))
        let mended = marked.replacing("\"54x2\"", with: "5433").replacing("\"kerberos\"", with: "\"none\"")
        guard case .profile(let profile, unknown: []) = ProfileTOML.read(mended, base: base) else {
            Issue.record("\(ProfileTOML.read(mended, base: base))")
            return
        }
        #expect(profile.port == 5433 && profile.auth == .none && profile.id == base.id)
    }

    @Test(arguments: [
        ("name = \"p\"\nhost = \"h\"\nbroken here\n", 3, "expected"),
        ("name = \"p\"\nhost = \"h\"\nauth = \"iam\n", 3, "string"),
        ("host = \"h.example\"\n", nil, "name is missing"),
        ("name = \"p\"\nhost = 3.5\n", 2, "host is not a text"),
        ("name = \"p\"\nhost = \"h\"\nport = 70000\n", 3, "port"),
        ("name = \"p\"\nhost = \"h\"\ntags = 3\n", 3, "tags"),
        ("name = \"p\"\nhost = \"h\"\n[parameters]\nsslpassword = \"x\"\n", 3, "parameters"),
    ])
    func `a mistake is told with its line`(text: String, line: Int?, words: String) {
        guard case .broken(let faults) = ProfileTOML.read(text, base: Profile()), let fault = faults.first
        else {
            Issue.record("it was taken: \(ProfileTOML.read(text, base: Profile()))")
            return
        }
        #expect(fault.line == line, "\(fault)")
        #expect(fault.message.contains(words) && !fault.message.contains("\n"), "\(fault)")
    }

    @Test func `what pgfob does not know is kept for the next time`() {
        let text = "name = \"p\"\nhost = \"h\"\nauth = \"none\"\ncolour = \"red\"  # mine\n"
        guard case .profile(let profile, let unknown) = ProfileTOML.read(text, base: Profile()) else {
            Issue.record("it was refused")
            return
        }
        #expect(unknown == ["colour = \"red\"  # mine"])
        let again = ProfileTOML.write(profile, unknown: unknown)
        #expect(again.contains("colour = \"red\"  # mine"))
        guard case .profile(_, let second) = ProfileTOML.read(again, base: profile) else {
            Issue.record("it was refused")
            return
        }
        #expect(second == unknown)
    }
}

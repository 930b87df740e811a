import Operations
import Postgres
import Profiles
import TestSupport
import Testing

/// What is exported, read back and by other programs.
struct ExporterTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test(arguments: Exporter.formats)
    func `export then import gives the same profiles, whatever the fields hold`(format: String) throws {
        var dice = SeededDice(seed: 11)
        for _ in 0..<Fuzzing.rounds(15) {
            var profiles = (0..<10).map { RandomProfile.make(&dice, number: $0) }
            let text = Exporter(fixture.surroundings).text(of: profiles, format: format)
            let path = try fixture.folder.write(text, to: "out")
            let intake = try Importer(fixture.book, home: nil).read(path, format: format)
            #expect(intake.problems.isEmpty, "\(intake.problems)")
            try #require(intake.items.count == profiles.count, "\(intake.lines)\n\(text)")
            for index in profiles.indices {
                profiles[index].id = intake.items[index].profile.id
                let back = intake.items[index].profile
                for field in ProfileField.allCases {
                    #expect(back.text(of: field) == profiles[index].text(of: field), "\(field)")
                }
                #expect(back == profiles[index])
            }
            // Found out as well as named.
            #expect(
                try Importer(fixture.book, home: nil).read(path, format: nil).items.count == profiles.count)
        }
    }

    @Test func `no export holds a secret, and pgAdmin's asks pgfob for the token`() throws {
        var profile = Fixture.orders()
        profile.name = "it's"
        let text = Exporter(fixture.surroundings).text(of: [profile], format: "pgadmin")
        #expect(
            text.contains(#""PasswordExecCommand":"pgfob token 'it'\\''s'","PasswordExecExpiration":840"#),
            "\(text)")
        #expect(!text.contains(Fixture.secret) && !text.contains("X-Amz"))
        // The bundle that pgfob keeps is named for who does not know of it, and does not come back as the user's own.
        #expect(text.contains("\"sslrootcert\":\"\(fixture.surroundings.caFolder)/global-bundle.pem\""))
        #expect(text.contains("\"pgfob\":{") && text.contains("\"sslrootcert\":\"\""))
    }

    @Test(arguments: ["~/x/servers.json", "pg_service.conf", "a.csv", "a.json", "plain"])
    func `a file's name chooses its format`(path: String) {
        let text = Exporter(fixture.surroundings).text(of: [Fixture.orders()], format: nil, path: path)
        let start = ["servers.json": "{\n", "pg_service.conf": "[orders]", "a.csv": "name,host"]
        let expected = start.first { path.hasSuffix($0.key) }?.value ?? "{\"name\":"
        #expect(text.hasPrefix(expected))
    }

    @Test func `libpq itself reads every service of the exported file`() throws {
        var dice = SeededDice(seed: 23)
        let profiles = (0..<40).map { RandomProfile.make(&dice, number: $0) }.filter { $0.auth != .service }
        let text = Exporter(fixture.surroundings).text(of: profiles, format: "service")
        let path = try fixture.folder.write(text, to: "pg_service.conf")
        let names = text.split(separator: "\n").filter { $0.hasPrefix("[") }.map {
            String($0.dropFirst().dropLast())
        }
        #expect(names.count == profiles.count)
        // One process for all: libpq stops before it dials where a value is not to its liking.
        let script = names.enumerated().map { index, name in
            "PGSERVICE=\(ShellWords.quoted(name)) psql -w target_session_attrs=stop -c '' 2>&1 | sed 's/^/\(index) /'"
        }.joined(separator: "\n")
        let run = try ProgramRun(
            "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin", "PGSERVICEFILE": path])
        for index in names.indices {
            #expect(
                run.output.contains("\(index) psql: error: invalid target_session_attrs value: \"stop\""),
                "\(names[index]): \(run.output)")
        }
    }
}

/// Profiles with anything in their fields that a field may hold.
enum RandomProfile {
    static func make(_ dice: inout SeededDice, number: Int) -> Profile {
        let any = "abc XYZ09_.:/'\"\\%$`#[]{}=&;é会\u{1F4B0}"
        let isRDS = Bool.random(using: &dice)
        let host = isRDS ? "h\(number).cluster-c1x9abc.eu-west-1.rds.amazonaws.com" : "h\(number).example"
        var profile = Profile(name: "n\(number)" + dice.word(any, 0...12).trimmingBlanks(), host: host)
        func maybe(_ text: String) -> String? { text.isEmpty || Bool.random(using: &dice) ? nil : text }
        func word() -> String { "w" + dice.word(any, 0...10) + "w" }
        profile.auth = Authentication.allCases.randomElement(using: &dice) ?? .iam
        profile.user = profile.auth == .iam ? word() : maybe(word())
        // With an equals sign libpq would take it for a connection string.
        profile.database = word().replacing("=", with: "-")
        profile.port = Int.random(in: 1...65_535, using: &dice)
        profile.group = maybe(word())
        profile.environment = [nil, .prod, .stage, .other("qa 1")].randomElement(using: &dice) ?? nil
        profile.tags = [[], ["a", "b\"c"], ["x"]].randomElement(using: &dice) ?? []
        let long = maybe(String(repeating: word() + " é\u{301}\"\\ ", count: 200)) ?? ""
        profile.notes = (maybe("two\n" + word() + "\n# pgfob {\"a\":1}") ?? "") + long.trimmingBlanks()
        profile.pinned = Bool.random(using: &dice)
        if profile.auth == .service {
            profile.service = word()
            if Bool.random(using: &dice) { profile.host = "" }
        }
        profile.awsProfile = maybe(word())
        profile.region = maybe("eu-west-1").flatMap { Region(rawValue: $0) }
        profile.dial =
            [nil, "10.0.0.7", "10.0.0.8:15432", "name.example:1", "[::1]:5433"].randomElement(using: &dice)
            ?? nil
        profile.tunnel =
            profile.host.isEmpty
            ? nil
            : [nil, "ssh jo@b.example:2222", "ssh b", "ssm i-0123456789abcdef0", "jump"].randomElement(
                using: &dice) ?? nil
        if profile.tunnel != nil { profile.sslmode = .verifyFull }
        profile.signingHost = maybe("sign.example:1")
        if profile.tunnel == nil {
            profile.sslmode =
                (profile.auth == .iam ? [.verifyFull, .verifyCA, .require] : SSLMode.allCases).randomElement(
                    using: &dice)
                ?? .verifyFull
        }
        profile.sslrootcert = maybe("/" + word())
        profile.connectTimeout = [nil, 0, 30].randomElement(using: &dice) ?? nil
        profile.applicationName = maybe(word())
        profile.readOnly = [nil, true, false].randomElement(using: &dice) ?? nil
        profile.confirm = [nil, .key, ConfirmPolicy.none].randomElement(using: &dice) ?? nil
        if Bool.random(using: &dice) {
            profile.parameters = [
                "keepalives_idle": "30", "options": "-c x='\(word())' ", "sslcert": "/c \(word())",
            ]
        }
        return profile
    }
}

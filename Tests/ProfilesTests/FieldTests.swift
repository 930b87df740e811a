import Profiles
import Testing

struct FieldTests {
    private let orders: Profile = {
        var profile = Profile(name: "orders", host: "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com")
        profile.user = "iam_dba"
        return profile
    }()

    struct Fault: Sendable, CustomTestStringConvertible {
        var field: ProfileField
        var text: String
        var expected: String
        var testDescription: String { "\(field.rawValue): \(text.prefix(30))" }

        init(_ field: ProfileField, _ text: String, _ expected: String) {
            self.field = field
            self.text = text
            self.expected = expected
        }
    }

    @Test(arguments: [
        Fault(.port, "54x2", "is not a number 1-65535"), Fault(.port, "0", "1-65535"),
        Fault(.port, "65536", "1-65535"),
        Fault(.port, "٥٤٣٢", "1-65535"), Fault(.host, "a\nb", "line breaks"), Fault(.host, "a,b", "one host"),
        Fault(.database, "postgresql://jo@h/d", "connection string"),
        Fault(.database, "host=h dbname=d", "connection string"),
        Fault(.user, "jo:pw@h", "USER:PASSWORD@HOST"),
        Fault(.notes, "a\nPASSWORD=x", "a secret"), Fault(.name, "postgresql://jo:x@h", "a secret"),
        Fault(.applicationName, "password=x", "a secret"),
        Fault(.parameters, "options='-c a.password=x'", "a secret"),
        Fault(.host, "-oProxyCommand=x", "host name"), Fault(.host, "a b", "host name"),
        Fault(.name, "-rf", "option"), Fault(.name, "a\u{1b}[31m", "control character"),
        Fault(.name, String(repeating: "x", count: 101), "at most 100"),
        Fault(.awsProfile, "--endpoint-url", "option"),
        Fault(.region, "Ireland", "such as eu-west-1"), Fault(.auth, "kerberos", "none of iam, password"),
        Fault(.sslmode, "full", "verify-full"), Fault(.dial, "h:99999", "HOST:PORT"),
        Fault(.dial, "[::1", "HOST:PORT"),
        Fault(.readOnly, "maybe", "yes nor no"), Fault(.connectTimeout, "-1", "seconds"),
        Fault(.tags, "two words", "commas"), Fault(.parameters, "password=x", "stores no secret"),
        Fault(.parameters, "passfile=/x", "stores no secret"),
        Fault(.parameters, "host=x", "field of its own"),
        Fault(.parameters, "keepalives", "keyword=value"),
        Fault(.parameters, "Bad-Key=1", "not a libpq keyword"),
    ])
    func `a wrong value is refused with what was expected and changes nothing`(fault: Fault) {
        var profile = orders
        let problem = #expect(throws: FieldProblem.self) { try profile.set(fault.field, to: fault.text) }
        #expect(problem?.field == fault.field)
        #expect(problem?.message.contains(fault.expected) == true, "\(problem?.message ?? "")")
        #expect(problem?.message.contains("\u{1b}") == false && problem?.message.contains("\n") == false)
        #expect(profile == orders)
    }

    @Test func `a message repeats no piece of what may be a password`() {
        var profile = orders
        let pieces: [(ProfileField, String, String)] = [
            (.host, "jo:hunter2@h", "\"...@h\""), (.host, "hunter2@h", "\"...@h\""), (.port, "hunter2", ""),
            (.dial, "jo:hunter2@h:1", "\"...@h:1\""), (.tunnel, "jo:hunter2@h", "\"jo:<redacted>@h\""),
        ]
        for (field, text, shown) in pieces {
            let problem = #expect(throws: FieldProblem.self) { try profile.set(field, to: text) }
            #expect(problem?.message.contains("hunter2") == false, "\(problem?.message ?? "")")
            #expect(problem?.message.hasPrefix(shown) == true, "\(problem?.message ?? "")")
        }
    }

    @Test func `a profile without a user is saved, and no token is signed for it`() {
        var profile = orders
        profile.user = nil
        #expect(profile.problems().map(\.severity) == [.note] && profile.problems().first == profile.lacking)
        let problem = #expect(throws: ProfileProblem.self) { try profile.signingTarget(defaultRegion: nil) }
        #expect(problem?.kind == .incomplete)
        profile.auth = .password
        #expect(profile.problems().isEmpty && profile.lacking == nil)
    }

    @Test func `every field reads back the text that it shows`() throws {
        var profile = orders
        profile.group = "payments"
        profile.environment = .other("sandbox")
        profile.tags = ["pci", "eu"]
        profile.notes = "two\nlines"
        profile.pinned = true
        profile.service = "s"
        profile.awsProfile = "acme prod"
        profile.region = Region(rawValue: "eu-west-1")
        profile.dial = "[::1]:15432"
        profile.signingHost = "h.example:5432"
        profile.sslrootcert = "/a b/ca.pem"
        profile.connectTimeout = 7
        profile.applicationName = "app"
        profile.readOnly = false
        profile.confirm = .name
        profile.parameters = ["options": "-c search_path='a b'", "keepalives": "1"]
        var copy = Profile(id: profile.id)
        for field in ProfileField.allCases { try copy.set(field, to: profile.text(of: field)) }
        #expect(copy == profile)
    }

    @Test func `an empty text clears a field or brings its default back`() throws {
        var profile = orders
        profile.port = 5433
        profile.readOnly = true
        profile.environment = .prod
        for field in [ProfileField.port, .readOnly, .environment, .user, .database] {
            try profile.set(field, to: " ")
        }
        #expect(profile.port == 5432 && profile.database == "postgres")
        #expect(profile.readOnly == nil && profile.environment == nil && profile.user == nil)
    }

    @Test func `a token is refused without TLS`() {
        var profile = orders
        #expect(profile.problems().isEmpty)
        profile.sslmode = .prefer
        let errors = profile.problems().filter { $0.severity == .error }.map(\.field)
        #expect(errors == [.sslmode])
        profile = orders
        profile.sslmode = .require
        #expect(profile.problems().map(\.severity) == [.note])
    }

    @Test func `names are one without regard to case over all of Unicode`() {
        #expect(Profile.fold("Straße") == Profile.fold("STRASSE"))
        #expect(Profile.fold("ÉCOLE") == Profile.fold("école"))
        #expect(Profile.fold("e\u{301}") == Profile.fold("É"))
        #expect(Profile.fold("会計") != Profile.fold("会社"))
    }

    @Test func `only production asks and starts read-only unless the profile says otherwise`() {
        var profile = orders
        profile.environment = Environment("PRD")
        #expect(profile.environment == .prod)
        profile.environment = Environment("Production")
        #expect(profile.confirmation == .key && profile.startsReadOnly)
        profile.confirm = ConfirmPolicy.none
        profile.readOnly = false
        #expect(profile.confirmation == .none && !profile.startsReadOnly)
        profile = orders
        profile.environment = Environment("staging")
        #expect(profile.environment == .stage && profile.confirmation == .none && !profile.startsReadOnly)
    }
}

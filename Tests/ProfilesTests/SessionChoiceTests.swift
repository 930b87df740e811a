import Profiles
import Testing

/// What a session is opened with beyond its profile.
struct SessionChoiceTests {
    @Test(arguments: [
        (SessionChoice.Field.statementTimeout, "5 parsecs", "30s"),
        (.endpoint, "primary", "writer nor reader"),
        (.place, "there", "window"), (.arguments, "-v 'x", "not closed"),
        (.program, "--help", "begins with '-'"),
        (.role, String(repeating: "r", count: 64), "PostgreSQL keeps 63"), (.database, "a\nb", "one line"),
        (.database, "dbname=orders hostaddr=192.0.2.1 sslmode=disable", "is a connection string"),
        (.database, "Postgres://h/orders", "is a connection string"),
        (.database, String(repeating: "d", count: 64), "at most 63"),
    ])
    func `a bad value is told with what was expected, and changes nothing`(
        field: SessionChoice.Field, text: String, told: String
    ) {
        var choice = SessionChoice()
        let problem = #expect(throws: SessionChoice.Problem.self) { try choice.set(field, to: text) }
        #expect(problem?.field == field && problem?.message.contains(told) == true)
        #expect(choice == SessionChoice())
    }

    @Test(arguments: ["5000", "30s", "5 min", "250ms", "1h", "0"])
    func `durations are PostgreSQL's`(text: String) throws {
        var choice = SessionChoice()
        try choice.set(.statementTimeout, to: text)
        #expect(choice.text(of: .statementTimeout) == text)
        try choice.set(.statementTimeout, to: " ")
        #expect(choice == SessionChoice())
    }

    @Test func `role and timeout go into options after the guard, blanks escaped`() throws {
        var choice = SessionChoice()
        try choice.set(.role, to: "order desk\\")
        try choice.set(.statementTimeout, to: "30s")
        var profile = Profile(name: "o", host: "o.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com")
        profile.parameters["options"] = "-c work_mem=1MB"
        let conninfo = profile.conninfo(readOnly: true, settings: choice.settings(readOnly: true))
        #expect(
            conninfo["options"]
                == "-c work_mem=1MB -c default_transaction_read_only=on -c role=order\\ desk\\\\ -c statement_timeout=30s"
        )
        profile.host = "o.proxy-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
        #expect(
            profile.conninfo(readOnly: true, settings: choice.settings(readOnly: true))["options"]
                == "-c work_mem=1MB")
    }

    @Test(arguments: [
        ("read-write", "primary"), ("read-only", "standby"), ("prefer-standby", "prefer-standby"),
    ])
    func `under the guard the wanted server is told by its place in the cluster`(
        wanted: String, asked: String
    ) {
        var profile = Profile(name: "o", host: "o.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com")
        profile.parameters["target_session_attrs"] = wanted
        #expect(profile.conninfo(readOnly: true)["target_session_attrs"] == asked)
        #expect(profile.conninfo(readOnly: false)["target_session_attrs"] == wanted)
        profile.host = "o.proxy-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
        #expect(profile.conninfo(readOnly: true)["target_session_attrs"] == wanted)
    }

    // MARK: Endpoints

    private static let writer = "o.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
    private static let reader = "o.cluster-ro-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"

    @Test func `the other endpoint is told by the name, or by a profile that is saved for it`() throws {
        var profile = Profile(name: "o", host: Self.writer)
        #expect(try profile.on(.writer, among: []) == profile)
        #expect(try profile.on(.reader, among: []).host == Self.reader)
        #expect(try profile.on(.reader, among: []).on(.writer, among: []).host == Self.writer)
        profile.dial = "10.0.0.1"
        var sibling = Profile(name: "o-ro", host: Self.reader)
        sibling.dial = "10.0.0.2"
        let moved = try profile.on(.reader, among: [profile, sibling])
        #expect(moved.host == Self.reader && moved.dial == "10.0.0.2" && moved.id == profile.id)
        let problem = #expect(throws: FieldProblem.self) { try profile.on(.reader, among: [profile]) }
        #expect(problem?.field == .dial && problem?.message.contains(Self.reader) == true)
    }

    @Test func `an instance's name tells no other endpoint`() {
        let profile = Profile(name: "o", host: "o-1.c1x9abcdefgh.eu-west-1.rds.amazonaws.com")
        let problem = #expect(throws: FieldProblem.self) { try profile.on(.reader, among: []) }
        #expect(problem?.field == .host)
    }

    @Test func `a connection as variables leaves out what has none`() {
        let (variables, left) = LibpqEnvironment.variables(
            for: Conninfo(settings: [
                Conninfo.Setting("host", "h"), Conninfo.Setting("keepalives", "1"),
                Conninfo.Setting("options", "-c a=b"), Conninfo.Setting("passfile", "/p"),
            ]))
        #expect(variables == ["PGHOST": "h", "PGOPTIONS": "-c a=b", "PGPASSFILE": "/p"])
        #expect(left == ["keepalives"])
    }
}

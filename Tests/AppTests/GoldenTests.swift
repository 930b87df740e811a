import App
import Diagnosis
import Profiles
import Screen
import TestSupport
import Testing

/// Screens as design/screens.md draws them.
struct GoldenTests {
    /// The fleet of the drawing, in the state of the drawing.
    static func drawing(columns: Int, rows: Int) -> Play {
        var play = Play(Fleet.drawn + Fleet.dev(31), columns: columns, rows: rows)
        var options = ScreenOptions()
        options.storePath = "~/.local/share/pgfob/profiles.db"
        play.send(.options(options))
        let login = ["aws", "sso", "login", "--profile", "acme-stage"]
        play.send(
            .outlooks([
                "acme-prod": SignerOutlook(
                    provider: "SSO, role DBA",
                    session: .init(kind: "SSO", endsAt: Fleet.now.addingTimeInterval(4 * 3600 + 720)),
                    account: "111122224412", principal: "role AWSReservedSSO_DBA/jo"),
                "acme-stage": SignerOutlook(
                    provider: "", problem: "the SSO session corp ended: run `aws sso login`", login: login),
            ]))
        play.mint("orders-stg", secondsLeft: 42)
        play.mint("orders-reader", secondsLeft: 761)
        play.go(to: "billing-stg")
        play.press(.character("t"))
        play.stageEnded(.profile, 0.3, "region eu-west-1 read from the host name")
        play.stageEnded(.aws, 12, "static keys, profile acme-prod")
        play.send(.stageBegan(play.lastRequest, .tcp))
        play.press(.enter)
        play.go(to: "dev-000")
        play.press(.character("z"))
        play.mint("orders-writer", secondsLeft: 761)
        play.go(to: "orders-writer")
        return play
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60), (60, 15), (100, 30)])
    func `the list is drawn as designed`(columns: Int, rows: Int) {
        Golden.expect(Self.drawing(columns: columns, rows: rows).lines, "list-\(columns)x\(rows)")
    }

    @Test(arguments: [(59, 14), (20, 5), (1, 1), (0, 0), (11, 2)])
    func `a terminal that is too small says what it needs`(columns: Int, rows: Int) {
        Golden.expect(Self.drawing(columns: columns, rows: rows).lines, "small-\(columns)x\(rows)")
    }

    static let sizes = [(80, 24), (120, 40), (200, 60), (60, 15)]

    @Test(arguments: sizes)
    func `an empty store greets with what to do next`(columns: Int, rows: Int) {
        Golden.expect(Play([], columns: columns, rows: rows).lines, "empty-\(columns)x\(rows)")
    }

    @Test(arguments: sizes)
    func `the filter line shows what it finds`(columns: Int, rows: Int) {
        var play = Self.drawing(columns: columns, rows: rows)
        play.type("/order")
        Golden.expect(play.lines, "filter-\(columns)x\(rows)")
        play.type("-nothing")
        Golden.expect(play.lines, "filter-none-\(columns)x\(rows)")
    }

    @Test(arguments: sizes)
    func `help lists what works here`(columns: Int, rows: Int) {
        var play = Self.drawing(columns: columns, rows: rows)
        play.type("?")
        Golden.expect(play.lines, "help-\(columns)x\(rows)")
    }

    @Test(arguments: sizes)
    func `help is searched by typing`(columns: Int, rows: Int) {
        var play = Self.drawing(columns: columns, rows: rows)
        play.type("?fold")
        Golden.expect(play.lines, "help-search-\(columns)x\(rows)")
    }

    @Test(arguments: sizes)
    func `production asks before psql opens`(columns: Int, rows: Int) {
        var play = Self.drawing(columns: columns, rows: rows)
        play.press(.enter)
        Golden.expect(play.lines, "production-\(columns)x\(rows)")
        play.type("orders-w")
        Golden.expect(play.lines, "production-name-\(columns)x\(rows)")
    }

    @Test func `the stages of a test appear as they finish`() {
        var play = Self.drawing(columns: 80, rows: 24)
        play.go(to: "billing-reader")
        play.type("t")
        play.stageEnded(.profile, 0.4, "region eu-west-1 read from the host name")
        play.stageEnded(.aws, 12, "static keys, profile acme-prod")
        play.stageEnded(.dns, 2, "10.20.7.31 (private)  10.20.9.12")
        play.send(.stageBegan(play.lastRequest, .tcp))
        play.wait(2)
        Golden.expect(play.lines, "test-running-80x24")
        play.send(.tested(play.lastRequest, Self.report))
        Golden.expect(play.lines, "test-failed-80x24")
        play.press(.escape)
        Golden.expect(play.lines, "test-closed-80x24")
    }

    @Test func `a small screen keeps what a failed test means`() {
        var play = Play(columns: 60, rows: 15)
        play.go(to: "billing-reader")
        play.type("t")
        play.send(.tested(play.lastRequest, Self.report))
        Golden.expect(play.lines, "test-failed-60x15")
    }

    static let report = TestReport(
        profileName: "billing-reader", outcome: .failed, failedStage: .tls, milliseconds: 410,
        stages: [
            StageResult(
                stage: .profile, outcome: .ok, milliseconds: 0.4,
                detail: "region eu-west-1 read from the host name"),
            StageResult(
                stage: .aws, outcome: .ok, milliseconds: 12, detail: "static keys, profile acme-prod"),
            StageResult(
                stage: .dns, outcome: .ok, milliseconds: 2, detail: "10.20.7.31 (private)  10.20.9.12"),
            StageResult(stage: .tcp, outcome: .ok, milliseconds: 8, detail: "10.20.7.31:5432"),
            StageResult(
                stage: .tls, outcome: .failed, milliseconds: 371,
                detail: "certificate verify failed: self-signed certificate in certificate chain"),
            .notReached(.token), .notReached(.auth), .notReached(.session),
        ],
        causes: [
            Cause(
                .caUnknown, text: "the CA bundle in this profile does not know who signed the certificate",
                check: "`pgfob ca` shows the bundle in force, its roots and their days",
                fix: "use the RDS bundle in its place: `pgfob ca fetch`", remedy: .fetchBundle)
        ],
        message: "SSL error: certificate verify failed\n(no data was sent)", testedAt: Fleet.now)

    @Test func `names with escape sequences and wide characters keep the columns straight`() {
        let names = [
            "red\u{1b}[31m alert\u{1b}]0;title\u{7}", "tab\there\nand\r\nthere", "本番データベースの書き込み用エンドポイント",
            "e\u{301}a\u{300} combining", "\u{202e}right to left", "👩‍👩‍👧‍👦 family", "",
            "a-very-long-name-that-differs-only-at-its-end-writer",
        ]
        let profiles = names.enumerated().map { number, name in
            Fleet.saved(
                number, name, .other(name), host: "h\u{1b}[2J\(number).example", user: "u\u{7}\(number)",
                database: name)
        }
        Golden.expect(Play(profiles).lines, "hostile-80x24")
        Golden.expect(Play(profiles, columns: 120, rows: 40).lines, "hostile-120x40")
    }
}

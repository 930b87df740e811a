import App
import Diagnosis
import Profiles
import Screen
import Testing

/// `L`, what goes on after it, and the question for an MFA code.
struct LoginTests {
    private static let login = ["aws", "sso", "login", "--profile", "acme-stage"]

    /// `search-stg` signs with an AWS profile whose session has ended.
    private func ended() -> Play {
        var play = GoldenTests.drawing(columns: 80, rows: 24)
        play.go(to: "search-stg")
        play.effects = []
        return play
    }

    private func succeed(_ play: inout Play) {
        let found = SignerOutlook(
            provider: "SSO, role DBA",
            session: .init(kind: "SSO", endsAt: play.now.addingTimeInterval(8 * 3600)))
        play.send(.outlooks(["acme-stage": found]))
        play.send(.loginEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 9)))
    }

    @Test func `row, header and detail say that a login is needed, and L runs it`() {
        var play = ended()
        #expect(play.row(of: "search-stg").contains(" login "))
        #expect(play.lines[0].contains("aws acme-stage  login: L"))
        play.type("L")
        guard case .login(_, let words, let profile) = play.effects.last else {
            Issue.record("no login was asked for")
            return
        }
        #expect(words == Self.login && profile == "acme-stage")
        succeed(&play)
        #expect(!play.row(of: "search-stg").contains(" login "))
        #expect(play.lines[0].contains("SSO 8h00m"))
        #expect(play.status.contains("ok: logged in to AWS for search-stg"))
    }

    @Test func `what a login was needed for goes on after it`() {
        var play = ended()
        play.type("K")
        play.send(.minted(play.lastRequest, .failed("ended: log in", needsLogin: true, login: Self.login)))
        #expect(play.status.contains("(L does)"))
        play.type("L")
        succeed(&play)
        guard case .mint(_, let profile) = play.effects.last else {
            Issue.record("the token was forgotten")
            return
        }
        #expect(profile.name == "search-stg")
    }

    @Test func `a test that failed for want of a login offers it, and runs again after it`() {
        var play = ended()
        play.type("t")
        var report = GoldenTests.report
        report.failedStage = .aws
        report.causes = [Cause(.awsSSOLoginNeeded, text: "the session has ended", fix: "log in")]
        play.send(.tested(play.lastRequest, report))
        #expect(play.line(with: "run again").contains("L log in"))
        play.type("L")
        guard case .login = play.effects.last else {
            Issue.record("no login was asked for")
            return
        }
        succeed(&play)
        guard case .test(_, let profile) = play.effects.last else {
            Issue.record("the test did not run again")
            return
        }
        #expect(profile.name == "search-stg" && play.screen.contains("running"))
    }

    @Test func `a test that failed for another reason offers no login`() {
        var play = ended()
        play.type("t")
        play.send(.tested(play.lastRequest, GoldenTests.report))
        #expect(!play.line(with: "run again   ").contains("L log in"))
        play.type("L")
        #expect(play.status.contains("AWS does not ask for a login here"))
    }

    @Test func `a login that fails is trouble, and nothing goes on`() {
        var play = ended()
        play.type("L")
        let count = play.effects.count
        play.send(.loginEnded(play.lastRequest, SessionEnd(ending: .exited(255), seconds: 1)))
        #expect(play.status.contains("! the login did not succeed: L tries again"))
        play.type("L")
        let missing = SessionEnd(
            ending: .notStarted("the aws command, which logs in, is not installed: ..."), seconds: 0)
        play.send(.loginEnded(play.lastRequest, missing))
        #expect(play.screen.contains("the aws command, which logs in, is not installed"))
        #expect(play.effects.count == count + 1)
    }

    @Test(arguments: [
        ("legacy-rds", "password logs in without AWS"), ("orders-writer", "no session to log in to"),
    ])
    func `L says why there is nothing to log in to`(name: String, words: String) {
        var play = ended()
        play.go(to: name)
        play.type("L")
        #expect(play.effects.isEmpty && play.status.contains(words))
    }

    @Test func `a session that ends while it is watched asks for its login at that second`() {
        var play = ended()
        let end = play.now.addingTimeInterval(90)
        play.send(
            .outlooks(["acme-stage": SignerOutlook(provider: "SSO", session: .init(kind: "SSO", endsAt: end))]
            ))
        #expect(play.lines[0].contains("aws acme-stage  SSO 2m"))
        #expect(!play.row(of: "search-stg").contains(" login "))
        play.wait(91)
        #expect(play.row(of: "search-stg").contains(" login "))
    }

    @Test func `L works at the second in which the session ended`() {
        var play = ended()
        let end = play.now.addingTimeInterval(6)
        let login = ["aws", "sso", "login", "--profile", "acme-stage"]
        play.send(
            .outlooks([
                "acme-stage": SignerOutlook(
                    provider: "role DBA", session: .init(kind: "SSO", endsAt: end), login: login)
            ]))
        play.wait(7)
        #expect(play.lines[0].contains("login: L"))
        play.type("L")
        guard case .login(_, let words, _) = play.effects.last else {
            Issue.record("no login was asked for: \(play.status)")
            return
        }
        #expect(words == login)
    }

    @Test func `a session that renews itself never asks for a login`() {
        var play = ended()
        let session = SignerOutlook.Session(
            kind: "SSO", endsAt: play.now.addingTimeInterval(6), renewsItself: true)
        play.send(.outlooks(["acme-stage": SignerOutlook(provider: "role DBA", session: session)]))
        #expect(play.lines[0].contains("aws acme-stage  SSO renews"))
        play.wait(7)
        #expect(!play.lines[0].contains("login: L") && !play.row(of: "search-stg").contains(" login "))
    }

    // MARK: MFA

    @Test func `an MFA code is typed unseen, and sent`() {
        var play = ended()
        let id = RequestID(900)
        play.send(.codeAsked(id, device: "arn:aws:iam::1:mfa/jo"))
        #expect(play.effects.contains(.flushKeys))
        #expect(
            play.screen.contains("AWS asks for an MFA code") && play.screen.contains("arn:aws:iam::1:mfa/jo"))
        play.type("123 456")
        #expect(play.screen.contains("*******") && !play.screen.contains("123"))
        play.press(.enter)
        #expect(play.effects.last == .answer(id, "123456"))
        #expect(!play.screen.contains("MFA"))
    }

    @Test func `a password is typed unseen, and sent as it is`() {
        var play = ended()
        var profile = Profile(name: "legacy", host: "db.example")
        profile.user = "jo"
        play.send(.passwordAsked(RequestID(903), PasswordQuestion(profile)))
        #expect(play.effects.contains(.flushKeys))
        #expect(play.screen.contains("legacy asks for a password") && play.screen.contains("db.example:5432"))
        let count = play.effects.count
        play.press(.enter)
        #expect(play.effects.count == count, "none is no answer")
        play.type(" a b ")
        #expect(play.screen.contains("*****") && !play.screen.contains("a b"))
        play.press(.enter)
        #expect(play.effects.last == .answer(RequestID(903), " a b "))
        #expect(!play.screen.contains("asks for a password"))
    }

    @Test func `Esc gives no code, an empty one is not sent, and a question that is over goes`() {
        var play = ended()
        play.send(.codeAsked(RequestID(901), device: "d"))
        let count = play.effects.count
        play.press(.enter)
        #expect(play.effects.count == count && play.screen.contains("MFA"))
        play.press(.escape)
        #expect(play.effects.last == .answer(RequestID(901), nil))
        play.send(.codeAsked(RequestID(902), device: "d"))
        play.send(.codeNotAsked(RequestID(902)))
        #expect(!play.screen.contains("MFA"))
    }
}

import App
import Diagnosis
import Profiles
import Screen
import Testing

/// `t`, its stages, and what the row keeps of it.
struct TestLayerTests {
    private func started(_ name: String = "billing-reader") -> Play {
        var play = Play()
        play.go(to: name)
        play.type("t")
        return play
    }

    @Test func `t tests the selected profile and shows all eight stages`() {
        let play = started()
        guard case .test(_, let profile) = play.effects.last else {
            Issue.record("no test was asked for")
            return
        }
        #expect(profile.name == "billing-reader")
        for stage in Stage.allCases { #expect(play.screen.contains("\(stage.number) \(stage.rawValue)")) }
        #expect(play.screen.contains("running, 0 s"))
    }

    @Test func `the row says how far the test is, and the cursor can go on`() {
        var play = started()
        play.send(.stageBegan(play.lastRequest, .tcp))
        play.press(.enter)
        #expect(play.row(of: "billing-reader").contains(".. 4/8 tcp"))
        play.type("j")
        play.send(.tested(play.lastRequest, GoldenTests.report))
        #expect(play.row(of: "billing-reader").contains("FAIL 5 tls"))
        #expect(play.status.contains("test of billing-reader failed at 5 tls: v shows the stages"))
        play.go(to: "billing-reader")
        play.type("v")
        #expect(play.screen.contains("FAILED at 5 of 8"))
    }

    @Test func `a test that lacked a password says what asks for it`() {
        var play = Play(Fleet.drawn.filter { $0.profile.name == "legacy-rds" })
        func test(_ cause: CauseCode) {
            play.type("t")
            var report = GoldenTests.report
            report.failedStage = .auth
            report.causes = [CauseFinder.cause(cause, message: "the login failed")]
            play.send(.tested(play.lastRequest, report))
            play.press(.escape)
        }
        test(.noPassword)
        #expect(play.row(of: "legacy-rds").contains("FAIL 7 auth"))
        #expect(play.line(with: " test ").contains(/FAIL 7 auth, no-password at [^ ]*: t asks for it/))
        play.resize(columns: 120, rows: 40)
        #expect(play.line(with: "Test ").contains("FAIL 7 auth, no-password: t asks for it"))
        play.resize(columns: 80, rows: 24)
        test(.passwordRefused)
        #expect(play.screen.contains("FAIL 7 auth, password-refused") && !play.screen.contains("asks for it"))
    }

    @Test func `Esc cancels a running test, and closes it once it has ended`() {
        var play = started()
        let id = play.lastRequest
        play.press(.escape)
        #expect(play.effects.last == .cancelTest(id))
        #expect(play.screen.contains("cancelling"))
        var report = GoldenTests.report
        report.outcome = .cancelled
        report.failedStage = nil
        play.send(.tested(id, report))
        #expect(play.screen.contains("cancelled, 410 ms"))
        play.press(.escape)
        #expect(!play.screen.contains("Test:"))
        #expect(play.row(of: "billing-reader").contains("FAIL 5 tls"))
    }

    @Test func `the token that a test signed stands in the row from then on`() {
        var play = started()
        #expect(play.row(of: "billing-reader").contains(" - .. "))
        var report = GoldenTests.report
        report.token = TokenClock(
            signedAt: play.now, expiresAt: play.now.addingTimeInterval(899), limitedBy: .token,
            provider: "static keys")
        play.send(.tested(play.lastRequest, report))
        play.press(.escape)
        #expect(play.row(of: "billing-reader").contains("14:59"))
    }

    @Test func `a test that runs names its stage whole where there is room`() {
        var play = started()
        play.send(.stageBegan(play.lastRequest, .profile))
        play.press(.enter)
        #expect(play.row(of: "billing-reader").contains(".. 1/8 prof"))
        #expect(play.screen.contains("running: 1/8 profile"))
    }

    @Test func `r tests again, but not while it runs`() {
        var play = started()
        play.type("r")
        #expect(play.effects.count == 1)
        play.send(.tested(play.lastRequest, GoldenTests.report))
        play.type("r")
        #expect(play.effects.count == 2)
        #expect(play.screen.contains("running, 0 s"))
    }

    @Test func `t on a profile under test shows that test`() {
        var play = started()
        play.press(.enter)
        play.type("t")
        #expect(play.effects.count == 1)
        #expect(play.screen.contains("Test: billing-reader"))
    }

    @Test func `answers that nobody waits for are dropped`() {
        var play = started()
        let id = play.lastRequest
        play.send(.tested(id, GoldenTests.report))
        play.type("r")
        let before = play.screen
        play.send(.tested(id, GoldenTests.report))
        play.send(.stageBegan(id, .session))
        play.send(.stageEnded(RequestID(999), .notReached(.dns)))
        play.send(.minted(RequestID(998), .failed("late", needsLogin: true, login: nil)))
        play.send(.written(RequestID(997), .failed("late", field: nil)))
        play.send(.parsed(RequestID(996), .failed("late")))
        #expect(play.screen == before)
    }

    @Test func `a good test tells role, version and time`() {
        var play = started("search-stg")
        play.send(
            .tested(
                play.lastRequest,
                TestReport(
                    profileName: "search-stg", outcome: .ok, milliseconds: 23.4,
                    stages: Stage.allCases.map {
                        StageResult(stage: $0, outcome: .ok, milliseconds: 2, detail: "fine")
                    },
                    server: ServerFacts(version: "16.4", role: .reader, currentUser: "iam_app"),
                    testedAt: play.now)))
        #expect(play.screen.contains("PostgreSQL 16.4, reader, logged in as iam_app"))
        play.press(.escape)
        #expect(play.row(of: "search-stg").contains("STG   R iam_app@search"))
        #expect(play.row(of: "search-stg").contains("ok 23ms"))
    }

    @Test func `what a server says cannot move the cursor`() {
        var play = started()
        var report = GoldenTests.report
        report.message = "\u{1b}[2J\u{1b}]52;c;aGk=\u{7} bad\u{202e}"
        play.send(.tested(play.lastRequest, report))
        let text = play.screen
        #expect(text.contains("bad"))
        #expect(!text.unicodeScalars.contains { $0.value == 0x1b || $0.value == 7 || $0.value == 0x202e })
    }

    @Test func `a refused AWS login marks every profile of that AWS profile until one works`() {
        var play = started("orders-stg")
        var report = GoldenTests.report
        report.failedStage = .aws
        report.causes = [Cause(.awsSSOLoginNeeded, text: "the SSO session has ended", fix: "aws sso login")]
        play.send(.tested(play.lastRequest, report))
        play.press(.escape)
        #expect(play.row(of: "orders-stg").contains("login"))
        #expect(play.row(of: "billing-stg").contains("login"))
        #expect(!play.row(of: "search-stg").contains("login"))
        play.type("t")
        play.stageEnded(.aws, 3, "static keys")
        play.press(.enter)
        #expect(!play.row(of: "billing-stg").contains("login"))
    }

    @Test func `on a small screen all that a failed test has to say can be scrolled to`() {
        var play = Play(columns: 60, rows: 15)
        play.go(to: "billing-reader")
        play.type("t")
        play.send(.tested(play.lastRequest, GoldenTests.report))
        // The failure and what to do come first, whatever was before them.
        #expect(play.screen.contains("5 tls") && play.screen.contains("Do this"))
        #expect(!play.screen.contains("read from the host name") && !play.screen.contains("libpq said"))
        for _ in 0..<50 { play.type("j") }
        #expect(play.screen.contains("libpq said") && play.screen.contains("(no data was sent)"))
        for _ in 0..<50 { play.type("k") }
        #expect(play.screen.contains("1 profile  ") && !play.screen.contains("Likely cause"))
        var seen = ""
        for _ in 0..<50 {
            seen += play.screen
            play.press(.mouse(MouseEvent(kind: .wheelDown, button: 0, at: Point(column: 5, row: 5))))
        }
        for words in ["Likely cause", "To be sure", "libpq said"] { #expect(seen.contains(words)) }
    }
}

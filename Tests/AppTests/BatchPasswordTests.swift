import App
import Diagnosis
import Profiles
import Screen
import Testing

/// Tests of many profiles of which some want a password: it is asked for once the others are done, as `pgfob test` does
/// on a terminal.
struct BatchPasswordTests {
    private static func legacy(_ number: Int, _ name: String, host: String = "db.example") -> SavedProfile {
        Fleet.saved(number, name, .dev, host: host, user: "jo", database: name, auth: .password)
    }

    /// Two of one user and server, one of another, and one that needs none.
    private static let profiles = [
        legacy(1, "a-one"), legacy(2, "a-two"), legacy(3, "b", host: "other.example"),
        Fleet.saved(4, "iam", .dev, host: Fleet.rds("orders", "cluster-c1x9"), user: "u", database: "d"),
    ]

    /// The newest test of each profile, and whether somebody can be asked in it.
    private func tests(_ play: Play) -> [String: (id: RequestID, asks: Bool)] {
        var found: [String: (id: RequestID, asks: Bool)] = [:]
        for effect in play.effects {
            switch effect {
            case .test(let id, let profile): found[profile.name] = (id, true)
            case .testAmongMany(let id, let profile): found[profile.name] = (id, false)
            default: continue
            }
        }
        return found
    }

    private func end(_ play: inout Play, _ name: String, _ cause: CauseCode? = nil) throws {
        var report = GoldenTests.report
        report.outcome = cause == nil ? .ok : .failed
        report.failedStage = cause == nil ? nil : .auth
        report.causes = cause.map { [CauseFinder.cause($0, message: "the login failed")] } ?? []
        let id = try #require(tests(play)[name]).id
        play.effects = []
        play.send(.tested(id, report))
    }

    /// What the worker asks that tests a profile.
    private func ask(_ play: inout Play, _ name: String) {
        let profile = Self.profiles.first { $0.profile.name == name }?.profile ?? Profile()
        play.send(.passwordAsked(RequestID(901), PasswordQuestion(profile)))
    }

    /// `T` on all of them, ended but for the questions.
    private func begun(over keys: Key...) throws -> Play {
        var play = Play(Self.profiles)
        play.type("T")
        for key in keys { play.press(key) }
        let all = tests(play)
        #expect(all.count == 4 && all.values.allSatisfy { !$0.asks })
        for name in ["a-one", "a-two", "b"] {
            play.send(.tested(try #require(all[name]).id, report(.noPassword)))
        }
        #expect(tests(play).values.allSatisfy { !$0.asks }, "the others are not done")
        play.effects = []
        play.send(.tested(try #require(all["iam"]).id, report(nil)))
        return play
    }

    private func report(_ cause: CauseCode?) -> TestReport {
        var report = GoldenTests.report
        report.outcome = cause == nil ? .ok : .failed
        report.failedStage = cause == nil ? nil : .auth
        report.causes = cause.map { [CauseFinder.cause($0, message: "the login failed")] } ?? []
        return report
    }

    @Test func `one question for each place, and what shares its answer is tested without one`() throws {
        var play = try begun()
        #expect(tests(play).map(\.key) == ["a-one"] && tests(play)["a-one"]?.asks == true)
        #expect(play.status.contains("testing 4: 3 done, 1 ok, 2 failed"), "\(play.status)")
        ask(&play, "a-one")
        for words in [
            "a-one asks for a password", "Then    1 more of these tests ask for one", "Esc skip",
            "^X skip all",
        ] {
            #expect(play.screen.contains(words), "\(play.screen)")
        }
        play.type("secret")
        play.press(.enter)
        #expect(play.effects.last == .answer(RequestID(901), "secret"))
        try end(&play, "a-one")
        #expect(tests(play).map(\.key) == ["a-two"] && tests(play)["a-two"]?.asks == false)
        try end(&play, "a-two")
        #expect(tests(play).map(\.key) == ["b"] && tests(play)["b"]?.asks == true)
        ask(&play, "b")
        #expect(play.screen.contains("Esc skip") && !play.screen.contains("skip all"))
        #expect(!play.screen.contains("Then  "))
        play.type("other")
        play.press(.enter)
        try end(&play, "b")
        #expect(play.status.contains("tested 4: 4 ok, 0 failed"), "\(play.status)")
        #expect(tests(play).isEmpty)
    }

    @Test func `Esc skips a place, and one that was refused is asked about again with the next profile`()
        throws
    {
        var play = try begun()
        ask(&play, "a-one")
        play.type("wrong")
        play.press(.enter)
        try end(&play, "a-one", .passwordRefused)
        #expect(tests(play)["a-two"]?.asks == true)
        ask(&play, "a-two")
        play.press(.escape)
        #expect(play.effects.last == .answer(RequestID(901), nil))
        try end(&play, "a-two", .noPassword)
        #expect(tests(play)["b"]?.asks == true)
        ask(&play, "b")
        play.press(.escape)
        try end(&play, "b", .noPassword)
        #expect(
            play.status.contains("tested 4: 1 ok, 3 failed; 2 want a password, t asks for it"),
            "\(play.status)")
    }

    @Test func `who skips a place is not asked for another profile there, and ^X skips all`() throws {
        var play = try begun()
        ask(&play, "a-one")
        play.press(.escape)
        try end(&play, "a-one", .noPassword)
        #expect(tests(play).map(\.key) == ["b"])
        play = try begun()
        ask(&play, "a-one")
        play.press(.control("x"))
        #expect(
            play.effects.last == .answer(RequestID(901), nil) && !play.screen.contains("asks for a password"))
        try end(&play, "a-one", .noPassword)
        #expect(tests(play).isEmpty)
        #expect(
            play.status.contains("tested 4: 1 ok, 3 failed; 3 want a password, t asks for it"),
            "\(play.status)")
        // Of any other question nothing is skipped but itself.
        play.send(.codeAsked(RequestID(902), device: "d"))
        play.press(.control("x"))
        #expect(play.screen.contains("MFA") && !play.screen.contains("skip"))
    }

    @Test func `nothing is asked over what the user does meanwhile`() throws {
        var play = try begun(over: .character("n"))
        #expect(tests(play).isEmpty && play.screen.contains("New profile"))
        play.press(.escape)
        #expect(tests(play)["a-one"]?.asks == true)
    }

    @Test func `what is told of the questions while something lies over the list`() throws {
        let play = try begun(over: .character("?"))
        #expect(tests(play).isEmpty)
        #expect(play.status.contains("3 want a password, asked for back in the list"), "\(play.status)")
    }

    @Test func `Esc in the list ends the questions too, and T counts nobody twice`() throws {
        var play = try begun()
        let asking = try #require(tests(play)["a-one"]).id
        play.type("T")
        #expect(play.status.contains("testing 5: 1 done, 1 ok, 0 failed"), "\(play.status)")
        play.press(.escape)
        #expect(play.effects.contains(.cancelTest(asking)))
        var cancelled = GoldenTests.report
        cancelled.outcome = .cancelled
        for (id, _) in tests(play).values { play.send(.tested(id, cancelled)) }
        #expect(!play.screen.contains("testing "), "\(play.status)")
    }
}

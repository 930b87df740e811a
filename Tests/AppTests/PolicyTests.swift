import App
import Profiles
import Screen
import TestSupport
import Testing

/// `P`: what IAM and the database need, to be read and copied.
struct PolicyTests {
    private func asked(columns: Int = 80, rows: Int = 24) throws -> Play {
        var play = GoldenTests.drawing(columns: columns, rows: rows)
        play.effects = []
        play.type("P")
        guard case .policy(let id, let profile, false) = play.effects.last else {
            Issue.record("no policy was asked for")
            return play
        }
        #expect(profile.name == "orders-writer")
        play.send(.policy(id, .found(IAMPolicy(target: try profile.signingTarget(defaultRegion: nil)))))
        return play
    }

    @Test(arguments: GoldenTests.sizes)
    func `the policy and the SQL are shown`(columns: Int, rows: Int) throws {
        Golden.expect(try asked(columns: columns, rows: rows).lines, "policy-\(columns)x\(rows)")
    }

    @Test func `y copies all of it, and says which way it went`() throws {
        var play = try asked()
        play.type("y")
        guard case .copy(let text, let name) = play.effects.last else {
            Issue.record("nothing was copied")
            return
        }
        #expect(
            text.contains("rds-db:connect") && text.contains("GRANT rds_iam")
                && name == "the policy of orders-writer")
        play.send(.copied("copied the policy of orders-writer by wl-copy"))
        #expect(play.status.contains("ok: copied the policy of orders-writer by wl-copy"))
    }

    @Test func `a asks AWS for what is unknown, once`() throws {
        var play = try asked()
        play.type("a")
        guard case .policy(let id, let profile, true) = play.effects.last else {
            Issue.record("AWS was not asked")
            return
        }
        let whole = IAMPolicy(
            target: try profile.signingTarget(defaultRegion: nil), account: "123456789012",
            resourceID: "cluster-ABC")
        play.send(.policy(id, .found(whole)))
        #expect(play.screen.contains("123456789012:dbuser:cluster-ABC/iam_dba"))
        #expect(!play.screen.contains("unknown") && !play.screen.contains("a ask AWS"))
        play.type("a")
        #expect(play.status.contains("AWS has told all of it"))
        play.press(.escape)
        #expect(!play.screen.contains("rds-db:connect"))
    }

    @Test func `a long text is scrolled by the list's own keys`() throws {
        var play = try asked(columns: 60, rows: 15)
        let first = play.lines[2]
        play.type("G")
        #expect(play.screen.contains("IAM database authentication") && play.lines[2] != first)
        for _ in 0..<50 { play.type("k") }
        #expect(play.lines[2] == first)
        play.type("jj")
        #expect(play.lines[2] != first)
        play.type("g")
        #expect(play.lines[2] == first)
    }

    @Test func `AWS's refusal is trouble, and the text stays`() throws {
        var play = try asked()
        play.type("a")
        play.send(.policy(play.lastRequest, .failed("AccessDenied: check the policy", login: nil)))
        #expect(play.status.contains("! AccessDenied") && play.screen.contains("rds-db:connect"))
    }

    @Test func `a refusal for want of a login is read over the text, and L logs in from there`() throws {
        var play = try asked()
        play.type("a")
        let line = String(repeating: "the session has ended and its words are many. ", count: 4)
        play.send(.policy(play.lastRequest, .failed(line, login: ["aws", "sso", "login"])))
        #expect(play.screen.contains("! the session has ended") && play.screen.contains("(L does)"))
        play.type("L")
        guard case .login(_, let words, _) = play.effects.last else {
            Issue.record("no login was asked for")
            return
        }
        #expect(words == ["aws", "sso", "login"])
    }

    @Test func `a password's profile needs none`() {
        var play = GoldenTests.drawing(columns: 80, rows: 24)
        play.go(to: "legacy-rds")
        play.effects = []
        play.type("P")
        #expect(play.effects.isEmpty && play.status.contains("password logs in without IAM"))
    }

    @Test func `Esc leaves a policy that takes long, and what still comes is not shown`() throws {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-writer")
        play.effects = []
        play.type("P")
        guard case .policy(let id, let profile, false) = play.effects.last else {
            Issue.record("no policy was asked for")
            return
        }
        play.effects = []
        play.press(.escape)
        #expect(play.effects == [.cancelTest(id)])
        play.send(.policy(id, .found(IAMPolicy(target: try profile.signingTarget(defaultRegion: nil)))))
        #expect(!play.screen.contains("What IAM and the database need"))
    }
}

import App
import Profiles
import Screen
import Testing

/// psql from the form, without saving what is typed.
struct TypedTests {
    /// A form that a paste has filled, the list's cursor being elsewhere.
    private func pasted(_ host: String = "orders.example.com") -> Play {
        var play = Play()
        play.go(to: "orders-stg")
        play.press(.paste("postgresql://jo@\(host)/orders"))
        play.send(
            .parsed(play.lastRequest, .settings(["host": host, "user": "jo", "dbname": "orders"])))
        play.effects = []
        return play
    }

    private func wrote(_ play: Play) -> Bool {
        play.effects.contains { effect in
            switch effect {
            case .write, .remember, .recall: true
            default: false
            }
        }
    }

    @Test func `it opens on what is typed, by a key that footer, edge and help name, and writes nothing`()
        throws
    {
        var play = pasted()
        #expect(
            play.lines[23].contains("^O psql") && play.line(with: "^S save   ^T test").contains("^O psql"))
        play.press(.control("o"))
        let opening = try #require(play.launches.first)
        #expect(opening.profile.host == "orders.example.com" && opening.profile.user == "jo")
        #expect(opening.purpose == .typed && !opening.readOnly && opening.choice == SessionChoice())
        #expect(!wrote(play))
        #expect(play.screen.contains("New profile") && play.status.contains("opening psql on orders ..."))
        #expect(
            play.model.yields(to: play.lastRequest), "the form lies over the list and does not hold it up")
        play.press(.function(1))
        #expect(play.screen.contains("psql as typed, nothing is saved"))
        #expect(!play.model.yields(to: play.lastRequest))
    }

    @Test func `production is asked about as from the list, and opens read-only by the key`() throws {
        var play = pasted("orders-prod.example.com")
        play.press(.control("o"))
        #expect(play.launches.isEmpty && play.screen.contains("PRODUCTION  orders-prod"))
        #expect(play.effects == [.flushKeys])
        play.press(.enter)
        #expect(play.launches.isEmpty && play.screen.contains("New profile"))
        play.press(.control("o"), .character("y"))
        let opening = try #require(play.launches.first)
        #expect(opening.readOnly && opening.purpose == .typed && opening.profile.environment == .prod)
        #expect(!wrote(play))
    }

    @Test func `what the settings say of its environment holds`() throws {
        var options = ScreenOptions()
        options.policies = EnvironmentPolicies(rules: [
            .init(environment: .prod, host: try Pattern(".*example.com"))
        ])
        var play = pasted()
        play.send(.options(options))
        play.press(.control("o"))
        #expect(play.launches.isEmpty && play.screen.contains("PRODUCTION  orders"))
    }

    @Test func `while it is being opened keys go nowhere, and Esc goes back to the form`() {
        var play = pasted()
        play.press(.control("o"))
        let id = play.lastRequest
        play.type("select")
        play.press(.control("s"), .control("o"), .control("t"), .tab, .paste("select 1;"))
        #expect(play.launches.count == 1 && !wrote(play))
        #expect(
            !play.screen.contains("select") && play.lines[23].hasPrefix(" Esc cancel"),
            "\(play.screen)")
        play.press(.escape)
        #expect(play.effects.last == .cancelLaunch(id))
        #expect(play.screen.contains("psql on orders is not opened") && play.screen.contains("New profile"))
        play.press(.control("s"))
        #expect(wrote(play))
    }

    @Test func `its end is told in the form, which can be saved then`() {
        var play = pasted()
        play.press(.control("o"))
        play.send(.sessionBegan(play.lastRequest))
        play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 12)))
        #expect(
            play.screen.contains("! psql ended after 00:00:12, exit 0") && play.screen.contains("New profile")
        )
        play.press(.control("o"))
        var end = SessionEnd(
            ending: .notStarted("the session is over"), seconds: 0, login: ["aws", "sso", "login"])
        play.send(.sessionEnded(play.lastRequest, end))
        #expect(play.screen.contains("the session is over (^T, then L does)"))
        // The same once more, where its user wants that.
        play.press(.control("o"))
        end = SessionEnd(ending: .exited(2), seconds: 1)
        end.again = true
        play.send(.sessionEnded(play.lastRequest, end))
        #expect(play.launches.count == 4 && play.model.yields(to: play.lastRequest))
    }

    @Test func `after a login it opens again where that was wanted, unless the form has gone`() throws {
        for isClosed in [false, true] {
            var play = pasted()
            play.press(.control("o"))
            var end = SessionEnd(ending: .exited(2), seconds: 1, login: ["aws", "sso", "login"])
            end.again = true
            play.send(.sessionEnded(play.lastRequest, end))
            guard case .login(let id, _, _)? = play.effects.last else {
                Issue.record("no login: \(play.effects)")
                return
            }
            if isClosed { play.press(.escape, .character("y")) }
            play.send(.loginEnded(id, SessionEnd(ending: .exited(0), seconds: 3)))
            #expect(play.launches.count == (isClosed ? 1 : 2))
        }
    }

    @Test
    func `a mistake is told at its field, and a saved profile that is being edited keeps its own history`()
        throws
    {
        var play = Play()
        play.type("n")
        play.press(.control("o"))
        #expect(play.launches.isEmpty && play.screen.contains("x Endpoint"))
        play = Play.form(" and more")
        play.press(.control("o"))
        play.type("y")
        let opening = try #require(play.launches.first)
        #expect(opening.profile.name == "orders-writer" && opening.profile.id != Fleet.drawn[0].id)
    }

    @Test func `one session after the other`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.press(.enter)
        play.wait(2)
        play.type("n")
        play.press(.paste("orders.example.com"), .control("o"))
        #expect(play.launches.count == 1)
        play.press(.escape)
        #expect(play.screen.contains("Discard"))
    }

    @Test(arguments: ["orders.example.com:5433", "postgresql://jo@orders.example.com/orders"])
    func `:connect with an endpoint or a URI fills the form with it`(text: String) {
        var play = Play()
        play.type(":connect \(text)")
        play.press(.enter)
        if case .parse(let id, _)? = play.effects.last {
            play.send(.parsed(id, .settings(["host": "orders.example.com"])))
        }
        #expect(play.screen.contains("New profile: orders") && play.launches.isEmpty)
        play.press(.escape, .character("y"))
        play.type(":connect nobody")
        play.press(.enter)
        #expect(play.status.contains("there is no nobody to choose"))
    }
}

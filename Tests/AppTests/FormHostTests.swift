import App
import Profiles
import Screen
import Testing

/// An endpoint as it is typed or pasted into the form, with what belongs into other fields.
struct FormHostTests {
    /// An empty form, the cursor in the endpoint's field.
    private func opened(columns: Int = 120) -> Play {
        var play = Play([], columns: columns, rows: 40)
        play.type("n")
        play.press(.tab, .tab)
        return play
    }

    private func saved(_ play: Play) -> Profile? {
        for effect in play.effects.reversed() {
            switch effect {
            case .write(_, .insert(let profile)): return profile
            case .write(_, .update(let profile, _)): return profile
            default: continue
            }
        }
        return nil
    }

    @Test func `a port typed behind the endpoint goes to its own field`() {
        var play = opened()
        play.type("h.example:5433")
        play.press(.tab)
        #expect(
            play.line(with: "Endpoint").contains("h.example ") && play.line(with: "Port").contains("5433"))
        #expect(play.screen.contains("port 5433 taken from the host"))
    }

    @Test(arguments: [
        (
            "arn:aws:rds:eu-west-1:1:db:x",
            "! that is an ARN and no host name: give the endpoint, which `pgfob discover`"
        ),
        (" ARN:aws:rds:eu-west-1:1:db:x", "! that is an ARN and no host name: give the endpoint"),
        (
            "psql -h $HOST",
            "! that has a $ or a ` in it that only a shell fills in: put the values themselves"
        ),
        ("words", "! that is no URI, psql command or endpoint: paste one of these, or fill in the fields"),
    ])
    func `the paste line says what a text is not, and what to paste`(text: String, says: String) {
        var play = Play([], columns: 120, rows: 40)
        play.type("n")
        play.type(text)
        play.press(.enter)
        #expect(play.screen.contains(says), "\(play.screen)")
    }

    @Test(arguments: [80, 120])
    func `how TLS is checked where nobody has said is told by the login and the tunnel`(columns: Int) {
        var saved = Fleet.saved(1, "svc", .dev, host: "h.example", user: "u", database: "d", auth: .service)
        saved.profile.service = "orders"
        func shown(_ saved: SavedProfile, _ keys: Key...) -> String {
            var play = Play([saved], columns: columns, rows: 40)
            play.type("e")
            for _ in 0..<8 where !keys.isEmpty { play.press(.tab) }
            for key in keys { play.press(key) }
            return play.line(with: "TLS")
        }
        #expect(shown(saved).contains("by service"))
        // Another login does not ask the service.
        let other = shown(saved, .left)
        #expect(other.contains("< (verify-full) >"), "\(other)")
        saved.profile.tunnel = "ssh bastion"
        let through = shown(saved)
        #expect(through.contains("< (verify-full) >") && !through.contains("by service"), "\(through)")
    }

    @Test func `a port that was typed before is not overruled`() {
        var play = opened()
        play.press(.tab)
        play.press(.control("u"))
        play.type("6000")
        play.press(.backTab)
        play.type("h.example:5433")
        play.press(.control("s"))
        #expect(play.screen.contains("\"h.example:5433\" has a port in it"), "\(play.screen)")
        #expect(play.line(with: "Port").contains("6000") && saved(play) == nil)
    }

    @Test func `saving takes it apart too, where the cursor still stands there`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-writer")
        play.type("e")
        play.press(.tab)
        play.type(":5433")
        play.press(.control("s"))
        #expect(saved(play)?.host == Fleet.rds("orders", "cluster-c1x9") && saved(play)?.port == 5433)
    }

    @Test func `the dot at an endpoint's end goes, and that is said`() {
        var play = opened()
        play.type("\(Fleet.rds("orders", "cluster-c1x9")).")
        play.press(.tab)
        #expect(play.screen.contains("host taken without the dot at its end"))
        #expect(play.screen.contains("detected: cluster writer, region eu-west-1"))
        #expect(!play.line(with: "Endpoint").contains("amazonaws.com. "))
    }

    @Test func `what an earlier version has saved opens, is told, and is mended by leaving its field`() {
        let old = Fleet.saved(
            1, "old", .dev, host: "h.example:5433", user: "u", database: "d", auth: .password)
        var play = Play([old], columns: 120, rows: 40)
        play.type("e")
        #expect(
            play.screen.contains("Edit profile: old")
                && play.line(with: "Endpoint").contains("h.example:5433"))
        play.press(.control("s"))
        // Nothing was typed: the mistake is told, nothing is changed behind the user's back.
        #expect(saved(play) == nil && play.screen.contains("has a port in it"), "\(play.screen)")
        play.press(.tab)
        play.press(.control("s"))
        #expect(saved(play)?.host == "h.example" && saved(play)?.port == 5433)
    }

    @Test func `AWS's command for a token brings its AWS profile and its region`() {
        var play = opened()
        play.press(
            .paste(
                "aws rds generate-db-auth-token --hostname db.example.com --port 5433 --username jo --profile acme-prod --region us-east-1"
            ))
        play.press(.control("s"))
        let profile = saved(play)
        #expect(profile?.host == "db.example.com" && profile?.port == 5433 && profile?.user == "jo")
        #expect(profile?.auth == .iam && profile?.awsProfile == "acme-prod")
        #expect(profile?.region?.rawValue == "us-east-1" && profile?.name == "db")
    }

    @Test func `y copies the address that is dialled`() {
        let profile = Fleet.saved(1, "p", .dev, host: "h.example", user: "u", database: "d", auth: .password)
        {
            $0.dial = "127.0.11.1:6000"
        }
        var play = Play([profile], columns: 120, rows: 40)
        #expect(play.line(with: "psql \"host=").contains("hostaddr=127.0.11.1"), "\(play.screen)")
        play.type("yc")
        let conninfo =
            "host=h.example port=6000 sslmode=verify-full dbname=d user=u hostaddr=127.0.11.1"
        #expect(play.effects.last == .copy(conninfo, name: "the conninfo of p"))
    }

    // MARK: Its environment

    private static let prod = Fleet.rds("billing-prod", "cluster-k2zz")

    private func environment(_ play: Play) -> String {
        let words = play.line(with: "  Env ").split(separator: "(o) ").dropFirst().first ?? ""
        return String(words.prefix { $0 != " " })
    }

    @Test(arguments: [
        Self.prod, "postgresql://jo@\(Self.prod):5432/orders", "psql -h \(Self.prod) -U jo orders",
        "aws rds generate-db-auth-token --hostname \(Self.prod) --port 5432 --username jo --region eu-west-1",
    ])
    func `what is pasted into the list has the environment that its name tells, wherever the cursor is`(
        text: String
    ) throws {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        play.press(.paste(text))
        if case .parse(let id, _)? = play.effects.last {
            play.send(.parsed(id, .settings(["host": Self.prod, "user": "jo", "dbname": "orders"])))
        }
        #expect(environment(play) == "prod", "\(play.screen)")
        #expect(play.screen.contains("Env is prod, as the endpoint's name says"))
        play.press(.control("s"))
        #expect(try #require(saved(play)).environment == .prod)
    }

    @Test func `an endpoint of a database or cluster that is saved already has the environment of that`() {
        for (host, why) in [
            (Fleet.rds("orders", "cluster-ro-c1x9"), "Env is prod, as of orders-"),
            (Fleet.rds("orders-2", "c1x9"), "Env is prod, as of orders-"),
            (Fleet.rds("legacy-2", "c1x9"), nil),
        ] {
            var play = Play(columns: 120, rows: 40)
            play.go(to: "orders-stg")
            play.press(.paste(host))
            #expect(environment(play) == (why == nil ? "none" : "prod"), "\(host)")
            if let why { #expect(play.screen.contains(why), "\(play.screen)") }
        }
    }

    @Test func `a name that tells nothing leaves it open in a paste, and as the cursor has it in a new form`()
    {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        play.press(.paste("orders.example.com"))
        #expect(environment(play) == "none" && !play.screen.contains("Env is"))
        play.press(.escape, .character("y"), .character("n"))
        #expect(environment(play) == "stage")
    }

    @Test func `a typed endpoint of production is that, one of stage does not take production back`() {
        for (name, host, wanted) in [
            ("orders-stg", Self.prod, "prod"), ("orders-writer", "db.stage.example.com", "prod"),
            ("scratch", "db.stage.example.com", "stage"),
        ] {
            var play = Play(columns: 120, rows: 40)
            play.go(to: name)
            play.press(.character("n"), .tab, .tab)
            play.type(host)
            play.press(.tab)
            #expect(environment(play) == wanted, "\(name)")
        }
    }

    @Test func `what the user has chosen stays, and a saved profile is left alone`() throws {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        play.type("n")
        for _ in 1...6 { play.press(.tab) }
        play.press(.right)
        #expect(environment(play) == "dev")
        play.press(.paste("postgresql://jo@\(Self.prod)/orders"))
        play.send(.parsed(play.lastRequest, .settings(["host": Self.prod])))
        #expect(environment(play) == "dev")
        play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        play.press(.character("e"), .tab, .end, .control("u"))
        play.type(Self.prod)
        play.press(.tab)
        #expect(environment(play) == "stage")
    }

    @Test func `where a rule of the settings decides, it is left to that`() throws {
        var options = ScreenOptions()
        options.policies = EnvironmentPolicies(
            rules: [.init(environment: .other("gold"), host: try Pattern("billing-*"))])
        var play = Play(columns: 120, rows: 40)
        play.send(.options(options))
        play.go(to: "orders-stg")
        play.press(.paste("\(Self.prod):5432"))
        #expect(environment(play) == "none")
        #expect(play.screen.contains("Env is left open: a rule of the settings makes it gold"))
        play.press(.escape, .character("y"), .character("n"))
        play.press(.paste("\(Self.prod):5432"))
        #expect(environment(play) == "none", "\(play.screen)")
        #expect(play.screen.contains("Env is left open: a rule of the settings makes it gold"))
    }
}

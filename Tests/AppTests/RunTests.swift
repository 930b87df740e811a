import App
import Profiles
import Screen
import Testing

/// `:run` and its answers.
struct RunTests {
    private func ask(_ play: inout Play, _ sql: String) {
        play.type(":run \(sql)")
        play.press(.enter)
    }

    private func ran(_ play: Play) -> (id: RequestID, sql: String, names: [String])? {
        for effect in play.effects.reversed() {
            if case .run(let id, let sql, let profiles) = effect { return (id, sql, profiles.map(\.name)) }
        }
        return nil
    }

    @Test func `it runs on the selected profile, and its answers are a text that is scrolled sideways`()
        throws
    {
        var play = Play()
        play.go(to: "orders-stg")
        ask(&play, "select 1")
        let run = try #require(ran(play))
        #expect(run.sql == "select 1" && run.names == ["orders-stg"])
        #expect(play.status.contains("running SQL on 1: 0 done"))
        play.send(.ran(run.id, failed: false))
        let wide = " n | \(String(repeating: "x", count: 100))END"
        play.send(.ranAll(run.id, "-- orders-stg [STG] --\n\(wide)\n"))
        #expect(play.status.contains("ok: SQL on 1 profile: ok"))
        #expect(play.screen.contains("select 1") && play.screen.contains("-- orders-stg [STG] --"))
        #expect(!play.screen.contains("END") && play.screen.contains("h l sideways"))
        play.type("ll")
        #expect(play.screen.contains("END") && !play.screen.contains(" n |"))
        play.type("hh")
        #expect(play.screen.contains(" n |"))
    }

    @Test func `production among the marked asks, and Enter is never yes`() throws {
        var play = Play()
        play.type("*")
        ask(&play, "select 1")
        #expect(ran(play) == nil && play.screen.contains("[PROD] orders-writer"))
        #expect(play.screen.contains("Run SQL on 11 profiles"))
        #expect(play.lines.last?.contains("y run") == true && play.lines.last?.contains("Esc cancel") == true)
        play.press(.enter)
        #expect(ran(play) == nil && !play.screen.contains("Run SQL"))
        ask(&play, "select 1")
        play.type("y")
        #expect(try #require(ran(play)).names.count == 11)
    }

    @Test func `what wants its name is left to the command line`() {
        var profiles = Fleet.drawn
        profiles[0].profile.confirm = .name
        var play = Play(profiles)
        ask(&play, "select 1")
        #expect(ran(play) == nil && play.status.contains("orders-writer asks for its name: `pgfob run` does"))
    }

    @Test func `Esc cancels on the servers, and a late answer of another run is dropped`() throws {
        var play = Play()
        play.go(to: "orders-stg")
        ask(&play, "select pg_sleep(100)")
        let run = try #require(ran(play))
        ask(&play, "select 2")
        #expect(play.status.contains("SQL is running"))
        play.press(.escape)
        #expect(play.effects.last == .cancelRun(run.id))
        play.send(.ranAll(RequestID(999), "other"))
        #expect(!play.screen.contains("other"))
        play.send(.ranAll(run.id, ""))
        #expect(play.status.contains("SQL on 1 profile: cancelled"))
    }

    @Test func `what went well is counted beside what failed`() throws {
        var play = Play()
        play.type("/stg")
        play.press(.enter)
        play.type("*")
        ask(&play, "select 1")
        let run = try #require(ran(play))
        for number in run.names.indices { play.send(.ran(run.id, failed: number == 0)) }
        play.send(.ranAll(run.id, ""))
        #expect(
            play.status.contains("! SQL on \(run.names.count) profiles: \(run.names.count - 1) ok, 1 failed"),
            "\(play.status)")
    }

    @Test func `failures are counted`() throws {
        var play = Play()
        play.go(to: "orders-stg")
        ask(&play, "select 1/0")
        let run = try #require(ran(play))
        play.send(.ran(run.id, failed: true))
        let reason = String(repeating: "why ", count: 40) + "END"
        play.send(.ranAll(run.id, "! orders-stg: ERROR:  division by zero: \(reason)\n"))
        #expect(play.screen.contains("division by zero") && play.screen.contains("END"))
        #expect(!play.screen.contains("sideways"))
        #expect(play.status.contains("! SQL on 1 profile: 1 failed"))
    }
}

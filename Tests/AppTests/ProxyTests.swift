import App
import Profiles
import Screen
import Testing

/// `:proxy` on the screen.
struct ProxyTests {
    private let conninfo = "host=/run/user/1000/pgfob/proxy-orders port=5432 dbname=orders user=iam_dba"

    @Test func `production asks before a proxy is opened, and the key opens it read-only`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-writer")
        play.type(":proxy")
        play.press(.enter)
        #expect(play.screen.contains("Open a proxy as iam_dba on orders, writer endpoint?"))
        #expect(play.screen.contains("Its sessions start read-only."))
        play.effects = []
        play.press(.control("y"))
        var profile = play.model.selectedProfile ?? Profile()
        profile.readOnly = true
        guard case .openProxy(let opening)? = play.effects.last else {
            Issue.record("no proxy was asked for: \(play.effects)")
            return
        }
        #expect(opening.readOnly && opening.purpose == .proxy && opening.profile.id == profile.id)
        #expect(play.status.contains("opening a proxy for orders-writer ...   Esc cancels"))
        play.send(.proxy(profile.id, .opening(SessionStage(.aws, of: profile))))
        #expect(play.status.contains("opening a proxy for orders-writer: 1/2 aws ...   Esc cancels"))
    }

    /// Opens one for the selected profile, up to where it is on its way.
    private func open(_ play: inout Play) -> Profile? {
        play.type(":proxy")
        play.press(.enter)
        play.effects = []
        return play.model.selectedProfile
    }

    /// The same, until it is up and the list is back.
    private func bringUp(_ play: inout Play) -> Profile? {
        guard let profile = open(&play) else { return nil }
        play.send(.proxy(profile.id, .up(conninfo: conninfo)))
        play.press(.escape)
        return profile
    }

    @Test func `Esc cancels one that is on its way, and what comes of it all the same is not shown`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        guard let profile = open(&play) else { return }
        play.press(.escape)
        #expect(play.effects == [.cancelProxy(profile.id)])
        #expect(play.status.contains("a proxy for orders-stg is not opened"))
        play.send(.proxy(profile.id, .up(conninfo: conninfo)))
        #expect(!play.screen.contains("no password needed") && !play.screen.contains("Proxy     up"))
        // It can be asked for again at once.
        play.effects = []
        play.type(":proxy")
        play.press(.enter)
        guard case .openProxy? = play.effects.last else {
            Issue.record("no proxy was asked for: \(play.effects)")
            return
        }
        play.effects = []
        play.type(":proxy stop")
        play.press(.enter)
        #expect(play.effects == [.cancelProxy(profile.id)])
    }

    @Test func `a proxy ends with its profile, whoever removed that`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        guard let profile = bringUp(&play) else { return }
        play.effects = []
        play.send(.profiles(Fleet.drawn.filter { $0.id != profile.id }))
        #expect(play.effects == [.stopProxy(profile)])
        #expect(play.status.contains("orders-stg was removed elsewhere: its proxy ends with it"))
        play.send(.proxy(profile.id, .ended(sessions: 1)))
        #expect(play.status.contains("the proxy of orders-stg has ended, and 1 session with it"))
    }

    @Test func `one that is named is stopped, wherever the selection is`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        guard let profile = bringUp(&play) else { return }
        play.go(to: "legacy-rds")
        play.effects = []
        play.type(":proxy stop")
        play.press(.enter)
        #expect(play.effects.isEmpty && play.status.contains("legacy-rds has no proxy: orders-stg has one"))
        play.type(":proxy stop nowhere")
        play.press(.enter)
        #expect(play.effects.isEmpty && play.status.contains("no profile is called nowhere"))
        // Completed from the profiles that have one.
        play.type(":proxy stop o")
        #expect(play.screen.contains("proxy stop orders-stg"))
        #expect(!play.screen.contains("proxy stop orders-writer"))
        play.press(.tab)
        play.press(.enter)
        #expect(play.effects == [.stopProxy(profile)])
    }

    @Test func `once it is up its conninfo is shown, and stays in the detail`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        guard let profile = open(&play) else { return }
        play.send(.proxy(profile.id, .up(conninfo: conninfo)))
        #expect(play.screen.contains("Proxy: orders-stg, no password needed"))
        #expect(play.screen.contains(conninfo))
        play.press(.escape)
        #expect(play.screen.contains("Proxy     up"))
        play.effects = []
        play.type(":proxy")
        play.press(.enter)
        #expect(play.effects.isEmpty && play.screen.contains("no password needed"))
    }

    @Test func `stopping it says how many sessions ended`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        play.type(":proxy stop")
        play.press(.enter)
        #expect(play.status.contains("orders-stg has no proxy: :proxy opens one"))
        guard let profile = bringUp(&play) else { return }
        play.effects = []
        play.type(":proxy stop")
        play.press(.enter)
        #expect(play.effects == [.stopProxy(profile)])
        play.send(.proxy(profile.id, .ended(sessions: 2)))
        #expect(play.status.contains("has ended, and 2 sessions with it"))
        #expect(!play.screen.contains("Proxy     up"))
    }

    @Test func `a profile that goes to the trash takes its proxy with it`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        guard let profile = bringUp(&play) else { return }
        play.effects = []
        play.type("d")
        #expect(play.effects.first == .stopProxy(profile) && play.effects.count > 1)
    }

    @Test func `a profile that logs in by password has none, and a failure says why`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "legacy-rds")
        play.type(":proxy")
        play.press(.enter)
        #expect(play.status.contains("a proxy logs in with IAM tokens, and legacy-rds by"))
        play.go(to: "orders-stg")
        guard let profile = open(&play) else { return }
        play.send(.proxy(profile.id, .failed("no credentials: log in")))
        #expect(play.status.contains("no credentials: log in"))
    }
}

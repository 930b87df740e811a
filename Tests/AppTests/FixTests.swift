import App
import Diagnosis
import Profiles
import Screen
import Testing

/// `f` on a failed test, and what else the test's screen says and does.
struct FixTests {
    private func failed(
        _ code: CauseCode, _ remedy: Remedy?, name: String = "billing-reader", at stage: Stage = .tls
    ) -> Play {
        var play = Play()
        play.go(to: name)
        play.type("t")
        var report = GoldenTests.report
        report.failedStage = stage
        report.causes = [Cause(code, text: "it is so", check: "look there", fix: "do it", remedy: remedy)]
        play.send(.tested(play.lastRequest, report))
        return play
    }

    @Test func `a field is put right in the store, and the profile as it then is tested again`() throws {
        var play = failed(.tokenWrongRegion, .set(.region, "eu-west-1"))
        #expect(play.screen.contains("f set region eu-west-1"))
        play.type("f")
        guard case .write(let id, .update(let new, let old)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(new.region?.rawValue == "eu-west-1" && old.region == nil)
        play.send(.written(id, .done))
        guard case .test(_, let tested) = play.effects.last else {
            Issue.record("it was not tested again")
            return
        }
        #expect(tested == new)
        #expect(play.screen.contains("running, 0 s"))
        #expect(play.status.contains("set region eu-west-1 of billing-reader: u takes it back"))
    }

    @Test func `parameters are dropped, and what cannot be set is said`() {
        var play = failed(.channelBinding, .drop(["channel_binding"]))
        // It is not there any more: only tested again.
        play.type("f")
        guard case .test = play.effects.last else {
            Issue.record("it was not tested again")
            return
        }
        play = failed(.tokenWrongRegion, .set(.region, "nowhere"))
        play.type("f")
        #expect(play.effects.count == 1)
        #expect(play.status.contains("Region"))
    }

    @Test func `the bundle is fetched, and an own one let go of`() {
        var play = failed(.caUnknown, .fetchBundle)
        play.type("b")
        guard case .fetchBundle(let id, let profile) = play.effects.last else {
            Issue.record("nothing was fetched")
            return
        }
        #expect(profile.name == "billing-reader")
        play.send(.bundleFetched(id, done: false, "no network: check it"))
        #expect(play.status.contains("no network"))
        play.type("f")
        play.send(.bundleFetched(play.lastRequest, done: true, "fetched 108 roots"))
        guard case .test = play.effects.last else {
            Issue.record("it was not tested again")
            return
        }
    }

    @Test func `the field at fault has the cursor in the form, and once that is saved the test comes again`()
    {
        var play = failed(.databaseMissing, .edit(.database), at: .session)
        play.type("f")
        play.type("xyz")
        #expect(play.screen.contains("Edit profile: billing-reader"))
        #expect(play.screen.contains("billingxyz"))
        play.press(.control("s"))
        guard case .write(let id, .update(let new, _)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        play.send(.written(id, .done))
        guard case .test(_, let tested) = play.effects.last else {
            Issue.record("it was not tested again")
            return
        }
        #expect(tested == new && new.database == "billingxyz" && play.screen.contains("running, 0 s"))
        #expect(play.status.contains("changed billing-reader: u takes it back"))
        // A form that was opened for something else tests nothing.
        play.press(.escape)
        play.effects = []
        play.press(.character("e"), .tab, .character("x"), .control("s"))
        play.send(.written(play.lastRequest, .done))
        #expect(!play.showsForm && !play.effects.contains { if case .test = $0 { true } else { false } })
    }

    @Test func `where nothing helps the key says so, and is not in the footer`() {
        var play = failed(.unknown, nil)
        #expect(!play.screen.contains("f fix"))
        play.type("f")
        #expect(play.effects.count == 1)
        #expect(play.status.contains("nothing that pgfob could do"))
    }

    @Test func `y copies the report`() {
        var play = failed(.certExpired, .again)
        play.type("y")
        guard case .copy(let text, let name) = play.effects.last else {
            Issue.record("nothing was copied")
            return
        }
        #expect(name == "the report of billing-reader")
        #expect(text.contains("FAILED at 5 of 8") && text.contains("To be sure     look there"))
    }

    @Test func `the screen says how to be sure and what is ruled out`() {
        let play = failed(.certExpired, .again)
        #expect(play.screen.contains("To be sure") && play.screen.contains("look there"))
        #expect(play.screen.contains("Ruled out") && play.screen.contains("network path and port"))
    }

    @Test func `a draft is put right in its form`() {
        var play = Play()
        play.go(to: "billing-reader")
        play.type("e")
        play.press(.control("t"))
        var report = GoldenTests.report
        report.causes = [Cause(.tokenWrongRegion, text: "x", fix: "y", remedy: .set(.region, "eu-west-2"))]
        play.send(.tested(play.lastRequest, report))
        play.type("f")
        guard case .test(_, let profile) = play.effects.last else {
            Issue.record("it was not tested again")
            return
        }
        #expect(profile.region?.rawValue == "eu-west-2")
        play.send(.tested(play.lastRequest, report))
        play.press(.escape)
        #expect(play.screen.contains("eu-west-2") && play.screen.contains("1 changed"))
    }

    // MARK: Topology and history

    private static func good(_ nodes: [ClusterNode], role: ClusterRole = .writer) -> TestReport {
        var facts = ServerFacts(version: "16.4", role: role, currentUser: "u")
        facts.cluster = nodes
        return TestReport(
            profileName: "p", outcome: .ok, milliseconds: 20, stages: [], server: facts, testedAt: Fleet.now)
    }

    private static let nodes = [
        ClusterNode(name: "ledger-1", isWriter: true),
        ClusterNode(name: "ledger-2", isWriter: false, lagMilliseconds: 90),
        ClusterNode(name: "ledger-3", isWriter: false, lagMilliseconds: 12),
    ]

    @Test func `w and r open the writer and the reader that lags least, by what the last test saw`() throws {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "ledger-custom-ep")
        play.type("r")
        #expect(play.status.contains("which endpoint is a reader is not in its name: t asks the server"))
        play.type("t")
        play.send(.tested(play.lastRequest, Self.good(Self.nodes)))
        play.press(.escape)
        #expect(play.screen.contains("writer ledger-1, readers ledger-2 90 ms behind, ledger-3 12 ms behind"))
        play.type("r")
        #expect(play.screen.contains("PRODUCTION"))
        play.press(.control("y"))
        let reader = try #require(play.launches.last)
        #expect(reader.profile.host == "ledger-3.c1x9.us-east-1.rds.amazonaws.com")
    }

    @Test func `w and r open the profile itself at the other endpoint, whoever has saved that`() throws {
        var profiles = Fleet.drawn
        // It is the first of that host, asks nothing and may write.
        profiles.insert(
            Fleet.saved(
                90, "a-adm", .dev, host: Fleet.rds("orders", "cluster-c1x9"), user: "app_orders",
                database: "postgres"), at: 0)
        profiles[0].profile.tunnel = "ssh elsewhere"
        profiles[1].profile.tunnel = "ssh bastion"
        var play = Play(profiles)
        play.go(to: "orders-reader")
        play.type("w")
        #expect(play.screen.contains("PRODUCTION  orders-reader  (WRITER)"))
        #expect(play.screen.contains("Open psql as iam_ro on orders, writer endpoint?"))
        play.press(.control("y"))
        let opening = try #require(play.launches.last)
        #expect(opening.profile.name == "orders-reader" && opening.readOnly)
        #expect(opening.profile.host == Fleet.rds("orders", "cluster-c1x9"))
        // The way there is that of the profile most like it.
        #expect(opening.profile.tunnel == "ssh bastion" && opening.choice.endpoint == .writer)
    }

    @Test func `w on the writer opens it as Enter does, and what is dialled keeps it there`() throws {
        var profiles = Fleet.drawn
        profiles[6].profile.dial = "10.0.0.1"
        var play = Play(profiles)
        play.go(to: "orders-stg")
        play.type("r")
        #expect(play.screen.contains("save a profile for\n orders-stg.cluster-ro-z8"))
        play.type("w")
        let opening = try #require(play.launches.last)
        #expect(opening.profile.dial == "10.0.0.1" && opening.choice == SessionChoice())
    }

    @Test func `a reader endpoint that leads to the writer is said in the detail`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-reader")
        play.type("t")
        play.send(.tested(play.lastRequest, Self.good([])))
        play.press(.escape)
        #expect(play.screen.contains("though it is the reader endpoint"))
    }

    @Test func `past tests are asked for where they are shown, and drawn with their percentiles`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-writer")
        let id = play.model.selectedProfile?.id ?? Fleet.id(0)
        #expect(play.model.wantedHistory(size: Size(columns: 120, rows: 40)) == id)
        #expect(play.model.wantedHistory(size: Size(columns: 80, rows: 24)) == nil)
        let entries = [20, 20, 22, 40, 21].enumerated().map { number, time in
            HistoryEntry(
                profileID: id, kind: .test, at: Fleet.now.addingTimeInterval(Double(-number)),
                outcome: number == 1 ? "failed" : "ok", milliseconds: Double(time))
        }
        play.send(.history(id, LatencyHistory(entries)))
        #expect(play.model.wantedHistory(size: Size(columns: 120, rows: 40)) == nil)
        #expect(play.screen.contains("_#.x_"))
        #expect(play.screen.contains("p50 21 ms, p95 40 ms over 5 tests"))
    }
}

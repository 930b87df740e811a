#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Diagnosis
import Profiles
import Screen
import Testing

/// `v` on a test that another run has made: a DBA who starts in the morning sees why.
struct LastTestTests {
    private static let yesterday = Fleet.now.addingTimeInterval(-Fleet.day)

    private static func saved(_ tested: Date? = yesterday, updated: Date? = nil) -> SavedProfile {
        let saved = Fleet.saved(
            1, "billing-reader", .prod, host: "billing.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com",
            user: "iam_ro",
            database: "billing",
            test: tested.map {
                TestSummary(
                    outcome: "failed", failedStage: "tls", cause: "ca-unknown", milliseconds: 410,
                    testedAt: $0,
                    role: .reader)
            })
        guard let updated else { return saved }
        return SavedProfile(
            profile: saved.profile, createdAt: saved.createdAt, updatedAt: updated,
            lastUsedAt: saved.lastUsedAt,
            timesUsed: saved.timesUsed, lastSessionSeconds: saved.lastSessionSeconds, lastTest: saved.lastTest
        )
    }

    private static func report(_ at: Date = yesterday) -> TestReport {
        var report = GoldenTests.report
        report.testedAt = at
        return report
    }

    private static func opened(_ saved: SavedProfile = saved(), columns: Int = 80, rows: Int = 24) -> Play {
        var play = Play([saved], columns: columns, rows: rows)
        play.type("v")
        return play
    }

    @Test func `nothing is read before it is asked for`() {
        var play = Play([Self.saved()])
        play.press(.down, .up)
        #expect(!play.effects.contains { if case .recallTest = $0 { true } else { false } })
        play.type("v")
        #expect(play.effects.last == .recallTest(play.lastRequest, Fleet.id(1)))
        #expect(play.screen.contains("Test: billing-reader [PROD]   reading"))
    }

    @Test func `stages, cause and time of the last test are shown`() {
        #expect(
            Play([Self.saved()]).line(with: " test ").contains(
                "FAIL 5 tls, ca-unknown at 23 Nov 14:04 (v: why)"))
        var play = Self.opened()
        play.send(.recalledTest(play.lastRequest, Self.report(), nil))
        #expect(play.screen.contains("FAILED at 5 of 8, 410 ms, tested 23 Nov 14:04"))
        #expect(play.screen.contains("5 tls") && play.screen.contains("Likely cause"))
        play.press(.escape)
        #expect(!play.screen.contains("Test:") && play.row(of: "billing-reader").contains("R iam_ro"))
        // It is there by now.
        let asked = play.effects.count
        play.type("v")
        #expect(play.effects.count == asked && play.screen.contains("tested 23 Nov 14:04"))
    }

    @Test(arguments: [
        (60, 15, "[PROD]   FAILED at 5, 23 Nov 14:04"),
        (200, 60, "tested 23 Nov 14:04"),
    ])
    func `the time finds room at every size`(_ columns: Int, _ rows: Int, _ words: String) {
        var play = Self.opened(columns: columns, rows: rows)
        play.send(.recalledTest(play.lastRequest, Self.report(), nil))
        #expect(play.screen.contains(words))
    }

    @Test func `keys that are typed ahead meanwhile do not reach the list`() {
        var play = Self.opened()
        play.type("r")
        #expect(play.screen.contains("still being read") && play.launches.isEmpty)
        play.send(.recalledTest(play.lastRequest, nil, nil))
        #expect(play.effects.last == .flushKeys)
        #expect(play.status.contains("the stages of that test were not kept: t tests"))
        #expect(!play.screen.contains("Test:"))
    }

    @Test func `a store that cannot be read says so, and an answer after Esc opens nothing`() {
        var play = Self.opened()
        let id = play.lastRequest
        play.press(.escape)
        #expect(!play.screen.contains("Test:"))
        #expect(!play.effects.contains { if case .cancelTest = $0 { true } else { false } })
        play.send(.recalledTest(id, Self.report(), nil))
        #expect(!play.screen.contains("Test:"))
        play.type("v")
        play.send(.recalledTest(play.lastRequest, nil, "the store is locked: try again"))
        #expect(play.status.contains("the store is locked"))
    }

    @Test func `what another pgfob has tested since is read anew`() {
        var play = Self.opened()
        play.send(.recalledTest(play.lastRequest, Self.report(), nil))
        play.press(.escape)
        let later = Fleet.now.addingTimeInterval(-Fleet.hour)
        play.send(.profiles([Self.saved(later)]))
        let before = play.lastRequest
        play.type("v")
        #expect(play.lastRequest != before)
        play.send(.recalledTest(play.lastRequest, Self.report(later), nil))
        #expect(play.screen.contains("tested 13:04:30"))
    }

    @Test func `r tests the profile as it is now, and a change since is told`() {
        var play = Self.opened(Self.saved(updated: Fleet.now), rows: 50)
        play.send(.recalledTest(play.lastRequest, Self.report(), nil))
        #expect(play.screen.contains("Changed since"))
        play.type("r")
        guard case .test(_, let profile) = play.effects.last else {
            Issue.record("no test was asked for")
            return
        }
        #expect(profile == Self.saved().profile)
    }

    @Test func `a change on which no connection depends is none since a test of another day`() {
        var report = Self.report()
        report.connectionMark = Self.saved().profile.connectionMark
        let kept = TestReport(kept: report.kept)
        func isTold(_ change: (inout Profile) -> Void) -> Bool {
            let saved = Self.saved(updated: Fleet.now)
            var profile = saved.profile
            change(&profile)
            var play = Self.opened(
                SavedProfile(
                    profile: profile, createdAt: saved.createdAt, updatedAt: saved.updatedAt,
                    lastTest: saved.lastTest), rows: 50)
            play.send(.recalledTest(play.lastRequest, kept, nil))
            #expect(play.screen.contains("FAILED at 5"))
            return play.screen.contains("Changed since")
        }
        let idle: [(inout Profile) -> Void] = [
            { $0.tags = ["pci"] }, { $0.pinned.toggle() }, { $0.notes = "a word" }, { $0.group = "others" },
            { $0.name = "another" }, { $0.confirm = .key },
        ]
        for change in idle { #expect(!isTold(change)) }
        let telling: [(inout Profile) -> Void] = [
            { $0.port = 5433 }, { $0.user = "someone" }, { $0.sslmode = .require }, { $0.readOnly = true },
            { $0.parameters = ["keepalives": "0"] }, { $0.dial = "127.0.0.1" },
        ]
        for change in telling { #expect(isTold(change)) }
    }

    @Test func `r after an edit tests what was saved, not what was tested before`() {
        var play = Play([Self.saved(nil)], rows: 50)
        play.type("t")
        play.send(.tested(play.lastRequest, Self.report(Fleet.now)))
        play.press(.escape)
        var changed = Self.saved(Fleet.now).profile
        changed.notes = "only a word"
        func store(_ profile: Profile) {
            play.send(
                .profiles([
                    SavedProfile(
                        profile: profile, createdAt: Fleet.now, updatedAt: Fleet.now, lastUsedAt: nil,
                        timesUsed: 0,
                        lastSessionSeconds: nil, lastTest: nil)
                ]))
        }
        store(changed)
        play.type("v")
        #expect(play.screen.contains("FAILED at 5") && !play.screen.contains("Changed since"))
        play.press(.escape)
        changed.port = 5433
        store(changed)
        play.type("v")
        #expect(play.screen.contains("Changed since"))
        play.type("r")
        guard case .test(_, let profile) = play.effects.last else {
            Issue.record("no test was asked for")
            return
        }
        #expect(profile.port == 5433)
    }

    @Test func `f on a test of yesterday does what it would have done then`() {
        var play = Self.opened()
        play.send(.recalledTest(play.lastRequest, Self.report(), nil))
        play.type("f")
        guard case .fetchBundle(_, let profile) = play.effects.last else {
            Issue.record("no bundle was asked for")
            return
        }
        #expect(profile.name == "billing-reader")
    }

    @Test func `a profile that was never tested says what tests`() {
        let play = Self.opened(Self.saved(nil))
        #expect(play.status.contains("not tested yet: t tests") && !play.screen.contains("Test:"))
    }

    @Test func `reports of many tests are let go of once the store has them, and v finds them there`() {
        var play = Play([Self.saved()])
        play.type("T")
        guard case .testAmongMany(let id, _) = play.effects.last else {
            Issue.record("nothing was tested")
            return
        }
        let report = Self.report(Fleet.now)
        play.send(.tested(id, report))
        // What an earlier test found of the server stands until a test finds another.
        #expect(play.row(of: "billing-reader").contains("PROD  R iam_ro"))
        play.type("v")
        #expect(play.screen.contains("FAILED at 5 of 8"))
        // It is looked at: it stays.
        var stored = report.summary
        stored.testedAt += 0.000_000_1
        func store() {
            let old = Self.saved()
            play.send(
                .profiles([
                    SavedProfile(
                        profile: old.profile, createdAt: old.createdAt, updatedAt: old.updatedAt,
                        lastUsedAt: nil,
                        timesUsed: 0, lastSessionSeconds: nil, lastTest: stored)
                ]))
        }
        store()
        #expect(play.screen.contains("FAILED at 5 of 8"))
        play.press(.escape)
        store()
        #expect(play.row(of: "billing-reader").contains("FAIL 5 tls"))
        play.type("v")
        #expect(play.effects.last == .recallTest(play.lastRequest, Fleet.id(1)))
    }

    @Test func `a test of its own stays, so that its times stand in the detail`() {
        var play = Play([Self.saved(nil)], columns: 120, rows: 40)
        play.type("t")
        play.send(.tested(play.lastRequest, Self.report(Fleet.now)))
        play.press(.escape)
        play.send(.profiles([Self.saved(Fleet.now)]))
        #expect(play.line(with: "Test ").contains("tls 371"))
        let asked = play.effects.count
        play.type("v")
        #expect(play.effects.count == asked && play.screen.contains("FAILED at 5 of 8"))
    }
}

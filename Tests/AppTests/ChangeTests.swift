#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Profiles
import Screen
import Testing

/// Changes to the store: each can be taken back in the same run.
struct ChangeTests {
    /// Answers the newest change, and shows what the store then holds.
    private func answer(_ play: inout Play, _ profiles: [SavedProfile]) {
        play.send(.written(play.lastRequest, .done))
        play.send(.profiles(profiles))
    }

    private func changes(_ play: Play) -> [StoreChange] {
        play.effects.compactMap { if case .write(_, let change) = $0 { change } else { nil } }
    }

    private func without(_ name: String) -> [SavedProfile] {
        Fleet.drawn.filter { $0.profile.name != name }
    }

    @Test func `d deletes at once, u brings it back and the cursor with it, ^R deletes again`() {
        var play = Play()
        play.go(to: "orders-stg")
        let id = Fleet.id(7)
        play.type("d")
        answer(&play, without("orders-stg"))
        #expect(play.status.contains("ok: deleted orders-stg: u brings it back"))
        #expect(play.selected == "billing-stg")
        play.type("Gu")
        answer(&play, Fleet.drawn)
        #expect(play.selected == "orders-stg")
        play.press(.control("r"))
        answer(&play, without("orders-stg"))
        play.type("u")
        #expect(changes(play) == [.trash([id]), .restore([id]), .trash([id]), .restore([id])])
    }

    @Test func `a change that the store refuses is not there to be undone`() {
        var play = Play()
        play.type("d")
        play.send(.written(play.lastRequest, .failed("the disk is full: free some space", field: nil)))
        #expect(play.status.contains("! the disk is full"))
        play.type("u")
        #expect(changes(play).count == 1)
        #expect(play.status.contains("nothing to undo"))
    }

    @Test func `an undo that the store refuses can be tried again`() {
        var play = Play()
        play.type("d")
        answer(&play, without("orders-writer"))
        play.type("u")
        play.send(.written(play.lastRequest, .failed("the store is locked: try again", field: nil)))
        play.type("u")
        #expect(changes(play).count == 3)
    }

    @Test func `a copy is every field under a free name, saved as a new profile`() {
        var profiles = Fleet.drawn
        profiles[6].profile.name = "ORDERS-WRITER COPY"
        var play = Play(profiles)
        play.type("D")
        play.press(.control("s"))
        guard case .insert(let copy) = changes(play).first else {
            Issue.record("nothing was inserted")
            return
        }
        var expected = Fleet.drawn[0].profile
        expected.id = copy.id
        expected.name = "orders-writer copy 2"
        #expect(copy == expected)
        #expect(copy.id != Fleet.id(1))
        let saved = SavedProfile(profile: copy, createdAt: play.now, updatedAt: play.now)
        answer(&play, Fleet.drawn + [saved])
        #expect(play.selected == "orders-writer copy 2")
        play.type("u")
        answer(&play, Fleet.drawn)
        // The row lies in the trash now: it is not made twice.
        play.press(.control("r"))
        #expect(changes(play).dropFirst() == [.trash([copy.id]), .restore([copy.id])])
    }

    @Test func `a saved profile that the filter hides is told`() {
        var play = Play()
        play.type("/billing")
        play.press(.enter)
        play.type("D")
        play.press(.control("s"))
        guard case .insert(var hidden) = changes(play).first else { return }
        hidden.name = "elsewhere"
        hidden.host = "elsewhere.example"
        hidden.database = "other"
        answer(&play, Fleet.drawn + [SavedProfile(profile: hidden, createdAt: play.now, updatedAt: play.now)])
        #expect(play.status.contains("elsewhere is saved, and the filter hides it"))
    }

    @Test func `what the store refuses keeps the form and what was typed`() {
        var play = Play()
        play.type("D")
        play.press(.control("s"))
        play.send(.written(play.lastRequest, .failed("the name is taken", field: .name)))
        play.press(.control("s"))
        #expect(changes(play).count == 2)
    }

    @Test func `while the store writes a second ^S changes nothing`() {
        var play = Play()
        play.type("D")
        play.press(.control("s"), .control("s"), .escape)
        #expect(changes(play).count == 1)
        answer(&play, Fleet.drawn)
        #expect(play.status.contains("saved orders-writer copy"))
    }

    @Test func `a paste into the list opens the form with it`() {
        var play = Play([])
        play.press(.paste("postgresql://iam_dba@\(Fleet.rds("orders", "cluster-c1x9")):5432/orders"))
        guard case .parse(let id, let text) = play.effects.last else {
            Issue.record("nothing was parsed")
            return
        }
        #expect(text.hasPrefix("postgresql://iam_dba@orders"))
        let settings = ["host": Fleet.rds("orders", "cluster-c1x9"), "user": "iam_dba", "dbname": "orders"]
        play.send(.parsed(id, .settings(settings)))
        play.press(.control("t"))
        guard case .test(_, let profile) = play.effects.last else {
            Issue.record("the form's draft was not tested")
            return
        }
        #expect(profile.host == Fleet.rds("orders", "cluster-c1x9"))
    }

    @Test func `the test of a draft lies over its form and leaves the row alone`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.type("e")
        play.press(.control("t"))
        #expect(play.screen.contains("Test: orders-stg [STG] as typed"))
        play.send(.tested(play.lastRequest, GoldenTests.report))
        play.press(.escape, .escape)
        #expect(play.row(of: "orders-stg").contains("ok 31ms"))
    }

    @Test func `trouble from outside is shown whole, over the detail`() {
        var play = Play()
        play.send(
            .storeFailed(
                "/home/jo/.local/share/pgfob/profiles.db: the disk is full, the profiles were not read; "
                    + "free some space and press R"))
        #expect(play.screen.contains("! /home/jo/.local/share/pgfob/profiles.db"))
        #expect(play.screen.contains("press R"))
    }

    @Test func `what was said stays until a key that comes when it could be read`() {
        var play = Play()
        play.send(.notice("first"))
        play.press(.down)
        #expect(play.status.contains("first"))
        play.wait(5)
        #expect(play.status.contains("first"))
        play.press(.down)
        #expect(!play.status.contains("first"))
    }
}

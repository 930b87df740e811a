#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Profiles
import Screen
import Testing

/// `K`, the countdowns, and when the program has to wake for them.
struct TokenTests {
    @Test func `Esc ends a minting that takes its time, and what comes of it later is nobody's`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.press(.character("K"))
        let id = play.lastRequest
        #expect(play.status.contains("minting a token for orders-stg ...   Esc cancels"))
        play.press(.escape)
        #expect(play.effects.last == .cancelTest(id))
        #expect(play.status.contains("no token is minted for orders-stg"))
        play.send(.minted(id, .failed("cancelled: try again", needsLogin: false, login: nil)))
        #expect(play.status.contains("no token is minted for orders-stg"))
        play.press(.escape)
        #expect(play.effects.last == .cancelTest(id) && play.status.contains("nothing to go back from"))
    }

    @Test func `K mints, and the row counts down`() {
        var play = Play()
        play.type("K")
        guard case .mint(_, let profile) = play.effects.last else {
            Issue.record("nothing was minted")
            return
        }
        #expect(profile.name == "orders-writer")
        #expect(play.row(of: "orders-writer").contains(".. ok"))
        play.minted(secondsLeft: 900)
        #expect(play.row(of: "orders-writer").contains("15:00 ok"))
        for (seconds, shown) in [(1.0, "14:59"), (839, "1:00"), (1, "0:59 !"), (58, "0:01 !"), (1, " - ok")] {
            play.wait(seconds)
            #expect(play.row(of: "orders-writer").contains(shown))
        }
    }

    @Test func `profiles that sign alike share one token`() {
        var twin = Fleet.drawn[0]
        twin.profile.id = Fleet.id(77)
        twin.profile.name = "twin"
        twin.profile.database = "other"
        twin.profile.host = twin.profile.host.uppercased() + "."
        var stranger = twin
        stranger.profile.id = Fleet.id(78)
        stranger.profile.name = "stranger"
        stranger.profile.awsProfile = "another"
        var play = Play(Fleet.drawn + [twin, stranger])
        play.mint("orders-writer", secondsLeft: 300)
        #expect(play.row(of: "twin").contains("5:00"))
        #expect(!play.row(of: "stranger").contains("5:00"))
    }

    @Test func `a token that ends with its credentials says so`() {
        var play = Play()
        play.type("K")
        play.minted(secondsLeft: 300, limitedBy: .credentials)
        #expect(play.status.contains("good for 5:00 (as its AWS keys)"))
    }

    @Test func `a failed mint is trouble, and names the login where one helps`() {
        var play = Play()
        play.type("K")
        play.send(
            .minted(
                play.lastRequest,
                .failed("no credentials: aws sso login --profile acme-prod", needsLogin: true, login: nil)))
        #expect(play.status.hasPrefix(" ! no credentials"))
        #expect(play.row(of: "orders-writer").contains("login"))
    }

    @Test func `a password's profile has no token to mint`() {
        var play = Play()
        play.go(to: "legacy-rds")
        play.type("K")
        #expect(play.effects.isEmpty)
        #expect(play.status.contains("password logs in without a token"))
    }

    @Test func `the session's token goes on counting after psql has ended`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.press(.enter)
        let clock = TokenClock(
            signedAt: play.now, expiresAt: play.now.addingTimeInterval(600), limitedBy: .token,
            provider: "keys")
        play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 1, token: clock)))
        #expect(play.row(of: "orders-stg").contains("10:00"))
    }

    // MARK: Waking

    @Test func `a countdown wakes once a second, at the same instant for all`() {
        var play = Play()
        play.mint("orders-writer", secondsLeft: 300.7)
        play.now = play.now.addingTimeInterval(0.3)
        play.mint("billing-writer", secondsLeft: 500.1)
        let next = play.model.nextChange(size: play.size)
        #expect(next == Fleet.now.addingTimeInterval(1))
    }

    @Test func `a countdown that is scrolled away wakes nobody`() {
        var play = Play(Fleet.dev(200))
        play.mint("dev-000", secondsLeft: 900)
        play.type("G")
        // The message goes by itself, once.
        #expect(play.model.nextChange(size: play.size) == Fleet.now.addingTimeInterval(60))
        play.wait(60)
        #expect(play.model.nextChange(size: play.size) == nil)
        play.type("g")
        #expect(play.model.nextChange(size: play.size) != nil)
    }

    @Test func `without countdowns it wakes when a coarse time reads differently and not before`() {
        var play = Play([Fleet.drawn[6]])
        var wakes = 0
        var before = play.screen
        for _ in 0..<70 {
            guard let next = play.model.nextChange(size: play.size) else { break }
            #expect(next > play.now)
            // Just before the instant nothing has changed, at it something has.
            play.now = next.addingTimeInterval(-0.01)
            play.send(.tick)
            #expect(play.screen == before)
            play.now = next
            play.send(.tick)
            #expect(play.screen != before)
            before = play.screen
            wakes += 1
            if before.contains(" 2h") { break }
        }
        // 56 minutes until an hour is full, one hour more.
        #expect(wakes == 57)
    }

    @Test func `an idle list of profiles never used sleeps for good`() {
        let play = Play(Fleet.dev(20))
        #expect(play.model.nextChange(size: play.size) == nil)
        #expect(Play([]).model.nextChange(size: play.size) == nil)
    }

    @Test func `a terminal that is too small wakes for nothing`() {
        var play = Play()
        play.mint("orders-writer", secondsLeft: 900)
        play.resize(columns: 59, rows: 14)
        #expect(play.model.nextChange(size: play.size) == nil)
    }

    @Test func `a running test ticks its seconds`() {
        var play = Play(Fleet.dev(3))
        play.type("t")
        #expect(play.model.nextChange(size: play.size) == play.now.addingTimeInterval(1))
    }

    @Test(arguments: [1e300, -1e300, .infinity, .nan])
    func `absurd instants from a foreign store trap nowhere`(seconds: Double) {
        let absurd = Fleet.now.addingTimeInterval(seconds)
        var saved = Fleet.drawn[0]
        saved.lastUsedAt = absurd
        saved.lastSessionSeconds = seconds
        saved.lastTest = TestSummary(outcome: "ok", milliseconds: seconds, testedAt: absurd)
        for columns in [80, 120, 200] {
            var play = Play([saved], columns: columns, rows: 40)
            play.type("K")
            let clock = TokenClock(signedAt: absurd, expiresAt: absurd, limitedBy: .token, provider: "")
            play.send(.minted(play.lastRequest, .minted(clock)))
            #expect(play.row(of: "orders-writer").contains("PROD"))
            _ = play.model.nextChange(size: play.size)
        }
    }
}

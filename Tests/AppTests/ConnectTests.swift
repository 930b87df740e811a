import App
import Profiles
import Screen
import TestSupport
import Testing

/// `c`: a session with more said than the profile says.
struct ConnectTests {
    private func open(_ name: String, _ profiles: [SavedProfile] = Fleet.drawn) -> Play {
        var play = Play(profiles)
        play.go(to: name)
        play.type("c")
        return play
    }

    /// Types a line and goes to the next.
    private func fill(_ play: inout Play, _ texts: String...) {
        for text in texts {
            play.type(text)
            play.press(.tab)
        }
    }

    @Test(arguments: GoldenTests.sizes)
    func `it is drawn`(columns: Int, rows: Int) {
        var play = Play(columns: columns, rows: rows)
        play.go(to: "orders-stg")
        play.type("corders")
        play.press(.tab)
        Golden.expect(play.lines, "connect-\(columns)x\(rows)")
    }

    @Test func `what is typed is opened with and remembered`() {
        var play = open("orders-stg")
        #expect(play.screen.contains("Connect with: orders-stg [STG]"))
        fill(&play, "billing", "order_desk", " ", " ", "30s", "pgcli", "-v 'a b'")
        play.press(.enter)
        var choice = SessionChoice()
        choice.database = "billing"
        choice.role = "order_desk"
        choice.endpoint = .writer
        choice.statementTimeout = "30s"
        choice.program = "pgcli"
        choice.arguments = "-v 'a b'"
        #expect(play.launches.last?.choice == choice)
        #expect(play.launches.last?.readOnly == true)
        #expect(play.effects.contains { if case .remember(_, choice) = $0 { true } else { false } })
        #expect(!play.screen.contains("Connect with") && play.status.contains("opening pgcli on orders-stg"))
    }

    @Test func `it begins with what the profile was last opened with, unless something is typed already`() {
        var remembered = SessionChoice()
        remembered.database = "archive"
        var play = open("orders-stg")
        guard case .recall(let id, _) = play.effects.last else {
            Issue.record("nothing was asked")
            return
        }
        play.send(.recalled(id, remembered))
        #expect(play.line(with: "Database").contains("archive"))
        play.press(.escape)
        play.type("cx")
        guard case .recall(let second, _) = play.effects.last else { return }
        play.send(.recalled(second, remembered))
        #expect(!play.screen.contains("archive"))
        #expect(play.line(with: "Database").contains("x"))
    }

    /// Chooses read-only `no` for a profile, and what else the question asks.
    private func openWriting(_ name: String, _ change: (inout Profile) -> Void) -> Play {
        var profiles = Fleet.drawn
        for place in profiles.indices where profiles[place].profile.name == name {
            change(&profiles[place].profile)
        }
        var play = open(name, profiles)
        play.press(.tab, .tab, .tab)
        play.type("  ")
        play.press(.enter)
        return play
    }

    @Test func `who chose to write on production is told what that takes, and y is something else`() {
        var play = openWriting("orders-writer") { _ in }
        #expect(play.screen.contains("PRODUCTION  orders-writer"))
        #expect(play.screen.contains("You chose read-write: that takes the name, typed."))
        #expect(
            play.screen.contains("y open read-only instead")
                && play.screen.contains("type the name: read-write"))
        var other = play
        other.type("y")
        #expect(other.launches.last?.readOnly == true)
        play.type("orders-writer")
        #expect(play.screen.contains("Enter then opens READ-WRITE"))
        play.press(.enter)
        #expect(play.launches.last?.readOnly == false)
    }

    @Test func `where the name is typed anyway it opens what was chosen`() {
        var play = openWriting("orders-writer") { $0.confirm = .name }
        #expect(play.screen.contains("You chose read-write: the session can write."))
        play.type("orders-writer")
        #expect(!play.screen.contains("^O") && play.screen.contains("Enter = READ-WRITE"))
        play.press(.enter)
        #expect(play.launches.last?.readOnly == false)
    }

    @Test func `elsewhere the key that opens a read-only profile writes where that was chosen`() {
        var play = openWriting("orders-stg") { ($0.confirm, $0.readOnly) = (.key, true) }
        #expect(play.screen.contains("You chose read-write: the session can write."))
        #expect(!play.screen.contains("open read-only"))
        play.type("y")
        #expect(play.launches.last?.readOnly == false)
    }

    @Test func `a bad value is told on its line and opens nothing`() {
        var play = open("orders-stg")
        play.press(.tab, .tab, .tab, .tab)
        play.type("soon")
        play.press(.enter)
        #expect(play.launches.last == nil)
        #expect(play.screen.contains("x Timeout \"soon\" is no duration"))
        play.press(.backspace, .backspace, .backspace, .backspace)
        play.type("5s")
        #expect(!play.screen.contains("is no duration"))
        play.press(.enter)
        #expect(play.launches.last?.choice.statementTimeout == "5s")
    }

    @Test func `the reader is the cluster's other endpoint, and where no name tells it that is said`() {
        var play = open("orders-stg")
        play.press(.tab, .tab)
        play.type("  ")
        play.press(.enter)
        #expect(play.launches.last?.profile.host.contains(".cluster-ro-") == true)
        #expect(play.launches.last?.profile.name == "orders-stg")
        play = open("scratch")
        play.press(.tab, .tab)
        play.type(" ")
        play.press(.enter)
        #expect(play.launches.last == nil)
        #expect(play.screen.contains("x Endpoint no writer endpoint is known"))
    }

    // MARK: The guard

    @Test func `production asks all the same, with what was chosen in the question`() {
        var play = open("orders-writer")
        fill(&play, "archive", "order_desk")
        play.press(.enter)
        #expect(play.launches.last == nil)
        #expect(play.screen.contains("PRODUCTION  orders-writer"))
        #expect(play.screen.contains("Open psql as order_desk on archive, writer endpoint?"))
        play.press(.control("y"))
        #expect(play.launches.last?.readOnly == true)
        #expect(play.launches.last?.choice.database == "archive")
    }

    @Test func `to write on production takes the typed name, also where it is snoozed or asks nothing`() {
        for confirm in [ConfirmPolicy.key, .none] {
            var profiles = Fleet.drawn
            profiles[0].profile.confirm = confirm
            var play = open("orders-writer", profiles)
            play.press(.escape)
            if confirm == .key {
                play.press(.enter)
                play.press(.control("n"), .control("y"))
                play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 5)))
            }
            let before = play.effects.count
            play.type("c")
            play.press(.tab, .tab, .tab)
            play.type("  ")
            play.press(.enter)
            #expect(play.screen.contains("PRODUCTION"))
            play.press(.enter)
            #expect(!play.effects.dropFirst(before).contains { if case .launch = $0 { true } else { false } })
            play.type("c")
            play.press(.tab, .tab, .tab)
            play.type("  ")
            play.press(.enter)
            play.type("orders-writer")
            play.press(.enter)
            #expect(play.launches.last?.readOnly == false)
        }
    }

    @Test func `elsewhere read-only and read-write are chosen at once`() {
        for (presses, readOnly) in [(" ", true), ("  ", false)] {
            var play = open("orders-stg")
            play.press(.tab, .tab, .tab)
            play.type(presses)
            play.press(.enter)
            #expect(play.launches.last?.readOnly == readOnly)
        }
    }

    @Test func `windows are offered where tmux is there`() {
        var play = open("orders-stg")
        #expect(play.line(with: "Where").contains("windows need tmux"))
        play.press(.escape)
        play.send(.options(ScreenOptions(hasWindows: true)))
        play.type("c")
        play.press(.backTab)
        play.type(" ")
        play.press(.enter)
        #expect(play.launches.last?.choice.place == .window)
    }

    @Test func `O opens a window where tmux is there, asks as Enter does, and the list goes on`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.type("O")
        #expect(play.launches.last == nil && play.status.contains("windows need tmux"))
        play.send(.options(ScreenOptions(hasWindows: true)))
        play.type("O")
        #expect(play.launches.last?.choice.place == .window)
        play.send(.sessionElsewhere(play.lastRequest, .window, failure: nil))
        #expect(play.status.contains("ok: psql on orders-stg runs in a window of its own"))
        play.type(":open split")
        play.press(.enter)
        #expect(play.launches.last?.choice.place == .split)
        play.send(.sessionElsewhere(play.lastRequest, .window, failure: nil))
        #expect(play.status.contains("ok: psql on orders-stg runs in a window: no room for a pane"))
        play.type(":open split")
        play.press(.enter)
        play.send(
            .sessionElsewhere(
                play.lastRequest, .split, failure: "tmux did not answer: open the session here"))
        #expect(play.status.contains("! tmux did not answer"))
        play.go(to: "orders-writer")
        play.type("O")
        #expect(play.screen.contains("PRODUCTION"))
    }

    @Test func `a session that lost its connection is opened once more as it was`() {
        var play = open("orders-stg")
        fill(&play, "archive")
        play.press(.enter)
        let first = play.launches.last
        var end = SessionEnd(ending: .exited(2), seconds: 60, hadConnected: true)
        end.again = true
        let before = play.effects.count
        play.send(.sessionEnded(play.lastRequest, end))
        #expect(play.effects.count == before + 1 && play.launches.last == first)
        end.again = false
        play.send(.sessionEnded(play.lastRequest, end))
        #expect(play.effects.count == before + 1)
        #expect(play.status.contains("psql on orders-stg ended after 00:01:00, exit 2: connection lost"))
    }

    @Test func `a session that did not come about names the key that says why`() {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "orders-stg")
        play.press(.enter)
        play.send(
            .sessionEnded(
                play.lastRequest, SessionEnd(ending: .exited(2), seconds: 0, hadConnected: false)))
        #expect(
            play.status.contains(
                "psql on orders-stg ended after 00:00:00, exit 2: did not connect (t says why)"))
    }
}

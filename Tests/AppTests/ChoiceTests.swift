import App
import Profiles
import Screen
import TestSupport
import Testing

/// Copying, themes and the mouse.
struct ChoiceTests {
    // MARK: Copying

    @Test(arguments: [
        ("h", "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com:5432", "the host of orders-writer"),
        (
            "c",
            "host=orders.cluster-c1x9.eu-west-1.rds.amazonaws.com port=5432 sslmode=verify-full dbname=orders user=iam_dba options='-c default_transaction_read_only=on'",
            "the conninfo of orders-writer"
        ),
    ])
    func `y and a letter copy what it names`(key: String, text: String, name: String) {
        var play = Play()
        play.type("y")
        #expect(play.screen.contains("Copy: orders-writer"))
        play.type(key)
        #expect(play.effects.last == .copy(text, name: name) && !play.screen.contains("Copy:"))
    }

    @Test func `URI and psql command hold no secret`() {
        let secret = Fleet.saved(1, "s", .dev, host: "h.example", user: "u", database: "d", auth: .password) {
            $0.parameters = ["keepalives": "1"]
        }
        var play = Play([secret])
        play.type("yu")
        guard case .copy(let uri, _) = play.effects.last else { return }
        #expect(uri.hasPrefix("postgresql://u@h.example:5432/d?") && uri.contains("keepalives=1"))
        play.type("yp")
        guard case .copy(let command, _) = play.effects.last else { return }
        #expect(command.hasPrefix("psql "))
        play.type("yt")
        #expect(play.status.contains("password logs in without a token"))
    }

    @Test func `a token is copied only after its key was pressed twice`() {
        var play = Play()
        play.type("yt")
        #expect(play.screen.contains("press again: it can log anybody in"))
        #expect(play.effects.last == .flushKeys)
        play.type("t")
        guard case .copyToken(let profile, "a token for orders-writer") = play.effects.last else {
            Issue.record("no token was asked for")
            return
        }
        #expect(profile.name == "orders-writer")
    }

    @Test(arguments: GoldenTests.sizes)
    func `the menu of what can be copied is drawn over the list`(columns: Int, rows: Int) {
        var play = GoldenTests.drawing(columns: columns, rows: rows)
        play.type("y")
        Golden.expect(play.lines, "copy-\(columns)x\(rows)")
    }

    // MARK: Themes

    @Test func `a theme is worn while the cursor is on it, and kept by Enter alone`() {
        var play = Play()
        play.send(.options(ScreenOptions(theme: "dark", themes: ["standard", "dark", "light"])))
        play.type(":theme")
        play.press(.enter)
        #expect(play.screen.contains("Themes") && play.line(with: "> dark").contains("dark"))
        play.type("j")
        #expect(play.effects.last == .theme("light", keeps: false))
        play.press(.escape)
        #expect(play.effects.last == .theme("dark", keeps: false) && !play.screen.contains("Themes"))
        play.type(":theme")
        play.press(.enter, .down, .enter)
        #expect(play.effects.last == .theme("light", keeps: true))
        play.type(":theme standard")
        play.press(.enter)
        #expect(play.effects.last == .theme("standard", keeps: true))
    }

    // MARK: The mouse

    private func click(_ play: inout Play, _ text: String, row wanted: Int? = nil) {
        let row = wanted ?? play.lines.firstIndex { $0.contains(text) } ?? 0
        let line = play.lines[row]
        let column =
            line.firstRange(of: text).map { line.distance(from: line.startIndex, to: $0.lowerBound) } ?? 0
        play.press(.mouse(MouseEvent(kind: .press, button: 1, at: Point(column: column, row: row))))
    }

    @Test func `a click chooses, a second one opens, a slow one does not`() {
        var play = Play()
        click(&play, "orders-stg")
        #expect(play.selected == "orders-stg" && play.effects.isEmpty)
        play.wait(2)
        click(&play, "orders-stg")
        #expect(play.effects.isEmpty)
        click(&play, "orders-stg")
        guard case .launch = play.effects.last else {
            Issue.record("nothing was opened")
            return
        }
    }

    @Test func `the answers to a question about several are buttons`() {
        var play = Play()
        for (button, runs) in [("[ Cancel ]", false), ("y run", true)] {
            play.type(play.screen.contains("11 marked") ? ":run select 1" : "*:run select 1")
            play.press(.enter)
            click(&play, button)
            #expect(!play.screen.contains("Run SQL on"))
            #expect(play.effects.contains { if case .run = $0 { true } else { false } } == runs)
        }
    }

    @Test func `heads sort, group lines fold, the footer's keys are buttons, the wheel moves`() {
        var play = Play()
        click(&play, "NAME", row: 1)
        #expect(play.lines[0].contains("sort:name v"))
        click(&play, "NAME", row: 1)
        #expect(play.lines[0].contains("sort:name ^"))
        click(&play, "[-] stage")
        #expect(play.screen.contains("[+] stage"))
        click(&play, "? help", row: 23)
        #expect(play.screen.contains("Help: profile list"))
        click(&play, "orders")
        #expect(play.screen.contains("Help: profile list"))
        play.press(.escape, .home)
        let before = play.selected
        play.press(.mouse(MouseEvent(kind: .wheelDown, button: 0, at: Point(column: 0, row: 5))))
        #expect(play.selected != before)
    }

    @Test func `in the palette a click runs the command`() {
        var play = Play()
        play.type(":sort by ")
        click(&play, "sort by user")
        #expect(play.lines[0].contains("sort:user v"))
    }

    private func wheel(_ play: inout Play, _ kind: MouseEvent.Kind = .wheelDown) {
        play.press(.mouse(MouseEvent(kind: kind, button: 0, at: Point(column: 5, row: 5))))
    }

    @Test func `a click in the form goes to a field, or chooses a word`() {
        var play = Play()
        play.type("e")
        click(&play, "Notes")
        play.type("!")
        #expect(play.line(with: "Notes").contains("!"))
        click(&play, "( ) dev")
        #expect(play.line(with: "Env").contains("(o) dev"))
        play.type(" ")
        #expect(play.line(with: "Env").contains("(o) local"))
        // Of a long choice one word alone is shown: the first click goes there, the second to the next word.
        click(&play, "< verify-full >")
        #expect(play.line(with: "TLS").contains("< verify-full >"))
        click(&play, "< verify-full >")
        #expect(!play.line(with: "TLS").contains("verify-full"))
        click(&play, "Paste a URI")
        play.type("h.example")
        play.press(.enter)
        #expect(play.line(with: "Endpoint").contains("h.example"))
    }

    @Test func `the wheel goes through the form, and clicks wait for an answer to its question`() {
        var play = Play()
        play.type("e")
        wheel(&play)
        play.type("x")
        #expect(
            play.line(with: "Endpoint").contains("comx") || play.line(with: "~ Endpoint").contains("Endpoint")
        )
        wheel(&play, .wheelUp)
        play.type("y")
        #expect(play.line(with: "Name").contains("orders-writery"))
        play.press(.escape)
        click(&play, "( ) dev")
        wheel(&play)
        #expect(play.screen.contains("Discard 2 changes?") && play.line(with: "Env").contains("(o) prod"))
    }

    @Test func `a click chooses what to connect with, the wheel goes through the lines`() {
        var play = Play()
        play.type("c")
        click(&play, "( ) reader")
        #expect(play.line(with: "Endpoint").contains("(o) reader"))
        wheel(&play)
        play.type(" ")
        #expect(play.line(with: "Read-only").contains("(o) yes"))
    }

    @Test func `keys on a dialog's edge and the buttons of a question are clicked`() throws {
        var play = Play()
        play.type("?")
        click(&play, "Esc close")
        #expect(!play.screen.contains("Help:"))
        play.go(to: "orders-writer")
        play.press(.enter)
        click(&play, "[ ] a  do not ask")
        #expect(play.screen.contains("[x] a"))
        click(&play, "[ Cancel ]")
        #expect(!play.screen.contains("PRODUCTION"))
        play.press(.enter)
        click(&play, "y open read-only")
        let opening = try #require(play.launches.last)
        #expect(opening.readOnly)
    }

    @Test func `of a profile whose service names the host none is copied`() {
        var profiles = [Fleet.drawn[6]]
        (profiles[0].profile.auth, profiles[0].profile.service, profiles[0].profile.host) = (
            .service, "orders", ""
        )
        var play = Play(profiles)
        play.type("y")
        #expect(!play.screen.contains(":5432") && !play.lines[23].contains("h host"))
        play.type("h")
        #expect(!play.effects.contains { if case .copy = $0 { true } else { false } })
    }
}

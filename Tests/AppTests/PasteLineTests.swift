import App
import Profiles
import Screen
import Testing

/// The form's first line: what is typed there fills the form or is told, whichever key leaves it.
struct PasteLineTests {
    private static let endpoint = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"

    private func typed(_ text: String, columns: Int = 80, rows: Int = 24) -> Play {
        var play = Play([], columns: columns, rows: rows)
        play.type("n")
        play.type(text)
        return play
    }

    @Test(arguments: [Key.tab, .down, .enter, .control("s"), .control("t"), .control("o")])
    func `an endpoint that is typed there is read, whichever key goes on`(_ key: Key) {
        var play = typed("\(Self.endpoint):5433")
        play.press(key)
        #expect(
            play.line(with: "Endpoint").contains(Self.endpoint) && play.line(with: "Port").contains("5433"))
        #expect(play.screen.contains("Paste a URI, a psql command"))
        #expect(!play.effects.contains { if case .write = $0 { true } else { false } })
    }

    @Test func `a URI too`() {
        var play = typed("postgresql://jo@\(Self.endpoint)/orders")
        play.press(.tab)
        guard case .parse(_, let text) = play.effects.last else {
            Issue.record("libpq was not asked")
            return
        }
        #expect(text.contains(Self.endpoint))
    }

    @Test func `what a JDBC URL holds for its driver alone is told once libpq has read the rest`() {
        var play = Play([])
        play.press(.paste("jdbc:postgresql://\(Self.endpoint)/orders?user=jo&reWriteBatchedInserts=true"))
        guard case .parse(let id, let text) = play.effects.last else {
            Issue.record("libpq was not asked")
            return
        }
        #expect(text == "postgresql://\(Self.endpoint)/orders?user=jo")
        let settings = ["host": Self.endpoint, "user": "jo", "dbname": "orders"]
        play.send(.parsed(id, .settings(settings, notes: ["schema left out: libpq does not know it"])))
        #expect(play.screen.contains("! reWriteBatchedInserts left out: it is the JDBC driver's"))
        #expect(play.screen.contains("! schema left out: libpq does not know it"))
    }

    @Test func `behind an endpoint that was pasted the user is typed, which it cannot name`() {
        var play = Play([])
        play.press(.paste(Self.endpoint))
        play.type("jane_doe")
        play.press(.control("s"))
        let saved = play.effects.compactMap { effect -> Profile? in
            if case .write(_, .insert(let profile)) = effect { profile } else { nil }
        }
        #expect(saved.first?.user == "jane_doe" && saved.first?.name == "orders-writer", "\(play.screen)")
    }

    @Test func `what is none stays to be seen and is told`() {
        var play = typed("not an endpoint!")
        play.press(.tab)
        #expect(play.lines[2].contains("not an endpoint!"))
        #expect(play.screen.contains("that is no URI, psql command or endpoint: paste one of these"))
        play.type("orders")
        #expect(play.line(with: "* Name").contains("orders") && play.lines[2].contains("not an endpoint!"))
    }

    @Test func `saving loses nothing of it without a word`() {
        var play = Play()
        play.type("e")
        play.press(.backTab)
        play.type("hunter")
        play.press(.tab, .control("s"))
        #expect(!play.effects.contains { if case .write = $0 { true } else { false } } && play.showsForm)
        #expect(play.screen.contains("! the paste line is no URI, psql command or endpoint: ^U empties it"))
        play.press(.control("u"), .control("s"))
        #expect(!play.showsForm)
    }

    @Test func `every value can be read at 60x15`() {
        var play = Play(columns: 60, rows: 15)
        play.type("e")
        for words in [
            "Database orders", "User        iam_dba", "< iam >", "verify-full", "Read-only   ", "(o) yes",
        ] {
            var isSeen = play.screen.contains(words)
            for _ in 0..<25 where !isSeen {
                play.press(.tab)
                isSeen = play.screen.contains(words)
            }
            #expect(isSeen, "\(words)\n\(play.screen)")
        }
    }

    @Test func `what connect with asks for is told at 60x15 too`() {
        var play = Play(columns: 60, rows: 15)
        play.type("c")
        for words in ["of a statement: 30s, 5min", "psql, or pgcli, pg_dump...", "of psql or the program"] {
            #expect(play.screen.contains(words))
        }
        for _ in 0..<4 { play.press(.tab) }
        play.type("30s")
        #expect(play.line(with: "Timeout").contains("30s") && !play.screen.contains("of a statement"))
    }
}

import App
import Profiles
import Screen
import Testing

/// The footer and the help say what keys do, and nothing else.
struct HelpTests {
    @Test func `every key of the footer is in the help`() {
        var play = Play(columns: 120, rows: 40)
        let footer = play.lines[39].split(separator: " ").filter { !$0.isEmpty }
        play.type("?")
        let help = play.lines.dropLast().joined(separator: "\n")
        for word in footer { #expect(help.contains(word)) }
    }

    @Test func `the help of a layer is that layer's`() {
        var play = Play()
        play.type("t?")
        #expect(play.screen.contains("Help: connection test"))
        #expect(play.screen.contains("run again"))
        #expect(!play.screen.contains("duplicate"))
        play.press(.escape)
        #expect(play.screen.contains("Test: orders-writer"))
    }

    @Test func `what does not work now is greyed, and the search says why`() {
        var play = Play()
        play.go(to: "legacy-rds")
        play.type("?token")
        #expect(play.screen.contains("new token now (password logs in without a token)"))
    }

    @Test func `F1 over a form lists its keys and gives it back as it was`() {
        var play = Play()
        play.type("n")
        let before = play.screen
        play.press(.function(1))
        for words in ["Help: profile form", "^S save", "^T test as typed", "Tab Down next field"] {
            let shown = play.lines.map { $0.split(separator: " ").joined(separator: " ") }
            #expect(shown.contains { $0.contains(words) }, "\(words)")
        }
        play.press(.escape)
        #expect(play.screen == before)
    }

    @Test func `a search that finds nothing says so`() {
        var play = Play()
        play.type("?xyzzy")
        #expect(play.screen.contains("nothing here does that"))
    }

    @Test func `a key without a meaning says where the keys are listed`() {
        var play = Play()
        play.type("x")
        #expect(play.status.contains("x does nothing here: ? shows the keys"))
    }

    @Test func `the help scrolls to its last line and no further on a small screen`() {
        var play = Play(columns: 60, rows: 15)
        play.type("?")
        for _ in 0..<100 { play.press(.down) }
        #expect(play.screen.contains("quit"))
        play.press(.up)
        let before = play.screen
        play.press(.down, .up)
        #expect(play.screen == before)
    }

    @Test(arguments: [(80, 24), (60, 15)])
    func `a key that does nothing now is marked, and what it waits for stands below`(columns: Int, rows: Int)
    {
        var play = Play(columns: columns, rows: rows)
        play.go(to: "legacy-rds")
        play.type("?")
        var seen = ""
        for _ in 0..<60 {
            seen += play.screen
            play.press(.down)
        }
        #expect(seen.split(separator: " ").joined(separator: " ").contains("-K new token now"))
        #expect(seen.contains("- NOT NOW") && seen.contains("- K  password logs in without a token"))
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 40)])
    func `in every help a blank stands between keys and words, and all words are there`(
        columns: Int, rows: Int
    ) {
        for (opening, context) in [
            ("?", "list"), ("/", "filter"), (":", "palette"), ("y", "copy"), ("c", "connect"), ("t", "test"),
            ("n", "form"), ("P", "text"),
        ] {
            var play = Play(columns: columns, rows: rows)
            if context == "text" {
                play.send(.complaints(["x"]))
                play.type(":settings")
                play.press(.enter)
            } else if opening != "?" {
                play.type(opening)
            }
            play.press(.function(1))
            var seen: Set<String> = []
            for _ in 0..<60 {
                seen.formUnion(play.lines)
                play.press(.down)
            }
            let shown = seen.map { $0.replacing("│", with: "  ") }
            for (_, keys, names, help) in KeyMap.standard.table(context) where !keys.isEmpty {
                #expect(
                    shown.contains { "\($0) ".contains(names + " ") }, "\(context): \(names) of \(help)")
                for word in help.split(separator: " ") {
                    #expect(shown.contains { $0.contains(word) }, "\(context): \(word) of \(help)")
                }
            }
        }
    }

    @Test func `a search shows keys and words apart, however many keys there are`() {
        var play = Play()
        play.press(.character("/"), .function(1))
        play.type("row down")
        #expect(play.screen.contains("Down ^N   row down"))
    }

    @Test func `a box names only keys that find room whole`() throws {
        for (columns, rows) in [(60, 15), (80, 24), (120, 40)] {
            for opening in ["t", "n", "P", "c", "y", ":", "?"] {
                var play = Play(columns: columns, rows: rows)
                play.type(opening)
                if opening == "P" {
                    let target = try Fleet.drawn[0].profile.signingTarget(defaultRegion: nil)
                    play.send(.policy(play.lastRequest, .found(IAMPolicy(target: target))))
                }
                let edge = play.lines.last { $0.contains("└") } ?? ""
                #expect(!edge.isEmpty && !edge.contains("..."), "\(opening) at \(columns)x\(rows): \(edge)")
            }
        }
    }

    @Test func `what steps on does not promise a choice`() {
        var play = Play()
        play.type("?")
        #expect(play.screen.contains("next sort order") && play.screen.contains("next grouping"))
        #expect(!play.screen.contains("by ..."))
    }

    @Test func `a long reason goes on in the next line`() {
        var play = Play(columns: 60, rows: 15)
        play.go(to: "legacy-rds")
        play.type("?tmux pane")
        let words = play.lines.map { $0.replacing("│", with: " ") }.joined(separator: " ").split(
            separator: " "
        )
        .joined(separator: " ")
        #expect(words.contains("in tmux pane (windows need tmux: start pgfob inside it)"))
    }
}

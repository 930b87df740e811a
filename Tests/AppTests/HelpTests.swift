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
        for words in ["Help: profile form", "^S       save", "^T       test as typed", "Tab Down next field"]
        {
            #expect(play.screen.contains(words))
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
        #expect(seen.contains("-K        new token now"))
        #expect(seen.contains("- NOT NOW") && seen.contains("- K  password logs in without a token"))
    }

    @Test func `a long reason goes on in the next line`() {
        var play = Play(columns: 60, rows: 15)
        play.go(to: "legacy-rds")
        play.type("?stages")
        let words = play.lines.map { $0.replacing("│", with: " ") }.joined(separator: " ").split(
            separator: " "
        )
        .joined(separator: " ")
        #expect(words.contains("stages of test (not tested since pgfob started: t tests)"))
    }
}

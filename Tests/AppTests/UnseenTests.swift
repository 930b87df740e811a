import App
import Profiles
import Screen
import Testing

/// What nobody sees is left alone.
struct UnseenTests {
    private func deleted(_ play: Play) -> [StoreChange] {
        play.effects.compactMap { if case .write(_, let change) = $0 { change } else { nil } }
    }

    @Test func `marks that the filter hides are kept, told and left alone`() {
        var play = Play(columns: 100, rows: 30)
        play.type("/billing")
        play.press(.enter)
        play.type("*")
        #expect(play.lines[0].contains("3 marked"))
        play.press(.escape)
        play.type("/legacy")
        play.press(.enter)
        #expect(play.status.contains("3 marked that the filter hides are left alone until shown"))
        #expect(play.lines[0].contains("0 marked (3 hidden)"))
        play.type("d")
        #expect(deleted(play) == [.trash([Fleet.id(10)])], "\(play.effects)")
        play.type(":test marked")
        play.press(.enter)
        #expect(play.status.contains("the filter hides what is marked"))
        // Once they are shown again they are as they were.
        play.press(.escape)
        #expect(play.lines[0].contains("3 marked"))
        play.type("p")
        guard case .updateAll(let new, _)? = deleted(play).last else {
            Issue.record("nothing was pinned")
            return
        }
        #expect(new.map(\.name).sorted() == ["billing-reader", "billing-stg", "billing-writer"])
    }

    @Test func `a folded group's line shows its marks, and all that is shown leaves folded groups out`() {
        var play = Play(columns: 100, rows: 30)
        play.go(to: "orders-stg")
        play.type("z")
        play.type("*")
        #expect(play.lines[0].contains("7 marked"), "\(play.lines[0])")
        #expect(play.line(with: "[+] stage").hasSuffix("(collapsed)") || !play.screen.contains("collapsed,"))
        play.press(.escape)
        play.press(.home)
        for _ in 0..<30 where !play.line(with: "[+] stage").hasPrefix(">") { play.press(.down) }
        play.type(" ")
        let line = play.line(with: "[+] stage")
        #expect(line.hasPrefix("+[+] stage") && line.contains("(collapsed, 4 marked)"), "\(line)")
        #expect(play.status.contains("4 marked: T d p"))
    }

    @Test func `what is done to marked ones in folded groups is asked about first, by count and name`() {
        var play = Play(columns: 100, rows: 30)
        play.go(to: "orders-stg")
        play.type("z ")
        play.go(to: "orders-reader")
        play.type(" d")
        #expect(deleted(play).isEmpty)
        for words in ["Delete 5 profiles", "4 of them are in folded groups:", "[STG] search-stg", "y do it"] {
            #expect(play.screen.contains(words), "\(words): \(play.screen)")
        }
        #expect(play.lines.last?.contains("y do it") == true, "\(play.screen)")
        play.press(.enter)
        #expect(deleted(play).isEmpty && !play.screen.contains("Delete 5"))
        play.type("d")
        play.press(.escape)
        #expect(deleted(play).isEmpty && !play.screen.contains("Delete 5"))
        play.type(":tag night")
        play.press(.enter)
        #expect(play.screen.contains(":tag night on 5 profiles") && deleted(play).isEmpty)
        play.type("y")
        guard case .updateAll(let new, _)? = deleted(play).last else {
            Issue.record("nothing was tagged")
            return
        }
        #expect(new.count == 5)
        play.type(":run select 1")
        play.press(.enter)
        #expect(play.screen.contains("Run SQL on 5 profiles"), "\(play.screen)")
        #expect(play.screen.contains("these and what folded groups hide:"))
        play.press(.escape)
        play.type("dy")
        guard case .trash(let ids)? = deleted(play).last else {
            Issue.record("nothing was deleted")
            return
        }
        #expect(ids.count == 5)
    }

    @Test(arguments: [(59, 15), (60, 14), (20, 5)])
    func `on a screen too small to show anything keys act only to end things`(columns: Int, rows: Int) {
        var play = Play()
        play.go(to: "orders-stg")
        play.resize(columns: columns, rows: rows)
        let before = play.effects
        play.type("dtTpKuV \\*Dne:/")
        play.press(.enter, .down, .tab, .control("s"), .control("r"), .paste("host=x"), .escape)
        #expect(play.effects == before)
        play.resize(columns: 80, rows: 24)
        #expect(play.selected == "orders-stg" && play.screen.contains("Enter psql"))
        play.resize(columns: columns, rows: rows)
        play.press(.control("l"), .control("z"))
        #expect(play.effects.suffix(2) == [.redraw, .suspend])
        play.type("q")
        #expect(play.effects.last == .quit)
    }

    @Test func `a dialog is ended there, but nothing is opened and no form is lost`() {
        var play = Play()
        play.go(to: "orders-writer")
        play.press(.enter)
        play.type("orders-writer")
        play.resize(columns: 40, rows: 12)
        let before = play.effects
        play.press(.enter)
        #expect(play.effects == before)
        play.press(.escape)
        play.resize(columns: 80, rows: 24)
        #expect(!play.screen.contains("PRODUCTION"))
        play.type("e")
        play.type("x")
        play.resize(columns: 40, rows: 12)
        #expect(play.screen.contains("need 60x15, have 40x12"))
        #expect(play.screen.contains("enlarge the terminal: a form is open"))
        play.type("q")
        play.press(.control("s"), .escape, .escape, .control("t"))
        #expect(play.effects == before)
        play.resize(columns: 80, rows: 24)
        #expect(play.screen.contains("1 changed") && play.line(with: "Name").contains("orders-writerx"))
    }

    @Test func `it says what helps, as far as that finds room`() {
        var play = Play()
        for (columns, rows, words) in [
            (59, 14, "enlarge the terminal, or q quits"), (25, 5, "enlarge it, or q quits"),
            (11, 4, "q quits"),
        ] {
            play.resize(columns: columns, rows: rows)
            #expect(play.screen.contains(words), "\(play.screen)")
        }
    }

    @Test func `what was done is told for a minute, and trouble until a key is pressed`() {
        var play = Play()
        play.send(.copied("copied it"))
        #expect(play.status.contains("ok: copied it"))
        play.wait(59)
        #expect(play.status.contains("ok: copied it"))
        play.wait(1)
        #expect(!play.status.contains("copied it"))
        play.send(.trouble("it broke"))
        play.wait(600)
        #expect(play.status.contains("! it broke"))
    }

    @Test func `nothing of what came before stands over a form that opens`() {
        var play = Play()
        play.send(.trouble("it broke"))
        play.type("n")
        #expect(play.screen.contains("New profile") && !play.screen.contains("it broke"))
    }
}

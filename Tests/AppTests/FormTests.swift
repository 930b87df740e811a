#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Profiles
import Screen
import Testing

/// Nothing that was typed into the form is lost without a word, nor what somebody else has saved meanwhile.
struct FormTests {
    private func writes(_ play: Play) -> [StoreChange] {
        play.effects.compactMap { if case .write(_, let change) = $0 { change } else { nil } }
    }

    private func edited(_ play: inout Play, _ outcome: EditOutcome) {
        play.press(.control("e"))
        guard case .edit(let id, _, _) = play.effects.last else {
            Issue.record("the editor was not opened")
            return
        }
        play.send(.edited(id, outcome))
    }

    // MARK: Whom a token may go to

    @Test(arguments: [Key.control("s"), .control("t"), .control("o")])
    func `a token that would go to a server nobody checks is asked about, and yes is said once`(key: Key) {
        func isAsked(_ play: Play) -> Bool {
            play.screen.contains("it so? require checks neither the server's name nor, without")
                && play.screen.contains("whoever answers at that address")
        }
        func comes(_ play: Play) -> Bool {
            !writes(play).isEmpty || !play.launches.isEmpty
                || play.effects.contains { if case .test = $0 { true } else { false } }
        }
        var play = Play()
        play.go(to: "orders-stg")
        play.type("e")
        for _ in 0..<13 { play.press(.tab) }
        play.press(.right, .right)
        #expect(play.line(with: "TLS").contains("require"))
        play.press(key)
        #expect(isAsked(play) && !comes(play))
        #expect(play.lines[23].contains("y yes, so   n no, go on"))
        for no in [Key.control("s"), .escape, .character("n"), .enter] {
            play.press(no)
            #expect(!comes(play) && play.showsForm)
            #expect(isAsked(play) == (no == .control("s")))
            if !isAsked(play) { play.press(key) }
        }
        play.type("y")
        #expect(comes(play))
    }

    @Test func `all of that question can be read at 60x15`() {
        var play = Play(columns: 60, rows: 15)
        play.go(to: "orders-stg")
        play.type("e")
        for _ in 0..<13 { play.press(.tab) }
        play.press(.right, .right, .control("s"))
        let words = play.lines.map { $0.dropFirst(2).dropLast(2).trimmingPrefix(" ") }.joined(separator: " ")
            .split(separator: " ").joined(separator: " ")
        #expect(
            words.contains("require checks neither the server's name nor, without a CA file, its certificate")
        )
        #expect(words.contains("the token goes to whoever answers at that address"), "\(play.screen)")
    }

    @Test func `a profile that is saved so already is not asked about again`() {
        var profiles = Fleet.drawn
        profiles[0].profile.sslmode = .require
        var play = Play(profiles)
        play.go(to: "orders-writer")
        play.type("e")
        play.press(.pageDown)
        play.type("x")
        play.press(.control("s"))
        #expect(writes(play).count == 1)
    }

    // MARK: A password on the paste line

    @Test(arguments: [
        ("psql \"host=h password=hunter2", "psql \"host=h password=*******"),
        ("postgresql://jo:hunter2", "postgresql://jo:*******"),
        ("postgresql://jo:hunter2@h.example/d", "postgresql://jo:*******@h.example/d"),
    ])
    func `a password is not read over the shoulder while it is typed`(typed: String, shown: String) {
        var play = Play()
        play.type("n")
        play.type(typed)
        #expect(play.screen.contains(shown) && !play.screen.contains("hunter2"), "\(play.screen)")
    }

    // MARK: Changes elsewhere

    @Test func `a field that was changed elsewhere alone is taken over`() {
        var play = Play.form(" mine")
        play.send(.profiles(Play.changedElsewhere { $0.port = 6000 }))
        #expect(play.line(with: "Port").contains("6000"))
        play.press(.control("s"))
        guard case .update(let new, let old) = writes(play).first else {
            Issue.record("nothing was saved")
            return
        }
        #expect(new.port == 6000 && old.port == 6000)
        #expect(new.notes == "failover drill every 2nd Tuesday. mine")
    }

    @Test func `a field that both have changed is told, and overwritten by a second save alone`() {
        var play = Play.form(" mine")
        play.send(.profiles(Play.changedElsewhere { $0.notes = "theirs" }))
        #expect(play.screen.contains("! Notes  was changed elsewhere to \"theirs\""))
        play.press(.control("s"))
        #expect(writes(play).isEmpty)
        #expect(play.screen.contains("Changed elsewhere: ^S overwrites it, t takes it over, Esc goes on"))
        #expect(play.lines[23].contains("^S overwrite   t take it over   Esc go on"))
        play.press(.escape)
        #expect(play.showsForm && !play.screen.contains("overwrites it"))
        play.press(.control("s"), .control("s"))
        guard case .update(let new, let old) = writes(play).first else {
            Issue.record("nothing was saved")
            return
        }
        #expect(new.notes == "failover drill every 2nd Tuesday. mine" && old.notes == "theirs")
        play.send(.written(play.lastRequest, .done))
        play.type("u")
        // Taking it back brings back what the others had saved.
        #expect(writes(play).last == .update(old, from: new))
    }

    @Test func `what was saved elsewhere can be taken in the place of what was typed`() {
        var play = Play.form(" mine")
        play.send(.profiles(Play.changedElsewhere { $0.notes = "theirs" }))
        play.press(.control("s"))
        play.type("t")
        #expect(play.line(with: "Notes").contains("theirs") && !play.screen.contains("changed"))
        play.press(.control("s"))
        #expect(writes(play).isEmpty && !play.showsForm)
    }

    @Test func `the same change made twice is no clash`() {
        var play = Play.form("x")
        play.send(.profiles(Play.changedElsewhere { $0.notes += "x" }))
        play.press(.control("s"))
        #expect(writes(play).isEmpty && !play.showsForm)
    }

    @Test func `a change that overtook the save keeps the form and tells it`() {
        var play = Play.form(" mine")
        play.press(.control("s"))
        play.send(.written(play.lastRequest, .clash("notes was changed elsewhere to \"theirs\": look at it")))
        #expect(play.showsForm && play.screen.contains("notes was changed elsewhere to \"theirs\""))
        play.send(.profiles(Play.changedElsewhere { $0.notes = "theirs" }))
        play.press(.control("s"))
        #expect(play.screen.contains("^S overwrites it"))
        play.press(.control("s"))
        #expect(writes(play).count == 2)
    }

    @Test func `an undo that would overwrite others is told and does not bar the one before it`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.type("d")
        play.send(.written(play.lastRequest, .done))
        play.send(.profiles(Fleet.drawn))
        play.go(to: "orders-writer")
        play.type("p")
        play.send(.written(play.lastRequest, .done))
        play.type("u")
        play.send(.written(play.lastRequest, .clash("pinned was changed elsewhere")))
        #expect(play.screen.contains("! pinned was changed elsewhere, so that this stays:"))
        play.type("u")
        #expect(writes(play).last == .restore([Fleet.id(7)]))
    }

    @Test func `a tunnel's name that the settings do not have is noted, and saved`() {
        var profiles = Fleet.drawn
        profiles[0].profile.tunnel = "jmup-eu"
        var play = Play(profiles, columns: 120, rows: 40)
        var options = ScreenOptions()
        options.tunnels = ["jump-eu"]
        play.send(.options(options))
        play.go(to: "orders-writer")
        play.type("e")
        play.press(.pageDown)
        play.type(" mine")
        let note = "! Tunnel  \"jmup-eu\" is not under [tunnels] in config.toml: did you mean \"jump-eu\"?"
        #expect(play.screen.contains(note), "\(play.screen)")
        play.press(.control("s"))
        #expect(writes(play).count == 1)
        options.tunnels = ["jmup-eu"]
        var other = Play(profiles, columns: 120, rows: 40)
        other.send(.options(options))
        other.go(to: "orders-writer")
        other.type("e")
        other.press(.pageDown)
        #expect(other.showsForm && !other.screen.contains("[tunnels]"))
    }

    // MARK: The editor's text

    @Test func `a text that came back broken counts as typed`() {
        var play = Play.form()
        edited(&play, .broken("port = \"x", complaint: "line 1: no end"))
        play.press(.escape)
        #expect(play.showsForm && play.screen.contains("Discard the editor's text? y yes, n no"))
        play.type("n")
        play.press(.control("s"))
        #expect(play.screen.contains("The editor's text has a mistake: ^S saves without it, Esc goes on"))
        play.press(.escape)
        // Left as it is in the editor, it is still there.
        edited(&play, .unchanged)
        play.press(.control("e"))
        guard case .edit(_, _, .broken("port = \"x")) = play.effects.last else {
            Issue.record("the text is lost")
            return
        }
        play.press(.escape)
        play.type("y")
        #expect(!play.showsForm)
    }

    @Test func `lines that pgfob does not know are not dropped without a question`() {
        var play = Play.form("x")
        edited(&play, .profile(Fleet.drawn[0].profile, unknown: ["colour = \"red\""]))
        play.press(.escape)
        #expect(play.screen.contains("Discard the editor's text?"))
    }

    @Test func `what cannot be read stays while the editor has the rest`() {
        var play = Play()
        play.go(to: "orders-writer")
        play.type("e")
        play.press(.tab, .tab)
        play.type("x")
        var changed = Fleet.drawn[0].profile
        changed.notes = "by hand"
        edited(&play, .profile(changed, unknown: []))
        #expect(play.line(with: "Port").contains("5432x") && play.line(with: "Notes").contains("by hand"))
    }

    // MARK: What is seen

    @Test func `more complaints than find room are counted`() {
        var play = Play()
        play.type("n")
        play.press(.tab, .tab, .tab)
        play.type("x")
        play.press(.control("s"))
        #expect(play.screen.contains("3 errors"))
        #expect(play.screen.contains("... and ") && play.screen.contains(" more: each is told at its field"))
    }

    @Test func `a form that is cut says where there is more`() {
        var play = Play(columns: 60, rows: 15)
        play.type("e")
        func edge() -> String { String(play.lines.compactMap(\.last).filter { "^v".contains($0) }) }
        #expect(edge() == "v")
        play.press(.pageDown)
        #expect(edge() == "^")
    }

    @Test func `a remark on a key goes with the place where it was typed`() {
        var play = Play()
        play.press(.escape)
        #expect(play.status.contains("nothing to go back from: q quits"))
        play.type("e")
        #expect(!play.screen.contains("nothing to go back from"))
    }

    // MARK: What is said of fields

    /// The form on `orders-writer`, the cursor in an emptied field so many below its name.
    private func form(_ below: Int) -> Play {
        var play = Play()
        play.go(to: "orders-writer")
        play.type("e")
        for _ in 0..<below { play.press(.tab) }
        play.press(.end, .control("u"))
        return play
    }

    @Test func `of an endpoint that is none nothing is detected`() {
        var play = form(1)
        play.type("bad host")
        #expect(play.line(with: "Endpoint").contains("bad host"))
        #expect(!play.screen.contains("detected:"))
        play.press(.control("u"))
        play.type("orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com")
        #expect(play.screen.contains("detected: cluster reader"))
    }

    @Test func `a message is read to its end where there is room, and repeats what was typed`() {
        var play = form(1)
        play.type("bad host")
        let shown = play.lines.map { $0.replacing("│", with: " ").trimmingBlanks() }.joined(separator: " ")
        #expect(shown.contains("letters, digits, '-' and '.', without blanks or line breaks"))
        // Where others have to be told too, they stand back.
        play = Play()
        play.type("n")
        play.press(.tab, .tab)
        play.type("bad host")
        #expect(
            play.screen.contains("without blanks or line breaks") && play.screen.contains("... and 2 more"))
        play = form(2)
        play.type("54x2")
        #expect(play.screen.contains("x Port  \"54x2\" is not a number 1-65535"))
    }

    @Test func `a copy that nobody has changed goes without a question, and is saved all the same`() {
        var play = Play()
        play.type("D")
        #expect(play.screen.contains("New profile: orders-writer copy"))
        #expect(play.model.draft == nil)
        play.press(.escape)
        #expect(!play.screen.contains("New profile") && !play.screen.contains("Discard"))
        play.type("D")
        play.type("x")
        play.press(.escape)
        #expect(play.screen.contains("Discard 1 change?"))
        play.press(.escape)
        play.press(.control("s"))
        guard case .write(_, .insert(let profile)) = play.effects.last else {
            Issue.record("nothing was saved")
            return
        }
        #expect(profile.name == "orders-writer copyx" && profile.host == Fleet.drawn[0].profile.host)
    }
}

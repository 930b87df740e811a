#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Profiles
import Screen
import Testing

/// What stands in a form when nobody can be asked any more is there at the next start.
struct DraftTests {
    @Test func `what stands in a form can be kept, and stands in it again`() throws {
        var play = Play.form(" mine")
        let draft = try #require(play.model.draft)
        #expect(draft.base == Fleet.drawn[0].profile)
        #expect(draft.profile.notes == "failover drill every 2nd Tuesday. mine")
        play = Play(Play.changedElsewhere { $0.notes = "theirs" })
        play.send(.draft(draft))
        #expect(play.showsForm && play.screen.contains("typed before pgfob was ended, and not saved yet"))
        #expect(play.effects.last == .flushKeys)
        // What was saved since is told as in any form.
        #expect(play.screen.contains("! Notes  was changed elsewhere to \"theirs\""))
        play.press(.escape)
        #expect(play.screen.contains("Discard 1 change?"))
    }

    @Test func `a draft waits until nothing lies over the list, and one without a change is none`() throws {
        var play = Play.form()
        #expect(play.model.draft == nil)
        var typed = Profile()
        typed.name = "half"
        typed.host = "h.example"
        play.send(.draft(ProfileDraft(typed, of: nil)))
        #expect(!play.screen.contains("New profile"))
        play.press(.escape)
        #expect(
            play.screen.contains("New profile: half") && play.line(with: "Endpoint").contains("h.example"))
        play.press(.escape)
        play.type("y")
        #expect(!play.screen.contains("New profile") && play.model.draft == nil)
    }

    @Test(arguments: [
        ("orders.cluster-c1x9.eu-west-1.rds.amazonaws.com:5432", true),
        ("postgresql://jo@h.example/db", true),
        ("postgresql://jo:hunter2@h.example/db", false), ("PGPASSWORD=hunter2 psql -h h.example", false),
        ("hunter2", false),
    ])
    func `a paste is kept with the draft where it is a connection without a secret`(text: String, kept: Bool)
        throws
    {
        var play = Play()
        play.type("n")
        play.type(text)
        #expect((play.model.draft?.pasted ?? "") == (kept ? text : ""))
        guard kept else { return }
        let draft = try #require(play.model.draft)
        play = Play()
        play.send(.draft(draft))
        #expect(play.screen.contains("New profile") && play.screen.contains(text))
        #expect(play.screen.contains("typed before pgfob was ended, and not saved yet"))
        play.press(.escape)
        #expect(play.screen.contains("Discard 1 change?"))
    }

    @Test(arguments: [
        ("bad host", true), ("a,b", true), ("jo:hunter2@h.example x", false),
        ("host=h password=hunter2", false), ("postgresql://jo:hunter2@h.example/ x", false),
    ])
    func `a field that cannot be read is kept too, unless it tells a secret`(text: String, kept: Bool) throws
    {
        var play = Play()
        play.go(to: "orders-writer")
        play.type("e")
        play.press(.tab, .end, .control("u"))
        play.type(text)
        #expect(play.line(with: "Endpoint").contains(text))
        #expect(play.model.draft?.unread == (kept ? [.host: text] : nil))
        guard let draft = play.model.draft else { return }
        #expect(draft.profile == Fleet.drawn[0].profile)
        play = Play()
        play.send(.draft(draft))
        #expect(
            play.screen.contains("Edit profile: orders-writer") && play.screen.contains("1 changed, 1 error"))
        #expect(play.line(with: "Endpoint").contains(text))
        #expect(play.model.draft == draft)
        // The cursor is in it.
        play.type("!")
        #expect(play.line(with: "Endpoint").contains("\(text)!"))
    }

    @Test func `of parameters that cannot be read none is kept where one would be a secret`() {
        for (text, kept) in [("scram_client_key=hunter2", false), ("keepalives=1 geqo", true)] {
            var play = Play.form()
            play.press(.backTab, .control("u"))
            play.type(text)
            #expect(play.line(with: "Parameters").contains(text.suffix(8)))
            #expect((play.model.draft?.unread[.parameters] != nil) == kept)
        }
    }

    @Test(arguments: [
        ("name = half", true), ("port = 54x2\n[parameters]\nkeepalives = 1", true), ("hunter2", false),
        ("pin = hunter2", false), ("password = \"hunter2\"", false),
        ("[parameters]\nscram_client_key = x", false),
    ])
    func `the editor's text with a mistake is kept where each line is known`(text: String, kept: Bool) throws
    {
        var play = Play.form()
        play.press(.control("e"))
        guard case .edit(let id, _, _) = play.effects.last else {
            Issue.record("no editor")
            return
        }
        play.send(.edited(id, .broken(text, complaint: "line 1")))
        #expect(play.model.draft?.editorText == (kept ? text : nil))
        guard let draft = play.model.draft else { return }
        play = Play()
        play.send(.draft(draft))
        #expect(play.screen.contains("the editor's key opens its text again"))
        play.press(.control("e"))
        #expect(play.effects.contains { if case .edit(_, _, .broken(text)) = $0 { true } else { false } })
    }
}

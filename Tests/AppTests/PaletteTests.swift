import App
import Profiles
import Screen
import TestSupport
import Testing

/// `:`, its completion, its history and its verbs.
struct PaletteTests {
    private func open(_ text: String = "", _ profiles: [SavedProfile] = Fleet.drawn) -> Play {
        var play = Play(profiles, columns: 100, rows: 30)
        play.type(":" + text)
        return play
    }

    @Test func `commands are found by their beginning, inside, by their help and by letters`() {
        for (typed, first) in [
            ("tes", "test"), ("theme", "theme"), ("set e", "set environment"), ("policy", "policy"),
            ("undo", "undo"),
            ("mrkd", "test marked"),
        ] {
            let play = open(typed)
            #expect(play.line(with: " > ").contains("> \(first)"), "\(typed): \(play.line(with: " > "))")
        }
        #expect(open("zzz").screen.contains("no command is called that"))
    }

    @Test func `each shows its key, and why it does nothing now`() {
        #expect(open("stages").line(with: "> stages").contains("(not tested since pgfob started: "))
        let line = open("policy").line(with: "> policy")
        #expect(line.contains("IAM policy, SQL") && line.contains(" P "))
    }

    @Test func `Tab completes, and what follows is completed too`() {
        var play = open("sort b")
        play.press(.tab)
        #expect(play.line(with: " :").contains(": sort by "))
        #expect(play.screen.contains("> sort by last-used"))
        play.type("na")
        play.press(.enter)
        #expect(play.lines[0].contains("sort:name v") && !play.screen.contains("Command"))
    }

    @Test func `Enter on a command that needs a word waits for it`() {
        var play = open("tag")
        play.press(.enter)
        #expect(play.screen.contains("tag TAG: add a tag"))
        play.type("urgent")
        play.press(.enter)
        guard case .write(_, .updateAll(let new, _)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(new.map(\.tags) == [["pci", "eu", "urgent"]])
    }

    @Test func `a word that no field takes is told before anything is written`() {
        var play = open("tag \(String(repeating: "x", count: 300))")
        play.press(.enter)
        #expect(play.effects.isEmpty && play.status.contains("! Tags"))
    }

    @Test func `bulk commands change every marked profile`() {
        var play = Play()
        play.go(to: "billing-writer")
        play.type("  ")
        play.type(":set group payments")
        play.press(.enter)
        guard case .write(_, .updateAll(let new, _)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(
            new.map(\.name) == ["billing-writer", "billing-reader"]
                && new.allSatisfy { $0.group == "payments" })
        play.send(.written(play.lastRequest, .done))
        #expect(play.status.contains("grouped under payments 2 profiles: u takes it back"))
    }

    @Test func `the arrows recall what was run, when nothing is typed`() {
        var play = open("group by region")
        play.press(.enter)
        play.type(":filter env:prod")
        play.press(.enter)
        play.type(":")
        play.press(.up)
        #expect(play.line(with: " :").contains(": filter env:prod"))
        play.press(.up)
        #expect(play.line(with: " :").contains(": group by region"))
        play.press(.down, .down)
        #expect(!play.line(with: " : ").contains("filter"))
    }

    @Test func `connect goes to a profile by its name and opens it`() {
        var play = open("connect scr")
        play.press(.enter)
        #expect(play.selected == "scratch")
        guard case .launch(_, let opening) = play.effects.last else {
            Issue.record("nothing was opened")
            return
        }
        #expect(opening.profile.name == "scratch")
    }

    @Test func `demo adds examples that one undo takes away`() {
        var play = open("demo", [])
        play.press(.enter)
        guard case .write(_, .insertAll(let profiles)) = play.effects.last else {
            Issue.record("nothing was added")
            return
        }
        #expect(
            profiles.count == 5 && profiles.allSatisfy { $0.problems().allSatisfy { $0.severity == .note } })
        play.send(.written(play.lastRequest, .done))
        play.type("u")
        #expect(play.effects.last == .write(play.lastRequest, .trash(profiles.map(\.id))))
    }

    @Test func `export writes what is shown, or what is marked`() {
        var play = Play()
        play.type("/billing")
        play.press(.enter)
        play.type(":export /tmp/out.json")
        play.press(.enter)
        guard case .ask(_, .exportFile("/tmp/out.json", let shown)) = play.effects.last else {
            Issue.record("nothing was asked")
            return
        }
        #expect(shown.count == 3)
        play.type(" :export /tmp/one.json")
        play.press(.enter)
        guard case .ask(_, .exportFile(_, let marked)) = play.effects.last else { return }
        #expect(marked.count == 1)
    }

    @Test func `an answer as a text opens over the list and can be copied`() {
        var play = open("whoami")
        play.press(.enter)
        guard case .ask(let id, .whoami("acme-prod")) = play.effects.last else {
            Issue.record("nothing was asked")
            return
        }
        play.send(
            .answered(id, .text(title: "Who signs", name: "who signs", "provider     SSO\n  environment: no"))
        )
        #expect(play.screen.contains("Who signs") && play.screen.contains("environment: no"))
        play.type("y")
        #expect(play.effects.last == .copy("provider     SSO\n  environment: no", name: "who signs"))
    }

    @Test(arguments: [(80, 24), (120, 40), (60, 15)])
    func `the palette is drawn over the list`(columns: Int, rows: Int) {
        var play = GoldenTests.drawing(columns: columns, rows: rows)
        play.type(":te")
        Golden.expect(play.lines, "palette-\(columns)x\(rows)")
    }
}

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
        #expect(open("open split").line(with: "> open split").contains("(windows need"))
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

    @Test(arguments: ["set env", "set environment", "set group"])
    func `no word changes nothing and says which there are, and none clears`(typed: String) {
        var play = open(typed)
        play.press(.enter, .enter, .enter)
        #expect(play.effects.isEmpty && play.screen.contains("none clears"), "\(play.screen)")
        play.type("none")
        play.press(.enter)
        guard case .write(_, .updateAll(let new, _)) = play.effects.last else {
            // The drawn profile has no group to take away.
            #expect(play.status.contains("nothing to change: took the group of already"))
            return
        }
        #expect(new.map(\.environment) == [nil])
    }

    @Test func `a word behind less than a command's name is told how it is written`() {
        var play = open("set env pord")
        #expect(play.screen.contains("it is written set environment pord: Enter writes it out"))
        play.press(.enter)
        #expect(play.effects.isEmpty && play.line(with: " :").contains(": set environment pord"))
        // It is nearly the word of an environment that guards: that is told before it is taken.
        #expect(play.screen.contains("pord would be a new environment: did you mean prod?"))
        play = open("set environment pord")
        play.press(.enter)
        #expect(play.effects.isEmpty && play.screen.contains("did you mean prod?"))
        play.press(.enter)
        guard case .write(_, .updateAll(let new, _)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(new.map(\.environment) == [.other("pord")])
        play = open("sort bogus")
        play.press(.enter)
        #expect(play.line(with: " :").contains(": sort by bogus"))
        #expect(play.screen.contains("choose last-used, name, env"))
        play.press(.enter)
        #expect(play.screen.contains("there is no bogus to choose: choose last-used, name"))
        play = open("theme nix")
        play.press(.enter)
        #expect(play.status.contains("there is no nix to choose: choose standard"))
    }

    @Test func `the history is asked for of this profile, of another, and of all`() {
        for (line, wanted) in [
            ("history", "orders-writer"), ("history orders-stg", "orders-stg"), ("history all", nil),
        ] {
            var play = open(line)
            play.press(.enter)
            guard case .ask(_, .history(let name)) = play.effects.last else {
                Issue.record("nothing was asked by \(line)")
                continue
            }
            #expect(name == wanted, "\(line)")
        }
    }

    @Test func `what a command has changed in profiles is taken back by undo`() {
        var play = open("catalogue theirs")
        play.press(.enter)
        guard case .ask(let id, .catalogue(.decide(mine: false, ["orders-writer"]))) = play.effects.last
        else {
            Issue.record("nothing was asked: \(play.effects)")
            return
        }
        let old = Fleet.drawn[0].profile
        var new = old
        new.port = 6000
        var batch = ProfileBatch()
        batch.updated = [.init(new, from: old)]
        play.send(.answered(id, .changed("orders-writer: theirs was taken", batch)))
        #expect(play.status.contains("orders-writer: theirs was taken: u takes it back"))
        play.type("u")
        guard case .write(_, .batch(let back)) = play.effects.last else {
            Issue.record("nothing was taken back")
            return
        }
        #expect(back.updated == [.init(old, from: new)])
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

    @Test func `connect goes to a profile by its name and opens it`() throws {
        var play = open("connect scr")
        play.press(.enter)
        #expect(play.selected == "scratch")
        let opening = try #require(play.launches.last)
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

    @Test(arguments: [("cat", "catalogue"), ("tes", "test"), ("mrkd", "test marked"), ("bring", "restore")])
    func `Enter on less than a name writes the command out, and only then runs it`(
        typed: String, name: String
    ) {
        var play = open(typed)
        #expect(play.line(with: " > ").contains("> \(name)"))
        let before = play.effects
        play.press(.enter)
        #expect(play.effects == before && play.line(with: " :").contains(": \(name) "))
        #expect(play.screen.contains("Command: Enter runs it"))
    }

    @Test func `a beginning that means one command runs it, and so does one that was gone to`() {
        var play = open("who")
        play.press(.enter)
        #expect(play.effects.last == .ask(RequestID(1), .whoami("acme-prod")))
        play = open("tes")
        play.press(.down)
        let name = play.line(with: " > ").split(separator: " ").dropFirst(2).prefix(2).joined(separator: " ")
        #expect(name == "test all")
        play.press(.enter)
        #expect(!play.screen.contains("Command"))
        #expect(play.effects.count { if case .testAmongMany = $0 { true } else { false } } > 1)
    }

    @Test(arguments: [
        ("env", "prints secrets for eval: run `pgfob env NAME` in a shell"),
        ("credentials", "prints secrets: run `pgfob credentials` in a shell"),
        ("list", "is what you are looking at"),
    ])
    func `a subcommand that has no place here says so and runs nothing`(name: String, why: String) {
        var play = open(name)
        #expect(play.screen.contains("\(name) \(why)") && !play.screen.contains(" > "))
        play.press(.enter)
        #expect(play.effects.isEmpty && play.status.contains("\(name) \(why)"))
        #expect(open("envi").line(with: " > ").contains("> set environment"))
    }

    @Test func `groups, tags and environments that are there are offered`() {
        var profiles = Fleet.drawn
        profiles[2].profile.group = "payments"
        profiles[3].profile.group = "people"
        profiles[4].profile.environment = .other("drill")
        var play = open("set group p", profiles)
        #expect(play.screen.contains("set group payments") && play.screen.contains("set group people"))
        // Nothing is chosen by itself: what is typed may be new.
        #expect(!play.screen.contains(" > "))
        play.press(.enter)
        guard case .write(_, .updateAll(let new, _)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(new.map(\.group) == ["p"])
        play = open("set group pe", profiles)
        play.press(.tab)
        #expect(play.line(with: " :").contains(": set group people"))
        play = open("set group p", profiles)
        play.press(.down, .down)
        #expect(play.line(with: " > ").contains("> set group people"))
        #expect(open("tag p", profiles).screen.contains("tag pci"))
        #expect(open("untag ", profiles).screen.contains("untag eu"))
        #expect(open("set environment d", profiles).screen.contains("set environment drill"))
        #expect(open("discover aws:", profiles).screen.contains("discover aws:acme-prod"))
    }

    @Test func `names in the trash are asked for once, and offered`() {
        var play = open("restore ")
        #expect(play.effects == [.complete(.trash)])
        play.send(.completions(.trash, ["orders-old", "billing-old"]))
        #expect(play.screen.contains("restore orders-old") && play.screen.contains("restore billing-old"))
        play.type("bil")
        #expect(play.effects.count == 1 && !play.screen.contains("restore orders-old"))
        play.press(.tab)
        play.press(.enter)
        #expect(play.effects.last == .ask(RequestID(1), .restore("billing-old")))
        // An answer that comes too late is dropped.
        play.send(.completions(.trash, ["x"]))
        #expect(!play.screen.contains("restore x"))
    }

    @Test func `paths are completed as a shell does`() {
        var play = open("import ~/ex")
        #expect(play.effects.last == .complete(.folder("~/")))
        play.send(.completions(.folder("~/"), [".hidden", "exports/", "exports.json", "notes.txt"]))
        #expect(play.screen.contains("import ~/exports/") && !play.screen.contains("notes.txt"))
        play.press(.tab)
        #expect(play.line(with: " :").contains(": import ~/exports "))
        play.type("/")
        #expect(play.effects.last == .complete(.folder("~/exports/")))
        play.send(.completions(.folder("~/exports/"), ["fleet.toml"]))
        play.press(.tab)
        #expect(play.line(with: " :").contains(": import ~/exports/fleet.toml"))
        play = open("export .h")
        play.send(.completions(.folder(""), [".hidden"]))
        #expect(play.screen.contains("export .hidden"))
    }

    @Test func `a name that is one profile's whole name is not another's beginning`() {
        var play = Play(
            ["orders-2", "orders"].enumerated().map {
                Fleet.saved($0, $1, .dev, host: "h", user: "u", database: "d", auth: .none, used: Double($0))
            })
        play.type(":connect orders")
        play.press(.enter)
        #expect(play.selected == "orders")
    }

    @Test func `Up goes through the candidates, and above the first to what was run before`() {
        var play = open("sort by name")
        play.press(.enter)
        play.type(":t")
        play.press(.down, .down, .up)
        #expect(!play.line(with: " :").contains("sort"))
        play.press(.up, .up)
        #expect(play.line(with: " :").contains(": sort by name"))
    }

    @Test(arguments: GoldenTests.sizes)
    func `the palette is drawn over the list`(columns: Int, rows: Int) {
        var play = GoldenTests.drawing(columns: columns, rows: rows)
        play.type(":te")
        Golden.expect(play.lines, "palette-\(columns)x\(rows)")
    }
}

import App
import Screen
import Testing

/// Keys as the user wants them.
struct KeyMapTests {
    private func map(_ choices: [(String, String, [String])]) -> (KeyMap, [String]) {
        var complaints: [String] = []
        let map = KeyMap(
            choices.enumerated().map { line, choice in
                KeyMap.Choice(
                    context: choice.0, action: choice.1, keys: choice.2.compactMap { Key(named: $0) },
                    place: "config.toml:\(line + 1)")
            }, complaints: &complaints)
        return (map, complaints)
    }

    private func play(_ map: KeyMap) -> Play {
        var play = Play()
        play.send(.options(ScreenOptions(keys: map)))
        return play
    }

    @Test func `:keys shows every key as config.toml would have it, and that is no other map`() throws {
        var play = Play(columns: 120, rows: 40)
        var options = ScreenOptions(keys: map([("list", "test", ["F5", "x"])]).0)
        options.configPath = "~/.config/pgfob/config.toml"
        play.send(.options(options))
        play.type(":keys")
        play.press(.enter)
        #expect(play.screen.contains("~/.config/pgfob/config.toml"))
        play.type("y")
        guard case .copy(let text, "the keys") = play.effects.last else {
            Issue.record("nothing was copied")
            return
        }
        var (context, choices): (String, [KeyMap.Choice]) = ("", [])
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("[keys.") {
                context = String(line.dropFirst(6).prefix { $0 != "]" })
                continue
            }
            let parts = try #require(line.firstRange(of: "  # ")).lowerBound
            let setting = line[..<parts].split(separator: " = ", maxSplits: 1)
            let names = setting[1].trimmingBlanks().dropFirst(2).dropLast(2).split(separator: "\", \"")
            let keys = try names.map { try #require(Key(named: String($0).replacing("\\\\", with: "\\"))) }
            choices.append(
                KeyMap.Choice(context: context, action: String(setting[0]), keys: keys, place: String(line)))
        }
        #expect(choices.count > 100)
        var complaints: [String] = []
        let again = KeyMap(choices, complaints: &complaints)
        #expect(complaints.isEmpty, "\(complaints)")
        for choice in choices {
            let (one, other) = (again.table(choice.context), options.keys.table(choice.context))
            #expect(one.map(\.keys) == other.map(\.keys), "\(choice.context)")
        }
    }

    @Test func `an action has the keys that it was given, in dispatch, footer, help and texts`() {
        let (map, complaints) = map([("list", "test", ["F5", "x"]), ("list", "help", ["F2"])])
        #expect(complaints.isEmpty)
        var play = play(map)
        #expect(play.lines[23].contains("F5 test") && play.lines[23].contains("F2 help"))
        play.type("t")
        #expect(play.status.contains("t does nothing here: F2 shows the keys"))
        play.type("x")
        #expect(play.screen.contains("Test: orders-writer"))
        play.press(.enter, .function(2))
        #expect(play.line(with: "test ").contains("F5 x"))
    }

    @Test func `a key that is taken away is told, and how to settle it`() {
        let (map, complaints) = map([
            ("list", "pin", ["d"]), ("list", "down", ["J"]), ("list", "filter", ["/", "k"]),
        ])
        #expect(
            complaints.sorted() == [
                "config.toml:1: d was the key of delete in list, which has none now: give it one, or write delete = [] "
                    + "if that is meant",
                "config.toml:3: k was a key of up in list, which keeps \"Up\": write up = [\"Up\"] if that is meant",
            ])
        #expect(
            self.map([
                ("list", "pin", ["d"]), ("list", "delete", []), ("list", "filter", ["/", "k"]),
                ("list", "up", ["Up"]),
            ])
            .1.isEmpty)
        var play = play(map)
        play.type("d")
        guard case .write(_, .updateAll) = play.effects.last else {
            Issue.record("nothing was pinned")
            return
        }
        play.type(":delete")
        play.press(.enter)
        guard case .write(_, .trash) = play.effects.last else {
            Issue.record("the palette does not reach it")
            return
        }
    }

    @Test func `what cannot be is told with its line, and the rest holds`() {
        let (map, complaints) = map([
            ("list", "pin", ["F6"]), ("list", "mark", ["F6"]), ("lists", "mark", ["x"]),
            ("list", "marc", ["x"]),
        ])
        #expect(complaints.count == 3)
        #expect(
            complaints[0]
                == "config.toml:2: F6 is given to mark and, at config.toml:1, to pin: choose another key for one of them"
        )
        #expect(complaints[1].hasPrefix("config.toml:3: keys.lists is no part of the screen: take list, "))
        #expect(complaints[2].hasPrefix("config.toml:4: marc is nothing that keys do in list: take down, "))
        var play = play(map)
        play.press(.function(6))
        guard case .write(_, .updateAll) = play.effects.last else {
            Issue.record("nothing was pinned")
            return
        }
    }

    @Test func `an action can be left without a key`() {
        let (map, complaints) = map([("list", "delete", [])])
        #expect(complaints.isEmpty)
        var play = play(map)
        play.type("d")
        #expect(play.effects.isEmpty && !play.lines[23].contains("delete"))
    }

    @Test func `the form's keys can be changed too`() {
        let (map, _) = map([("form", "save", ["F10"]), ("form", "next-field", ["^N"])])
        var play = play(map)
        play.type("n")
        play.press(.control("s"))
        #expect(play.effects.isEmpty)
        play.press(.function(10))
        #expect(play.screen.contains("is missing"))
    }

    @Test(arguments: [
        ("x", Key.character("x")), ("X", .character("X")), ("^", .character("^")), ("^X", .control("x")),
        ("ctrl-x", .control("x")), ("C-x", .control("x")), ("M-x", .alt("x")), ("alt-x", .alt("x")),
        ("F5", .function(5)),
        ("enter", .enter), ("Esc", .escape), ("S-Tab", .backTab), ("pgdn", .pageDown),
        ("Space", .character(" ")),
        ("会", .character("会")),
    ])
    func `keys are written as the help writes them`(text: String, key: Key) {
        #expect(Key(named: text) == key)
        #expect(Key(named: key.name) == key)
    }

    @Test(arguments: ["form", "filter", "palette", "connect", "code", "help"])
    func `no key that types is taken from where text is typed`(context: String) {
        let action = context == "code" ? "send-code" : context == "help" ? "back" : "help"
        let (_, complaints) = map([(context, action, ["F7", "a"])])
        #expect(
            complaints == [
                "config.toml:1: a is needed to type in \(context): give \(action) one that types nothing, as F5, ^X or M-x"
            ])
        #expect(map([(context, action, ["Backspace"])]).1.count == 1)
        #expect(map([(context, action, ["F7", "M-a"])]).1.isEmpty)
    }

    @Test func `what a key was from the start it may stay`() {
        #expect(map([("form", "choose", ["Space", "F7"])]).1.isEmpty)
    }

    @Test(
        arguments: [
            ("^H", .backspace), ("ctrl-i", .tab), ("C-J", .enter), ("^m", .enter), ("^[", .escape),
        ] as [(String, Key)])
    func `keys that are others to every terminal are none of their own`(text: String, twin: Key) {
        #expect(Key(named: text) == nil && Key.twin(of: text) == twin)
    }

    @Test(arguments: ["", "xx", "F0", "F99", "^XX", "ctrl-", "hyper-x"])
    func `what is no key is refused`(text: String) {
        #expect(Key(named: text) == nil)
    }

    @Test
    func `no context gives one key to two actions, and every action of the table has a name of its own`() {
        for context in [
            "list", "filter", "palette", "copy", "themes", "confirm", "code", "test", "text", "help", "form",
        ] {
            let pairs = KeyMap.standard.table(context)
            let keys = pairs.flatMap(\.keys)
            #expect(Set(keys).count == keys.count, "\(context)")
            #expect(Set(pairs.map(\.action)).count == pairs.count, "\(context)")
        }
    }
}

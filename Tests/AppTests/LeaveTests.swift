import App
import Profiles
import Screen
import Testing

/// Quitting while something hangs on the program.
struct LeaveTests {
    /// The list with a proxy up for `orders-stg`.
    private func withProxy() -> Play {
        var play = Play()
        play.go(to: "orders-stg")
        play.type(":proxy")
        play.press(.enter)
        play.send(
            .proxy(Fleet.drawn[6].id, .up(conninfo: "host=/run/p port=5432 dbname=orders user=iam_dba")))
        play.press(.escape)
        play.effects = []
        return play
    }

    /// The question about so many clients of it.
    private func asked(_ clients: Int = 2, key: Key = .character("q")) -> Play {
        var play = withProxy()
        play.press(key)
        play.send(.used(OutsideUse(clients: [Fleet.drawn[6].id: clients])))
        return play
    }

    private func running(_ play: inout Play) throws -> RequestID {
        play.type(":run select 1")
        play.press(.enter)
        if play.screen.contains("Run SQL on") { play.type("y") }
        for case .run(let id, _, _) in play.effects.reversed() { return id }
        throw Nothing()
    }

    private struct Nothing: Error {}

    @Test(arguments: [Key.character("q"), .control("c")])
    func `what others do through proxies is counted first, and without any of it the program ends at once`(
        key: Key
    ) {
        var play = withProxy()
        play.press(key)
        #expect(play.effects == [.countUse])
        play.send(.used(OutsideUse(clients: [Fleet.drawn[6].id: 0])))
        #expect(play.effects == [.countUse, .quit])
    }

    @Test func `clients are told by count and profile, what was typed ahead is dropped, and y quits`() {
        for (clients, words) in [
            (1, "1 client of the proxy of orders-stg is cut"),
            (12, "12 clients of the proxy of orders-stg are cut"),
        ] {
            var play = asked(clients)
            #expect(play.effects == [.countUse, .flushKeys])
            #expect(play.screen.contains(words) && play.screen.contains("[ Stay ]   y quit all the same"))
            #expect(play.lines.last?.contains("Esc stay  y quit all the same  F1 help") == true)
            play.type("y")
            #expect(play.effects.last == .quit)
        }
    }

    @Test(arguments: [Key.escape, .enter, .character("n"), .character("q")])
    func `every key of no stays, and the next q asks anew`(key: Key) {
        var play = asked()
        play.press(key)
        #expect(!play.screen.contains("Stay") && play.effects == [.countUse, .flushKeys])
        play.type("q")
        #expect(play.effects.last == .countUse)
        play.send(.used(OutsideUse()))
        #expect(play.effects.last == .quit)
    }

    @Test func `a second ^C always quits, over the question's help too, and whatever the settings say`() {
        var play = asked(key: .control("c"))
        play.press(.control("c"))
        #expect(play.effects.last == .quit)
        play = asked()
        play.press(.function(1))
        #expect(play.screen.contains("Help: quitting") && play.screen.contains("quit all the same"))
        play.press(.control("c"))
        #expect(play.effects.last == .quit)
        var complaints: [String] = []
        var options = ScreenOptions()
        options.keys = KeyMap(
            [
                KeyMap.Choice(
                    context: "leave", action: "quit", keys: [.character("x")], place: "config.toml:1")
            ], complaints: &complaints)
        #expect(complaints.isEmpty)
        for key in [Key.control("c"), .character("x")] {
            play = asked()
            play.send(.options(options))
            #expect(play.screen.contains("x quit all the same"))
            play.type("y")
            #expect(play.effects.last == .flushKeys)
            play.press(key)
            #expect(play.effects.last == .quit)
        }
    }

    @Test func `SQL that runs is told by count or name, and its answers take the question's place`() throws {
        var play = Play()
        play.go(to: "orders-stg")
        _ = try running(&play)
        play.type(":quit")
        play.press(.enter)
        #expect(play.screen.contains("SQL on orders-stg is cancelled") && play.effects.last == .flushKeys)

        play = Play()
        play.type("*")
        let id = try running(&play)
        play.send(.ran(id, failed: false))
        play.type("q")
        #expect(play.screen.contains("SQL on 11 profiles is cancelled, 1 done"))
        play.send(.ranAll(id, "-- orders-writer --\n"))
        #expect(!play.screen.contains("[ Stay ]") && play.screen.contains("-- orders-writer --"))
        play.press(.escape)
        play.type("q")
        #expect(play.effects.last == .quit)
    }

    @Test(arguments: ["q!", "exit", "wq"])
    func `words of other programs for it are told what it is called`(word: String) {
        var play = Play()
        play.type(":\(word)")
        play.press(.enter)
        #expect(play.screen.contains("\(word) is called quit here") && play.effects.isEmpty)
    }

    @Test func `SQL that is being cancelled already holds nobody back`() throws {
        var play = Play()
        _ = try running(&play)
        play.press(.escape)
        play.type("q")
        #expect(play.effects.last == .quit)
    }

    @Test func `what is typed in a form is told from the form and from everything over it`() {
        for over in [[], [Key.function(1)], [.control("t")]] {
            var play = Play.form("x")
            for key in over { play.press(key) }
            play.press(.control("c"))
            #expect(
                play.screen.contains("what is typed in the form of orders-writer is lost: 1 change"),
                "\(over)")
            play.press(.escape)
            #expect(!play.effects.contains(.quit))
            play.press(.control("c"), .character("y"))
            #expect(play.effects.last == .quit)
        }
        var play = Play()
        play.press(.character("n"), .control("c"))
        #expect(play.effects.last == .quit, "nothing is typed yet")
        play = Play()
        play.type("nq")
        play.press(.control("c"))
        #expect(play.screen.contains("what is typed in the form of a new profile is lost: 1 change"))
        // A question of the form's own is no trap.
        play.press(.escape, .escape)
        #expect(play.screen.contains("Discard 1 change?"))
        play.press(.control("c"), .control("c"))
        #expect(play.effects.last == .quit)
    }

    @Test func `all that hangs on it is one short list, the user's own first`() throws {
        var play = withProxy()
        _ = try running(&play)
        play.type("n")
        play.type("my host")
        play.press(.control("c"))
        play.send(
            .used(
                OutsideUse(
                    clients: [Fleet.drawn[6].id: 2, Fleet.drawn[0].id: 3, Fleet.drawn[1].id: 2],
                    connections: [Fleet.drawn[2].id: 1, Fleet.drawn[3].id: 4])))
        let told = [
            "what is typed in the form of a new profile is lost: 1 change", "SQL on orders-stg is cancelled",
            "3 clients of the proxy of orders-writer are cut",
            "2 clients of the proxy of orders-reader are cut",
            "2 clients of the proxy of orders-stg are cut", "and 2 more",
        ]
        let places = told.map { words in play.lines.firstIndex { $0.contains(words) } ?? -1 }
        #expect(places == places.sorted() && !places.contains(-1), "\(play.screen)")
        let stay = try #require(play.lines.firstIndex { $0.contains("[ Stay ]") })
        #expect(stay - places[0] <= 8, "\(play.screen)")
    }

    @Test func `connections through a tunnel are told, and a long name gives way to what is said of it`() {
        var profiles = Fleet.drawn
        profiles[6].profile.name = "a-name-that-is-much-longer-than-any-line-of-the-question"
        var play = Play(profiles, columns: 60, rows: 15)
        play.send(.tunnels([Fleet.drawn[6].id: .up(port: 40000)]))
        play.type("q")
        #expect(play.effects == [.countUse])
        play.send(.used(OutsideUse(connections: [Fleet.drawn[6].id: 3])))
        #expect(
            play.line(with: "3 connections through the tunnel of a-").contains(" are cut"), "\(play.screen)")
    }

    @Test func `on a screen that is too small for the question q or ^C once more quits`() {
        for key in [Key.character("q"), .control("c")] {
            var play = withProxy()
            play.resize(columns: 45, rows: 12)
            play.press(key)
            play.send(.used(OutsideUse(clients: [Fleet.drawn[6].id: 1])))
            #expect(play.screen.contains("something would be lost, q quits"), "\(play.screen)")
            play.type("y")
            play.press(.enter)
            #expect(play.effects.last == .flushKeys)
            play.press(key)
            #expect(play.effects.last == .quit)
        }
        var play = withProxy()
        play.resize(columns: 45, rows: 12)
        play.type("q")
        play.send(.used(OutsideUse(clients: [Fleet.drawn[6].id: 1])))
        play.press(.escape)
        #expect(play.screen.contains("or q quits") && play.effects.last == .flushKeys)
    }

    @Test func `the mouse stays by the one button and quits by the other`() throws {
        for (words, quits) in [("[ Stay ]", false), ("y quit all", true)] {
            var play = asked()
            let row = try #require(play.lines.firstIndex { $0.contains("[ Stay ]") })
            let line = Array(play.lines[row])
            let column = try #require(
                line.indices.first { String(line[$0...]).hasPrefix(words) })
            play.press(
                .mouse(MouseEvent(kind: .press, button: 1, at: Point(column: column + 1, row: row))))
            #expect((play.effects.last == .quit) == quits)
            #expect(play.screen.contains("[ Stay ]") == quits)
        }
    }
}

import App
import Profiles
import Screen
import Testing

/// The question before production.
struct ProductionTests {
    @Test func `production asks, forgets what was typed ahead, and Enter is never yes`() {
        var play = Play()
        play.press(.enter)
        #expect(play.effects == [.flushKeys])
        #expect(play.screen.contains("PRODUCTION  orders-writer  (WRITER)"))
        play.press(.enter)
        #expect(!play.screen.contains("PRODUCTION"))
        play.press(.enter, .escape)
        #expect(!play.screen.contains("PRODUCTION"))
        #expect(play.launches.isEmpty)
        #expect(play.selected == "orders-writer")
    }

    @Test(arguments: [("orders-writer", "y", "a"), ("yellow", "^Y", "a"), ("Auth", "y", "^N")])
    func `one key opens production read-only, and dialog and footer name it`(
        name: String, open: String, snooze: String
    ) {
        var profiles = [Fleet.drawn[0]]
        profiles[0].profile.name = name
        var play = Play(profiles)
        play.press(.enter)
        #expect(play.screen.contains("   \(open) open read-only   type the name: read-write"))
        #expect(play.screen.contains("[ ] \(snooze)  do not ask again"))
        #expect(
            play.lines[23].contains("\(open) open") && play.lines[23].contains("\(snooze) do not ask again"))
        play.press(Key(named: snooze) ?? .escape)
        #expect(play.screen.contains("[x] \(snooze)"))
        play.press(Key(named: open) ?? .escape)
        #expect(play.launches.map(\.readOnly) == [true])
        #expect(!play.screen.contains("PRODUCTION"))
    }

    @Test func `only the typed name opens production for writing`() {
        var play = Play()
        play.press(.enter)
        play.type("orders-write")
        play.press(.enter)
        #expect(play.launches.isEmpty)
        #expect(play.screen.contains("that is not its name"))
        play.type("r")
        play.press(.enter)
        #expect(play.launches.map(\.readOnly) == [false])
    }

    @Test func `y stays read-only where the profile itself would write`() {
        var profiles = Fleet.drawn
        profiles[0].profile.readOnly = false
        var play = Play(profiles)
        play.press(.enter)
        play.type("y")
        #expect(play.launches.map(\.readOnly) == [true])
    }

    @Test(arguments: ["yankee", "Alpha", "yy", "auth-prod", "y", "a", "n", "q", "?x", " 1"])
    func `no letter of a name is a key, whatever it begins with`(name: String) {
        var profiles = [Fleet.drawn[0]]
        profiles[0].profile.name = name
        var play = Play(profiles)
        play.press(.enter)
        play.type(name)
        #expect(play.launches.isEmpty && !play.screen.contains("[x]"))
        play.press(.enter)
        #expect(play.launches.map(\.readOnly) == [false])
    }

    @Test
    func `letters stay letters where the user has bound them too, and a key that types nothing is asked for`()
    {
        var complaints: [String] = []
        let choices = [("open-read-only", ["F5", "r"]), ("quit", ["o", "^C"]), ("snooze", ["s"])].map {
            KeyMap.Choice(
                context: "confirm", action: $0.0, keys: $0.1.compactMap { Key(named: $0) },
                place: "config.toml:1")
        }
        let keys = KeyMap(choices, complaints: &complaints)
        #expect(
            complaints.contains {
                $0.contains("s belongs to names that begin with it") && $0.contains("snooze one more")
            }
        )
        var play = Play()
        play.send(.options(ScreenOptions(keys: keys)))
        play.press(.enter)
        #expect(play.screen.contains("F5 open read-only"))
        play.type("orders-writer")
        #expect(play.effects == [.flushKeys])
        play.press(.control("u"), .function(5))
        #expect(play.launches.map(\.readOnly) == [true])
    }

    @Test func `where no name can be typed the letters answer`() {
        var profiles = Fleet.drawn
        profiles[6].profile.confirm = .key
        var play = Play(profiles)
        play.go(to: "orders-stg")
        play.press(.enter)
        #expect(play.screen.contains("y open") && !play.screen.contains("type the name"))
        play.type("y")
        #expect(play.launches.map(\.profile.name) == ["orders-stg"])
    }

    @Test func `an emptied name gives the choices back`() {
        var play = Play()
        play.press(.enter)
        play.type("o")
        #expect(!play.screen.contains("[ Cancel ]"))
        play.press(.backspace)
        #expect(play.screen.contains("[ Cancel ]"))
        play.type("y")
        #expect(play.launches.map(\.readOnly) == [true])
    }

    @Test func `snoozed, production does not ask again for fifteen minutes`() {
        var play = Play()
        play.press(.enter)
        play.type("ay")
        play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 5)))
        play.wait(899)
        play.press(.enter)
        #expect(play.launches.map(\.readOnly) == [true, true])
        play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 5)))
        play.wait(2)
        play.press(.enter)
        #expect(play.screen.contains("PRODUCTION"))
    }

    @Test func `a snooze ends where the clock is put back, and where its profile becomes another`() {
        func snoozed() -> Play {
            var play = Play()
            play.press(.enter)
            play.type("ay")
            play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 5)))
            return play
        }
        var play = snoozed()
        play.wait(-3600)
        play.press(.enter)
        #expect(play.screen.contains("PRODUCTION"))

        // As the team's catalogue may bring it.
        var profiles = Fleet.drawn
        profiles[0].profile.host = "elsewhere.cluster-c1x9.eu-west-1.rds.amazonaws.com"
        play = snoozed()
        play.send(.profiles(profiles))
        play.press(.enter)
        #expect(play.screen.contains("PRODUCTION") && play.launches.count == 1)
    }

    @Test func `a snooze counts only once it has opened`() {
        var play = Play()
        play.press(.enter)
        play.type("a")
        #expect(play.screen.contains("[x] a"))
        play.press(.escape, .enter)
        #expect(play.screen.contains("PRODUCTION"))
    }

    @Test func `a snooze stays ticked and in sight while the name is typed, and counts then too`() {
        var play = Play()
        play.press(.enter)
        play.type("aorders-writer")
        #expect(play.screen.contains("[x] ^N  do not ask again for this profile for 15 minutes"))
        play.press(.enter)
        #expect(play.launches.map(\.readOnly) == [false])
        play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 5)))
        play.press(.enter)
        // What nobody has typed a name for does not write.
        #expect(play.launches.map(\.readOnly) == [false, true])
    }

    @Test func `where the name has to be typed no key opens it`() {
        var profiles = Fleet.drawn
        profiles[0].profile.confirm = .name
        var play = Play(profiles)
        play.press(.enter)
        play.type("y")
        play.press(.enter)
        #expect(play.launches.isEmpty)
        play.press(.backspace)
        play.type("orders-writer")
        play.press(.enter)
        #expect(play.launches.map(\.readOnly) == [true])
        play.send(.sessionEnded(play.lastRequest, SessionEnd(ending: .exited(0), seconds: 5)))
        play.press(.enter)
        play.type("orders-writer")
        play.press(.control("o"))
        #expect(play.launches.map(\.readOnly) == [true, false])
    }

    @Test func `a name that has to be typed is shown whole, and the border says what Enter does`() {
        let name =
            "a-name-that-is-so-long-that-no-title-and-no-row-of-eighty-columns-would-hold-all-of-it-writer"
        var profiles = Fleet.drawn
        profiles[0].profile.name = name
        profiles[0].profile.confirm = .name
        var play = Play(profiles)
        play.press(.home)
        play.go(to: name)
        play.press(.enter)
        func inner() -> String {
            play.lines.compactMap { $0.split(separator: "│").dropFirst().first }.joined()
                .replacing(" ", with: "")
        }
        #expect(inner().contains(name))
        #expect(play.screen.contains("Enter = Cancel"))
        play.type("a-n")
        #expect(!play.screen.contains("Enter = Cancel") && play.screen.contains("Esc = Cancel"))
        play.press(.control("u"))
        play.press(.paste(name))
        #expect(play.screen.contains("Enter = read-only") && play.screen.contains("^O then opens READ-WRITE"))
        play.press(.enter)
        #expect(play.launches.map(\.readOnly) == [true])
    }
}

import App
import Profiles
import Screen
import Testing

/// What goes on away from the keys: told as long as it does, ended by Esc, and its answer never over what is typed.
struct WorkTests {
    private func command(_ play: inout Play, _ text: String) {
        play.type(":\(text)")
        play.press(.enter)
    }

    private func request(_ play: Play) -> RequestID {
        for effect in play.effects.reversed() {
            switch effect {
            case .ask(let id, _), .run(let id, _, _), .discover(let id, _), .policy(let id, _, _): return id
            default: continue
            }
        }
        return RequestID(-1)
    }

    @Test(arguments: [
        (":run select 1", "running SQL on 1: 0 done   Esc cancels"),
        (":discover", "asking AWS ...   Esc cancels"),
        ("T", "testing 11: 0 done, 0 ok, 0 failed   Esc cancels"),
        ("K", "minting a token for orders-stg ...   Esc cancels"),
        ("P", "working out what orders-stg needs ...   Esc cancels"),
    ])
    func `it is told however long it takes and whatever is pressed meanwhile`(keys: String, line: String) {
        var play = Play()
        play.go(to: "orders-stg")
        play.type(keys)
        if keys.hasPrefix(":") { play.press(.enter) }
        #expect(play.status.contains(line))
        play.wait(5)
        play.press(.down)
        #expect(play.status.contains(line))
        // Newer words stand for a while.
        play.type("S")
        #expect(play.status.contains("reversed"))
        #expect(play.model.nextChange(size: play.size).map { $0 <= play.now.addingTimeInterval(3) } == true)
        play.wait(3)
        #expect(play.status.contains(line))
        // Over the list it is not Esc's turn.
        play.type("?")
        #expect(!play.status.contains("Esc cancels"))
        play.press(.escape, .escape)
        #expect(!play.status.contains(line) && !play.effects.isEmpty)
    }

    @Test func `of several the one is named that Esc ends next`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.type("K")
        command(&play, "run select 1")
        #expect(play.status.contains("running SQL"))
        let run = request(play)
        play.press(.escape)
        #expect(play.status.contains("cancelling on 1 servers"))
        play.send(.ran(run, failed: true))
        play.send(.ranAll(run, ""))
        play.wait(4)
        #expect(play.status.contains("minting a token for orders-stg ...   Esc cancels"))
        play.press(.escape)
        #expect(play.status.contains("no token is minted for orders-stg"))
    }

    @Test func `answers of SQL wait until a form is closed`() {
        var play = Play()
        play.go(to: "orders-stg")
        command(&play, "run select 1")
        let id = request(play)
        play.type("n")
        play.type("typed")
        play.send(.ran(id, failed: false))
        play.send(.ranAll(id, "-- orders-stg --\n"))
        play.type(" on")
        #expect(play.screen.contains("New profile") && play.screen.contains("typed on"))
        play.press(.escape, .character("y"))
        #expect(play.screen.contains("-- orders-stg --") && play.effects.last == .flushKeys)
        play.press(.escape)
        #expect(!play.screen.contains("-- orders-stg --"))
    }

    @Test func `a text that was asked for waits for the list too, and so do profiles from a file`() {
        var play = Play()
        command(&play, "doctor")
        let doctor = request(play)
        command(&play, "import a.json")
        let file = request(play)
        play.type("/")
        play.send(.answered(doctor, .text(title: "Doctor", name: "the report", "all is well")))
        var item = Profile(name: "new one", host: "h.example")
        item.auth = .none
        play.send(
            .answered(file, .intake(Intake(source: "a.json", items: [Intake.Item(.new, item)]))))
        #expect(!play.screen.contains("all is well") && !play.screen.contains("new one"))
        play.type("billing")
        play.press(.enter)
        #expect(play.screen.contains("new one"))
        play.press(.escape)
        #expect(play.screen.contains("all is well"))
        play.press(.escape)
        #expect(play.screen.contains("filter: billing"))
    }
}

import App
import Profiles
import Screen
import Testing

/// How a tunnel looks on the screen, and what is asked for it.
struct TunnelTests {
    private func play() -> Play {
        var saved = Fleet.drawn
        guard let at = saved.firstIndex(where: { $0.profile.name == "orders-stg" }) else {
            return Play(saved)
        }
        saved[at].profile.tunnel = "ssh bastion"
        var play = Play(saved)
        play.go(to: "orders-stg")
        return play
    }

    @Test func `the column is there only where a profile goes through a tunnel`() {
        #expect(!Play().lines[1].contains("VIA"))
        let play = play()
        #expect(play.lines[1].contains(" VIA "))
        #expect(play.row(of: "orders-stg").contains(" ssh "))
        #expect(play.screen.contains("via ssh bastion"))
    }

    @Test(arguments: [
        (TunnelState.opening, " ..  ", "ssh bastion: opening"),
        (.up(port: 40_001), " up  ", "up at 127.0.0.1:40001"),
        (.restarting(), " ..! ", "died, starting again"),
        (.restarting(why: "ECONNREFUSED"), " ..! ", "ECONNREFUSED"),
        (.failed("Permission denied"), " FAIL ", "Permission denied"),
    ])
    func `row and detail say how it is`(state: TunnelState, row: String, detail: String) {
        var play = play()
        play.resize(columns: 120, rows: 40)
        guard let id = play.model.selectedProfile?.id else { return }
        play.send(.tunnels([id: state]))
        #expect(play.row(of: "orders-stg").contains(row))
        #expect(play.screen.contains(detail))
        play.send(.tunnels([:]))
        #expect(play.row(of: "orders-stg").contains(" ssh "))
    }

    @Test func `V opens the tunnel of a profile that has one`() {
        var play = play()
        play.effects = []
        play.type("V")
        #expect(play.effects == [.tunnel(play.model.selectedProfile ?? Profile())])
        play.effects = []
        play.go(to: "orders-writer")
        play.type("V")
        #expect(play.effects.isEmpty && play.status.contains("has no tunnel"))
    }

    @Test func `Esc ends the opening of a tunnel, and so does V once more`() {
        for key in [Key.escape, .character("V")] {
            var play = play()
            guard let id = play.model.selectedProfile?.id else { return }
            play.type("V")
            #expect(play.status.contains("opening the tunnel of orders-stg ...   Esc cancels"))
            play.press(key)
            #expect(play.effects.last == .cancelTunnel(id))
            #expect(play.status.contains("the tunnel of orders-stg is not opened"))
            play.press(.escape)
            #expect(play.status.contains("nothing to go back from"))
            play.type("V")
            play.send(.tunnelRefused(id, "Permission denied: add your key"))
            #expect(play.status.contains("! Permission denied"))
            play.press(.escape)
            #expect(play.effects.last == .tunnel(play.model.selectedProfile ?? Profile()))
        }
    }

    @Test func `what was said of a tunnel that a key has opened stays true`() {
        var play = play()
        play.resize(columns: 120, rows: 40)
        guard let id = play.model.selectedProfile?.id else { return }
        play.send(.tunnelHeld(id, port: 40_001))
        play.send(.tunnels([id: .up(port: 40_001)]))
        #expect(play.status.contains("the tunnel of orders-stg is up at 127.0.0.1:40001"))
        play.send(.tunnels([id: .restarting()]))
        #expect(play.status.contains("the tunnel of orders-stg died and is started again"))
        play.send(.tunnels([id: .up(port: 40_001)]))
        #expect(play.status.contains("is up at 127.0.0.1:40001"))
        play.send(.tunnels([id: .failed("Permission denied")]))
        #expect(play.status.contains("could not be opened again: Permission denied"))
        play.send(.tunnels([:]))
        #expect(!play.status.contains("tunnel"))
        // What something else has said is its own.
        play.send(.tunnelHeld(id, port: 40_001))
        play.send(.notice("copied"))
        play.send(.tunnels([id: .restarting()]))
        #expect(play.status.contains("copied"))
    }

    @Test func `a question of ssh is asked, and a secret is counted and not shown`() {
        var play = play()
        let question = TunnelQuestion(
            tunnel: "ssh bastion", prompt: "Enter passphrase for key 'k': ", kind: .secret)
        play.send(.tunnelAsked(RequestID(-1), question))
        #expect(
            play.screen.contains("ssh bastion asks") && play.screen.contains("Enter passphrase for key 'k':"))
        play.type("open sesame")
        #expect(!play.screen.contains("sesame") && play.screen.contains("***********"))
        play.press(.enter)
        #expect(play.effects.last == .answer(RequestID(-1), "open sesame"))
        #expect(!play.screen.contains("asks"))
    }

    @Test func `a host key is confirmed in the open, and a key's touch needs no answer`() {
        var play = play()
        let key =
            "The authenticity of host 'h' can't be established.\nAre you sure you want to continue (yes/no)? "
        play.send(.tunnelAsked(RequestID(-1), TunnelQuestion(tunnel: "ssh b", prompt: key, kind: .visible)))
        play.type("yes")
        #expect(play.screen.contains("authenticity of host") && play.screen.contains("Answer  yes"))
        play.press(.escape)
        #expect(play.effects.last == .answer(RequestID(-1), nil))
        let touch = TunnelQuestion(
            tunnel: "ssh b", prompt: "Confirm user presence for key ED25519-SK", kind: .notice)
        play.send(.tunnelAsked(RequestID(-2), touch))
        #expect(play.screen.contains("Confirm user presence") && !play.screen.contains("Answer"))
        #expect(play.lines.last?.contains("Esc close") == true && !play.screen.contains(" send"))
        #expect(!play.screen.contains(" cancel"))
        play.send(.codeNotAsked(RequestID(-2)))
        #expect(!play.screen.contains("Confirm user presence"))
    }
}

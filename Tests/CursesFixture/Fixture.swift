#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Curses
import Screen

/// A program as small as can be over the real terminal's adapter, for the tests of that adapter: it shows a
/// picture and the keys that it heard, and does by key what the real program does with its terminal.
///
/// `P` shows 300 pairs of colours, `C` fills every cell. `q` quits, `L` lends the terminal to the shell command in its second argument, `^Z` suspends, `E` writes to
/// stderr, `R` paints all anew, `X` dies of a fault, `Z` of a signal. The first argument is the log's path.
@main
struct Fixture {
    let terminal: CursesTerminal
    var picture: Picture
    var done = false

    static func main() {
        let arguments = CommandLine.arguments + ["", ""]
        let signals = csys_signals_install()
        do throws(TerminalRefusal) {
            let terminal = try CursesTerminal(environment: environment, logPath: arguments[1])
            var fixture = Fixture(terminal: terminal, picture: Picture(size: terminal.size))
            fixture.run(signals: signals, command: arguments[2])
        } catch {
            print("refused: \(error.what): \(error.remedy)")
            exit(3)
        }
    }

    private static var environment: [String: String] {
        var result: [String: String] = [:]
        for name in ["TERM", "NO_COLOR", "ESCDELAY", "COLORTERM", "PGFOB_AMBIGUOUS"] {
            if let value = getenv(name) { result[name] = String(cString: value) }
        }
        return result
    }

    private mutating func run(signals: Int32, command: String) {
        while !done {
            terminal.paint(picture.grid)
            var list = [terminal.inputDescriptor, signals].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            poll(&list, 2, -1)
            take(signals: signals)
            if list[0].revents != 0 { for key in terminal.readKeys() { take(key, command, signals) } }
            if terminal.inputHasEnded { done = true }
        }
        terminal.end()
    }

    private mutating func take(signals: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(signals, &bytes, bytes.count)
        for place in bytes.indices { bytes[place] &= ~UInt8(CSYS_BY_SYSTEM) }
        for signal in bytes.prefix(max(0, count)) {
            switch Int32(signal) {
            case SIGWINCH: terminal.synchroniseSize()
            case SIGCONT: terminal.resume()
            case SIGTERM, SIGHUP, SIGINT: done = true
            default: break
            }
        }
        picture.size = terminal.size
    }

    private mutating func take(_ key: Key, _ command: String, _ signals: Int32) {
        switch key {
        case .character("q"): done = true
        case .character("L"): lend(command, signals)
        case .control("z"): terminal.suspendProgram()
        case .character("R"): terminal.repaint()
        case .character("P"): picture.showsPairs.toggle()
        case .character("C"): picture.isFull.toggle()
        case .character("E"): _ = write(2, "noise on stderr\n", 16)
        case .character("X"): print([Int]()[picture.selected])
        case .character("Z"): raise(SIGSEGV)
        case .up: picture.selected = max(0, picture.selected - 1)
        case .down: picture.selected += 1
        default: break
        }
        switch key {
        case .paste(let text):
            let shown =
                text.count > 20 ? "" : text.replacing("\n", with: "/").replacing("\u{1b}", with: "ESC")
            picture.heard.append("paste\(text.count)(\(shown))")
        default: picture.heard.append(key.name)
        }
        picture.size = terminal.size
    }

    private func lend(_ command: String, _ signals: Int32) {
        terminal.lend()
        let arguments: [UnsafeMutablePointer<CChar>?] = [
            strdup("/bin/sh"), strdup("-c"), strdup(command), nil,
        ]
        let variables: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { for word in arguments + variables { free(word) } }
        var (pid, group): (pid_t, pid_t) = (-1, -1)
        let failure = csys_spawn_foreground("/bin/sh", arguments, variables, nil, 0, &pid, &group)
        while failure == 0 {
            var code: Int32 = 0
            let change = csys_reap(pid, &code)
            if change == CSYS_EXITED || change == CSYS_SIGNALLED { break }
            if change == CSYS_STOPPED {
                csys_take_foreground()
                csys_stop_self()
                csys_set_foreground(group)
                kill(-pid, SIGCONT)
            }
            // CHLD wakes it; what the pipe holds is taken after the return.
            var state = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
            poll(&state, 1, -1)
            var byte: UInt8 = 0
            read(signals, &byte, 1)
        }
        csys_take_foreground()
        terminal.takeBack()
    }
}

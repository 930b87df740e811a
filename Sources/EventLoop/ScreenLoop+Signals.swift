#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Curses

/// Signals, and what the terminal's size and the job control of the shell ask for.
extension ScreenLoop {
    func take(signal: Int32) {
        switch signal {
        case SIGCHLD:
            reap()
        case SIGWINCH:
            resize()
        case SIGTSTP:
            if case .screen = holder { suspend() }
        case SIGCONT:
            if case .screen = holder { resumed() }
        case SIGINT:
            // ^C reaches the child's group alone; here it came from elsewhere, or after a farewell.
            switch holder {
            case .screen: endFromOutside()
            case .farewell(let message): takeBack(message)
            case .session, .login, .editor: holder.child?.send(SIGINT)
            }
        case SIGTERM, SIGHUP:
            endFromOutside()
        default:
            break
        }
    }

    /// What the screen ends with where it was not told to by a key (design/cli.md, "Exit codes").
    static let interrupted: Int32 = 130

    /// Ends the program without a question: what is typed is kept.
    func endFromOutside() {
        keepDraft()
        wasInterrupted = true
        ending = true
    }

    func resize() {
        guard case .screen = holder else { return }
        terminal.synchroniseSize()
        shown = nil
        update(.resized(terminal.size))
    }

    func suspend() {
        terminal.suspendProgram()
        resumed()
    }

    func resumed() {
        terminal.resume()
        shown = nil
        update(.resized(terminal.size))
    }
}

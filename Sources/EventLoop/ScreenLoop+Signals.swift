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
            case .screen: ending = true
            case .farewell(let message): takeBack(message)
            case .session, .login, .editor: break
            }
        case SIGTERM, SIGHUP:
            keepDraft()
            ending = true
        default:
            break
        }
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

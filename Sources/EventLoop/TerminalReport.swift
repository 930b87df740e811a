import Curses

/// What the screen would have to do with, for those who only want to know.
package enum TerminalReport {
    /// `ncurses 6.4.20221231`. The corresponding C function is `curses_version`.
    package static var library: String { CursesTerminal.library }

    /// Why the terminal that the environment names can show no screen, with what to do; nil where it can.
    package static func refusal(_ environment: [String: String]) -> (what: String, remedy: String)? {
        CursesTerminal.refusal(environment).map { ($0.what, $0.remedy) }
    }

    /// Whether the locale shows more than ASCII.
    package static var speaksUTF8: Bool { CursesTerminal.speaksUTF8 }
}

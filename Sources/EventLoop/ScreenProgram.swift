import App
import Curses
import Operations
import Profiles
import Screen

/// The full-screen program, from the first paint to the end.
package struct ScreenProgram {
    /// What is read before the first paint: more rows than terminals have.
    private static let firstRows = 150

    private let verbs: Verbs
    private let surroundings: Surroundings
    private let theme: Theme
    private let notices: [String]

    /// - Parameters:
    ///   - theme: the one that the settings chose.
    ///   - notices: what the settings complained of, shown in the status row.
    package init(surroundings: Surroundings, theme: Theme, notices: [String]) {
        self.surroundings = surroundings
        self.theme = theme
        self.notices = notices
        verbs = Verbs(surroundings)
    }

    /// Runs until the user quits or the terminal goes away.
    ///
    /// The first profiles are read before the terminal is touched, so that a store that cannot be used is told on
    /// the normal screen; nothing else stands before the first paint, and nothing of it is on a network.
    ///
    /// - Returns: the exit code.
    /// - Throws: ``Refusal`` where the store or the terminal cannot be used.
    package func run() throws(Refusal) -> Int32 {
        let version = verbs.book.version
        let page = try verbs.book.firstPage(limit: Self.firstRows)
        guard let signals = ProgramSignals(), let mailbox = Mailbox() else {
            throw Refusal(.failed, "no descriptor is left", do: "close some files and try again")
        }
        let terminal: CursesTerminal
        do throws(TerminalRefusal) {
            terminal = try CursesTerminal(environment: surroundings.environment, logPath: logPath)
        } catch {
            throw Refusal(
                .failed, error.what, do: error.remedy)
        }
        let loop = ScreenLoop(
            terminal: terminal, verbs: verbs, surroundings: surroundings, mailbox: mailbox, signals: signals,
            theme: theme)
        return loop.run(page, of: version, notices: notices)
    }

    private var logPath: String { "\(surroundings.stateFolder)/pgfob.log" }
}

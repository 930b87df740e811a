#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Curses
import Operations
import Profiles
import Screen

/// The full-screen program, from the first paint to the end.
package struct ScreenProgram {
    /// How many profiles are read before the first paint: as many as the terminal has rows, of which some are needed for
    /// other things.
    private static var firstRows: Int {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard csys_terminal_size(STDOUT_FILENO, &columns, &rows) == 0, rows > 0 else { return 150 }
        return Int(rows)
    }

    private let verbs: Verbs
    private let surroundings: Surroundings
    private let settings: ScreenSettings
    private let reading: ScreenSettings.Reading
    private let endsAfterSession: Bool

    /// - Parameters:
    ///   - reading: what the settings say now.
    ///   - endsAfterSession: whether the program ends with the first session, by its exit code.
    package init(
        surroundings: Surroundings, settings: ScreenSettings, reading: ScreenSettings.Reading,
        endsAfterSession: Bool = false
    ) {
        self.endsAfterSession = endsAfterSession
        (self.surroundings, self.settings, self.reading) = (surroundings, settings, reading)
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
        let page =
            reading.options.suitsFirstPage
            ? try verbs.book.firstPage(limit: Self.firstRows) : FirstPage(whole: try verbs.book.live())
        guard let signals = ProgramSignals(hasScreen: true), let mailbox = Mailbox() else {
            throw .noDescriptor
        }
        ProgramLog(surroundings).begin()
        let terminal: CursesTerminal
        do throws(TerminalRefusal) {
            terminal = try CursesTerminal(
                environment: surroundings.environment, logPath: ProgramLog.path(surroundings))
        } catch {
            throw Refusal(
                .failed, error.what, do: error.remedy)
        }
        let loop = ScreenLoop(
            terminal: terminal, verbs: verbs, surroundings: surroundings, mailbox: mailbox, signals: signals,
            settings: settings, reading: reading, endsAfterSession: endsAfterSession)
        return loop.run(page, of: version, notices: reading.notices)
    }
}

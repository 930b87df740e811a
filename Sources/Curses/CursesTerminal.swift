#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import CTerm
import Screen

/// The real terminal: paints grids, reads keys, and is lent to other programs.
///
/// ncurses is not safe for threads: one thread uses it.
package final class CursesTerminal {
    /// What is written should the program die of a fault: modes off, cursor back, the normal screen.
    private static let crashText =
        "\u{1b}[?2026l\u{1b}[?1l\u{1b}>\u{1b}[?2004l\u{1b}[?1004l\u{1b}[?1000l\u{1b}[?1002l\u{1b}[?1003l\u{1b}[?1006l"
        + "\u{1b}[?25h\u{1b}[0m\u{1b}[?1049l\r\n"

    /// What `poll` watches for keys.
    package let inputDescriptor: Int32 = 0
    /// Whether the input was closed: the terminal has gone.
    package private(set) var inputHasEnded = false
    private var keys = KeyReader()
    private var painter: GridPainter
    private var modes = termios()
    private var errors: ErrorRedirection
    private var ended = false
    /// Whether another program has the terminal, on the normal screen.
    private var isLent = false

    /// Opens the terminal.
    ///
    /// - Parameters:
    ///   - environment: for TERM, NO_COLOR, ESCDELAY and PGFOB_AMBIGUOUS.
    ///   - logPath: where stderr goes while the screen is up.
    /// - Throws: ``TerminalRefusal``; nothing was written to the terminal then.
    package init(environment: [String: String], logPath: String) throws(TerminalRefusal) {
        guard isatty(0) == 1, isatty(1) == 1 else {
            throw TerminalRefusal(
                "the screen needs a terminal", do: "use the subcommands, `pgfob --help` lists them")
        }
        let choice = try TerminalChoice(environment: environment)
        guard csys_await_foreground() == 0 else {
            throw TerminalRefusal("the program runs in the background", do: "start it in the foreground")
        }
        let unicode = ct_set_locale() == 1
        tcgetattr(0, &modes)
        let colours = environment["NO_COLOR"].map { $0.isEmpty } ?? true
        let delay: Int32 = environment["ESCDELAY"] == nil ? 25 : -1
        guard ct_open(choice.term, colours ? 1 : 0, delay) == 0 else {
            throw TerminalRefusal(
                "the terminal \"\(choice.term)\" cannot be opened",
                do: "set TERM=xterm-256color and try again")
        }
        painter = GridPainter(
            depth: ColourDepth(colours: Int(ct_colours())), unicode: unicode,
            ambiguousIsWide: environment["PGFOB_AMBIGUOUS"] == "wide")
        errors = ErrorRedirection(logPath: logPath)
        errors.redirect()
        csys_on_crash(1, Self.crashText, &modes)
    }

    /// Columns and rows.
    package var size: Size {
        var columns: Int32 = 0
        var rows: Int32 = 0
        ct_size(&columns, &rows)
        return Size(columns: Int(columns), rows: Int(rows))
    }

    /// Takes over the size that the terminal has now.
    package func synchroniseSize() {
        if ct_synchronise_size() == 1 { painter.forget() }
    }

    /// All keys that wait.
    package func readKeys() -> [Key] {
        let read = keys.drain(ct_read_key)
        if read.isEmpty { inputHasEnded = Self.isClosed(inputDescriptor) }
        return read
    }

    /// Forgets keys that were typed and not read yet.
    package func flushInput() { ct_flush_input() }

    /// Shows a grid: only what has changed is sent, in one go. Where that is all of it, the terminal is told to show it
    /// once it is whole.
    package func paint(_ grid: Grid) {
        let isWhole = painter.isWhole
        painter.paint(grid)
        let place = grid.cursor ?? grid.anchor ?? Point(column: 0, row: 0)
        ct_flush(Int32(place.row), Int32(place.column), grid.cursor == nil ? 0 : 1, isWhole ? 1 : 0)
    }

    /// Paints every cell at the next painting.
    package func repaint() {
        ct_repaint()
        painter.forget()
    }

    /// Sends a command to the terminal that changes nothing on the screen: between two paintings, whole.
    package func send(_ command: String) {
        var bytes = Array(command.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// A theme as this terminal's colours can show it.
    package func fitted(_ theme: Theme) -> Theme {
        theme.fitted { painter.depth.number(of: $0) == painter.depth.number(of: $1) }
    }

    /// Whether clicks and the wheel come as keys. While they do, the terminal itself selects no text.
    package func takeMouse(_ on: Bool) { ct_mouse(on ? 1 : 0) }

    // MARK: Lending

    /// Gives the terminal to another program: normal screen, modes as they were at start.
    package func lend() {
        isLent = true
        ct_suspend()
        errors.restore()
        tcsetattr(0, TCSANOW, &modes)
    }

    /// Takes it back whatever the other program left: modes reset, typed-ahead keys forgotten.
    package func takeBack() {
        isLent = false
        errors.redirect()
        keys = KeyReader()
        ct_flush_input()
        ct_resume(1)
        painter.forget()
    }

    /// A line on the normal screen, while the terminal is lent; it stays in the scrollback.
    package func printWhileLent(_ line: String) {
        let text = line + "\n"
        _ = text.withCString { write(1, $0, strlen($0)) }
    }

    /// Echo and whole lines again, and an empty input: a child that was killed may have left it otherwise.
    package func restoreLineModeWhileLent() {
        tcsetattr(0, TCSANOW, &modes)
        tcflush(0, TCIFLUSH)
    }

    /// Reads what was typed on the normal screen.
    ///
    /// - Returns: the line; nil where it has not ended, and empty after ^D and where the input is closed.
    package func readLineWhileLent() -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(inputDescriptor, &bytes, bytes.count)
        // Nothing read is ^D too, which ends no terminal; the next reading of keys finds out about one that has gone.
        guard count > 0 else { return "" }
        // The terminal hands over whole lines.
        guard let end = bytes.prefix(count).firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) else {
            return nil
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// ^Z: the normal screen, then the process group stops; returns when it was continued.
    package func suspendProgram() {
        lend()
        csys_stop_self()
        takeBack()
    }

    /// The process was stopped and continued by others: the shell has had the terminal meanwhile.
    package func resume() {
        _ = csys_await_foreground()
        ct_resume(0)
        painter.forget()
    }

    /// Gives the terminal back for good, as it was.
    package func end() {
        guard !ended else { return }
        ended = true
        // Once more to the normal screen, and the cursor would go back to where it stood before ours: into what the
        // other program has written since.
        if !isLent { ct_close() }
        csys_on_crash(-1, "", nil)
        errors.restore()
        tcsetattr(0, TCSANOW, &modes)
    }

    private static func isClosed(_ descriptor: Int32) -> Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 0) > 0 else { return false }
        return Int32(state.revents) & Int32(POLLHUP | POLLNVAL | POLLERR) != 0
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Profiles
import Screen
import Synchronization

/// Asks on the terminal.
enum Prompt {
    /// One line, without blanks at its ends; nil where the input has ended.
    static func line(_ question: String) -> String? {
        csys_question_begins(2, nil, 1)
        defer { csys_question_ends() }
        Output.ask(DisplayText.sanitised(question))
        return readLine()?.trimmingBlanks()
    }

    /// Whether an answer is a yes; none is not.
    static func isYes(_ answer: String?) -> Bool { ["y", "yes"].contains(answer?.lowercased()) }

    /// Whether the program belongs to a terminal, whatever its input and output are (tty(4)).
    static var hasTerminal: Bool {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }

    /// Whether it is that terminal's job in the foreground: any other that asks is stopped by the system
    /// (tcsetpgrp(3)).
    static var isInForeground: Bool {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }

    /// What ^C does while somebody is asked.
    enum Interrupt {
        /// It ends the program at once.
        case ends
        /// The program hears it, as it does when nobody is asked.
        case isHeard
    }

    /// The code of an MFA device, not shown while it is typed, on the terminal that the program belongs to; Esc or ^D
    /// gives it up, and nobody is asked where there is none. The corresponding C function is `tcsetattr`.
    ///
    /// - Parameter ending: becomes readable when nobody wants to know any more.
    static func code(_ device: String, ending: Int32 = -1, _ interrupt: Interrupt = .ends) -> String? {
        one.withLock { _ in asked("MFA code for \(device): ", isHidden: true, ending: ending, interrupt) }
    }

    /// A password that a server wants, as it is typed; nil as for ``code(_:ending:_:)``.
    static func password(
        _ question: PasswordQuestion, ending: Int32, _ interrupt: Interrupt = .ends
    ) -> String? {
        one.withLock { _ in asked(question.prompt, isHidden: true, isWhole: true, ending: ending, interrupt) }
    }

    /// What a tunnel's program wants to know; nil where there is no terminal, nothing to answer, or Esc or ^D gives it up.
    ///
    /// - Parameter ending: becomes readable when nobody wants to know any more.
    static func answer(_ question: TunnelQuestion, ending: Int32, _ interrupt: Interrupt = .ends) -> String? {
        let words = question.prompt.split(whereSeparator: \.isNewline).map {
            DisplayText.sanitised(String($0))
        }
        for line in words.dropLast() { Output.remark(line) }
        let last = words.last ?? ""
        switch question.kind {
        case .notice:
            Output.remark(last)
            return nil
        case .secret, .visible:
            return one.withLock { _ in
                asked("\(last) ", isHidden: question.kind == .secret, ending: ending, interrupt)
            }
        }
    }

    /// One question at a time.
    private static let one = Mutex(())

    private static func asked(
        _ question: String, isHidden: Bool, isWhole: Bool = false, ending: Int32, _ interrupt: Interrupt
    ) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        // Taken back while another question stood.
        guard !isReadable(ending, within: .zero) else { return nil }
        var modes = termios()
        guard tcgetattr(terminal, &modes) == 0 else { return nil }
        var silent = modes
        csys_question_begins(terminal, &modes, 0)
        // Signals are keys for a moment: the terminal has its echo back before one of them ends the program.
        silent.c_lflag &= ~tcflag_t(ISIG | ICANON | ECHO)
        tcsetattr(terminal, TCSAFLUSH, &silent)
        Output.write(DisplayText.sanitised(question), to: terminal)
        let answer = typed(on: terminal, isShown: !isHidden, ending: ending)
        tcsetattr(terminal, TCSAFLUSH, &modes)
        Output.write("\n", to: terminal)
        csys_question_ends()
        guard case .interrupted = answer else {
            if case .line(let text) = answer { return isWhole ? text : text.trimmingBlanks() }
            return nil
        }
        // What ^C would have done without the question; the terminal is as it was by now.
        // By the code of an interrupt and not by its signal, as every other ^C ends a subcommand (design/cli.md).
        if interrupt == .ends { csys_end_interrupted() }
        kill(getpid(), SIGINT)
        // That takes the question back: no answer to it is not why something came to nothing.
        _ = isReadable(ending, within: .seconds(5))
        return nil
    }

    private static func isReadable(_ descriptor: Int32, within time: Duration) -> Bool {
        guard descriptor >= 0 else { return false }
        let end = ContinuousClock.now + time
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = (end - .now) / .milliseconds(1)
            let count = poll(&entry, 1, Int32(max(0, left.rounded(.up))))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// How long the rest of what a key sends may take, on a slow line too.
    private static let escapeDelay: Duration = .milliseconds(50)

    /// Takes what stands behind an Esc: `[` or `O` and all to the letter that ends it, else one character (ECMA-48, 5.4).
    private static func skipSequence(on terminal: Int32) {
        var byte: UInt8 = 0
        guard read(terminal, &byte, 1) == 1, byte == 0x5b || byte == 0x4f else { return }
        repeat {
            guard isReadable(terminal, within: escapeDelay), read(terminal, &byte, 1) == 1 else { return }
        } while !(0x40...0x7e).contains(byte)
    }

    private enum Answer {
        case line(String)
        case none
        case interrupted
    }

    private static func typed(on terminal: Int32, isShown: Bool, ending: Int32) -> Answer {
        var line = TypedLine()
        var byte: UInt8 = 0
        while true {
            var set = [
                pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
                pollfd(fd: ending, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&set, nfds_t(set.count), -1) > 0 else {
                if errno == EINTR { continue }
                return .none
            }
            guard set[1].revents == 0 else { return .none }
            guard read(terminal, &byte, 1) == 1 else { return .none }
            switch byte {
            case 0x0a, 0x0d: return .line(line.text)
            case 0x03: return .interrupted
            case 0x04: return .none
            case 0x1b:
                // The key itself comes alone; what another key sends is no part of an answer.
                guard isReadable(terminal, within: escapeDelay) else { return .none }
                skipSequence(on: terminal)
            default:
                let echo = line.take(byte)
                if isShown { Output.write(echo, to: terminal) }
            }
        }
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Workers

/// A program on a terminal of its own, driven by a test: keys go in, the screen comes out.
///
/// Nothing here sleeps: every wait is for a condition, with a deadline, and says on failure what was shown.
/// The program is killed when this goes away.
package final class PseudoTerminal {
    /// What the program has painted so far.
    package private(set) var screen: VirtualScreen
    /// Every byte that it wrote, in order.
    package private(set) var output: [UInt8] = []
    package let pid: pid_t
    /// Seconds after which a wait has failed; only a failure takes so long, and a loaded machine is no failure.
    package static let patience = 60.0
    private var master: Int32
    private var hasEnded = false
    private var ending: ProgramEnding?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: all that the program sees; nothing is inherited. See ``environment(_:)``.
    ///   - folder: where it starts; the test's own folder where nil.
    /// - Throws: ``PseudoTerminalFailure`` where no terminal could be had. A program that cannot be run ends
    ///   with 127.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = environment(),
        folder: String? = nil, columns: Int = 80, rows: Int = 24
    ) throws {
        screen = VirtualScreen(columns: columns, rows: rows)
        var child: pid_t = -1
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        master = withCStrings([program] + arguments) { argv in
            withCStrings(variables) { envp in
                csys_spawn_pty(program, argv, envp, folder, Int32(columns), Int32(rows), &child)
            }
        }
        pid = child
        guard master >= 0 else {
            throw PseudoTerminalFailure(what: "no pseudo-terminal: errno \(errno)", screen: screen)
        }
    }

    deinit {
        if ending == nil {
            kill(-pid, SIGKILL)
            kill(pid, SIGKILL)
        }
        close(master)
        if ending == nil { waitpid(pid, nil, 0) }
    }

    /// The environment of a plain session: a 256-colour xterm, UTF-8, the usual PATH; more laid over it.
    package static func environment(_ more: [String: String] = [:]) -> [String: String] {
        let plain = [
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/nonexistent",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        ]
        // What the sanitizer is told holds for the programs that are started too.
        let sanitizer = getenv("ASAN_OPTIONS").map { ["ASAN_OPTIONS": String(cString: $0)] } ?? [:]
        return plain.merging(sanitizer) { $1 }.merging(more) { $1 }
    }

    // MARK: Keys

    /// Sends bytes as they are.
    package func send(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        while !bytes.isEmpty {
            // Reading goes on meanwhile: a program that blocks on its output takes no input.
            let events = wait(for: Int16(POLLIN | POLLOUT), until: deadline)
            guard events != 0, !hasEnded else { throw failure("the program takes no input") }
            if Int32(events) & POLLOUT != 0 {
                let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
                if count > 0 { bytes = bytes.dropFirst(count) }
            }
            if Int32(events) & (POLLIN | POLLHUP) != 0 { pump() }
        }
    }

    /// Presses keys one after the other.
    package func press(_ keys: TerminalKey...) throws {
        for key in keys { try send(key.bytes(applicationCursor: screen.modes.contains(1))) }
    }

    /// Pastes as a terminal does: in brackets where the program asked for them.
    package func paste(_ text: String) throws {
        let bracketed = screen.modes.contains(2004)
        try send(bracketed ? "\u{1b}[200~\(text)\u{1b}[201~" : text)
    }

    // MARK: Waiting

    /// Waits until the screen is as wanted and the frame that made it so is whole.
    ///
    /// - Parameter what: named in the failure.
    package func waitUntil(
        _ what: String, seconds: Double = patience, _ condition: (VirtualScreen) throws -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition(screen) {
            guard !hasEnded else { throw failure("the program ended before: \(what)") }
            guard wait(for: Int16(POLLIN), until: deadline) != 0 else {
                throw failure("not within \(seconds) s: \(what)")
            }
            pump()
        }
        finishFrame()
    }

    /// Reads on while the program is at work and its bytes are on their way: a text may be read while the rest
    /// of its frame is still in the terminal's buffers.
    private func finishFrame() {
        let deadline = ContinuousClock.now + .seconds(1)
        while !hasEnded, ContinuousClock.now < deadline {
            if wait(for: Int16(POLLIN), until: ContinuousClock.now + .milliseconds(15)) != 0 {
                pump()
            } else if !isRunning {
                return
            }
        }
    }

    /// Whether the program's first thread, which paints, has work to do; false where the system does not tell.
    private var isRunning: Bool {
        let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(file, &bytes, bytes.count)
        guard count > 0, let name = bytes.prefix(count).lastIndex(of: UInt8(ascii: ")")), name + 2 < count
        else { return false }
        // proc(5): the state is the field after the name in brackets.
        return [UInt8(ascii: "R"), UInt8(ascii: "D")].contains(bytes[name + 2])
    }

    /// Waits until something outside the terminal holds.
    package func waitUntilTrue(_ what: String, seconds: Double = patience, _ holds: () -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !holds() {
            guard ContinuousClock.now < deadline else { throw failure("not within \(seconds) s: \(what)") }
            poll(nil, 0, 5)
        }
    }

    /// Waits until some row holds a text.
    package func waitFor(_ text: String, seconds: Double = patience) throws {
        try waitUntil("\"\(text)\" is shown", seconds: seconds) { $0.contains(text) }
    }

    /// Waits until so many milliseconds have passed without a byte: for what must not happen.
    package func waitForSilence(milliseconds: Int = 200, seconds: Double = patience) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !hasEnded {
            guard ContinuousClock.now < deadline else { throw failure("it never fell silent") }
            if wait(for: Int16(POLLIN), until: ContinuousClock.now + .milliseconds(milliseconds)) == 0 {
                return
            }
            pump()
        }
    }

    /// Waits until the program has ended and all it wrote is read.
    package func ending(seconds: Double = patience) throws -> ProgramEnding {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if ending == nil { ending = reap() }
            if let ending, hasEnded { return ending }
            guard ContinuousClock.now < deadline else { throw failure("it did not end") }
            if hasEnded {
                // The last descriptor is closed a moment before the process can be waited for.
                poll(nil, 0, 2)
            } else if wait(for: Int16(POLLIN), until: min(deadline, ContinuousClock.now + .milliseconds(50)))
                != 0
            {
                pump()
            }
        }
    }

    // MARK: The terminal

    package func resize(columns: Int, rows: Int) {
        // First ours: what the program paints in answer has the new size.
        pump()
        screen.resize(columns: columns, rows: rows)
        csys_resize_pty(master, Int32(columns), Int32(rows))
    }

    /// Sends a signal to the program that was started.
    package func signal(_ number: Int32) { kill(pid, number) }

    /// Closes the terminal, as when its window is closed: the program gets HUP.
    package func hangUp() {
        pump()
        close(master)
        master = open("/dev/null", O_RDWR | O_CLOEXEC)
        hasEnded = true
    }

    /// The process group that has the terminal's foreground; -1 where there is none.
    package var foregroundGroup: pid_t { tcgetpgrp(master) }

    /// The terminal's modes as they are now: raw or line by line, echo or none.
    package var modes: termios {
        var modes = termios()
        tcgetattr(master, &modes)
        return modes
    }

    /// Whether the terminal hands over whole lines and echoes them: as a shell's user expects it.
    package var isInLineMode: Bool {
        let flags = modes.c_lflag
        return flags & tcflag_t(ICANON) != 0 && flags & tcflag_t(ECHO) != 0 && flags & tcflag_t(ISIG) != 0
    }

    private func reap() -> ProgramEnding? {
        var code: Int32 = 0
        switch csys_reap(pid, &code) {
        case CSYS_EXITED: return .exited(code)
        case CSYS_SIGNALLED: return .killed(signal: code)
        default: return nil
        }
    }

    private func failure(_ what: String) -> PseudoTerminalFailure {
        PseudoTerminalFailure(what: what, screen: screen)
    }

    /// The events that came before the deadline; 0 where none did.
    private func wait(for events: Int16, until deadline: ContinuousClock.Instant) -> Int16 {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return 0 }
            let milliseconds = left / .milliseconds(1)
            var state = pollfd(fd: master, events: events, revents: 0)
            if poll(&state, 1, Int32(min(60_000, milliseconds.rounded(.up)))) > 0 { return state.revents }
        }
    }

    /// Reads all that waits.
    private func pump() {
        var bytes = [UInt8](repeating: 0, count: 65536)
        while !hasEnded {
            let count = read(master, &bytes, bytes.count)
            if count > 0 {
                output += bytes.prefix(count)
                screen.feed(bytes.prefix(count))
            } else if count < 0, errno == EINTR {
                continue
            } else {
                // EIO: the last program has closed the terminal.
                hasEnded = count == 0 || errno != EAGAIN
                return
            }
        }
    }
}

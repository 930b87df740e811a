#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Operations
import Screen
import Synchronization

/// stdout and stderr. What goes to a terminal is made fit for one.
enum Output {
    static var isTerminal: Bool { isatty(1) == 1 }

    /// Whether the terminal behind stderr is this job's. The corresponding C function is `tcgetpgrp`.
    static var isInForeground: Bool { tcgetpgrp(2) == getpgrp() }

    /// Whether another program reads stdout.
    static var isPipe: Bool {
        var status = stat()
        return fstat(1, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    static var errorsAreTerminal: Bool { isatty(2) == 1 }

    /// How wide the terminal behind stderr is; ``standardColumns`` where it does not say.
    static var columns: Int { columns(of: 2) ?? standardColumns }

    /// How wide a terminal is that does not say.
    static let standardColumns = 80

    /// How wide the terminal behind a descriptor is; nil where it does not say, or is none.
    static func columns(of descriptor: Int32) -> Int? {
        var (columns, rows): (Int32, Int32) = (0, 0)
        return csys_terminal_size(descriptor, &columns, &rows) == 0 && columns > 0 ? Int(columns) : nil
    }

    /// Whether somebody can be asked: stdin and stderr are a terminal.
    static var canAsk: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// - Returns: false where the reader has gone.
    @discardableResult
    static func print(_ text: String) -> Bool {
        write(isTerminal ? visible(text) : text, ending: text.hasSuffix("\n") ? "" : "\n", to: 1)
    }

    /// A secret, as it is.
    static func reveal(_ text: String) { write(text, ending: "\n", to: 1) }

    /// One line on stderr.
    static func complain(_ line: String) {
        write("pgfob: " + DisplayText.sanitised(line), ending: "\n", to: 2)
    }

    /// Why a verb was refused; with --verbose also the cause's code.
    static func complain(_ refusal: Refusal) {
        complain(refusal.line)
        guard Session.isVerbose else { return }
        if let cause = refusal.cause { complain("cause: \(cause.rawValue)") }
        for detail in refusal.details { complain("  \(detail)") }
    }

    /// A line on stderr for people: progress, the banner around psql.
    static func remark(_ line: String) { write(DisplayText.sanitised(line), ending: "\n", to: 2) }

    /// One line on stderr for what was done all the same.
    static func warn(_ line: String) { remark("pgfob: warning: \(line)") }

    /// A question on stderr; the answer is typed on the same line.
    static func ask(_ question: String) { write(question, ending: "", to: 2) }

    static func flush() { fflush(nil) }

    /// A reader that went away is no error to tell: the next write says so.
    static func ignoreClosedPipe() { signal(SIGPIPE, SIG_IGN) }

    static func exit(_ code: Int32) -> Never { endProcess(code) }

    private static func visible(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map {
            DisplayText.sanitised(String($0))
        }
        .joined(separator: "\n")
    }

    /// Whole lines on stdout, from any thread; false where nobody reads any more.
    static func pass(_ lines: String) -> Bool { write(isTerminal ? visible(lines) : lines, to: 1) }

    /// Whether stdout could not take something, and its reader has not merely gone.
    static var hasFailed: Bool { failed.load(ordering: .relaxed) }

    /// Whether nobody reads stdout any more, or it takes no more.
    static var isOver: Bool { over.load(ordering: .acquiring) }

    private static let failed = Atomic(false)
    private static let over = Atomic(false)

    /// A reader that has gone wants no more, and there is nobody left to tell. Anything else is said, once.
    private static func tellFailure(_ code: Int32) {
        guard code != EPIPE, !failed.exchange(true, ordering: .relaxed) else { return }
        complain(
            "stdout cannot be written (\(String(cString: strerror(code)))): make room, or send it elsewhere")
    }

    private static func waitForRoom(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, -1) >= 0 || errno == EINTR
    }

    /// All of a text on a descriptor, as it is.
    ///
    /// - Returns: false where the reader has gone, or nothing more can be written.
    @discardableResult
    static func write(_ text: String, ending: String = "", to descriptor: Int32) -> Bool {
        var text = text
        if !ending.isEmpty { text += ending }
        // A value may be large: its bytes are written from where they are.
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// The same for bytes that need not be a text yet.
    @discardableResult
    static func write(_ whole: [UInt8], to descriptor: Int32) -> Bool {
        whole.withUnsafeBytes { write($0, to: descriptor) }
    }

    private static func write(_ whole: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var bytes = whole
        // No line of a result is torn by an interrupt.
        if descriptor == 1 { csys_text_begins() }
        defer { if descriptor == 1 { csys_text_ends() } }
        while !bytes.isEmpty {
            let count = writeBytes(descriptor, bytes.baseAddress, bytes.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN, waitForRoom(descriptor) { continue }
            if count <= 0 {
                if descriptor == 1 {
                    tellFailure(errno)
                    over.store(true, ordering: .releasing)
                }
                return false
            }
            bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count))
        }
        return true
    }
}

/// The C library's functions, apart from the methods of their names.
private func endProcess(_ code: Int32) -> Never { exit(code) }
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

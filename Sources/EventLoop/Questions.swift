#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Operations
import Profiles
import Synchronization
import Workers

/// Questions that workers have for the user: a worker asks and blocks, the screen answers.
final class Questions: Sendable {
    /// One question under way.
    private final class Open: Sendable {
        let answer = Mutex<String?>(nil)
        /// Readable once there is an answer, or none will come.
        let reader: Int32
        let writer: Int32

        init?() {
            var ends: [Int32] = [-1, -1]
            guard csys_pipe(&ends) == 0 else { return nil }
            (reader, writer) = (ends[0], ends[1])
        }

        deinit {
            close(reader)
            close(writer)
        }
    }

    private struct State {
        var open: [RequestID: Open] = [:]
        /// Below the model's own numbers, which begin at 1.
        var last = 0
    }

    private let state = Mutex(State())
    private let mailbox: Mailbox

    init(mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    /// Asks for the code of an MFA device and blocks until there is an answer or the work is cancelled.
    func code(_ device: String, _ cancellation: Cancellation) -> String? {
        ask(cancellation) { .codeAsked($0, device: device) }
    }

    /// Asks what a tunnel's program wants to know.
    func tunnel(_ question: TunnelQuestion, _ cancellation: Cancellation) -> String? {
        ask(cancellation) { .tunnelAsked($0, question) }
    }

    /// Asks for a password that a server wants.
    func password(_ question: PasswordQuestion, _ cancellation: Cancellation) -> String? {
        ask(cancellation) { .passwordAsked($0, question) }
    }

    private func ask(_ cancellation: Cancellation, _ message: (RequestID) -> App.Message) -> String? {
        guard let question = Open() else { return nil }
        let id = state.withLock { state in
            state.last -= 1
            let id = RequestID(state.last)
            state.open[id] = question
            return id
        }
        mailbox.post(message(id))
        while !cancellation.isCancelled {
            let ready = Poll.wait([question.reader, cancellation.descriptor], until: nil)
            if ready.contains(question.reader) { break }
        }
        if state.withLock({ $0.open.removeValue(forKey: id) }) != nil { mailbox.post(.codeNotAsked(id)) }
        return question.answer.withLock { $0 }
    }

    /// The user's answer; nil where there is none.
    func answer(_ id: RequestID, _ text: String?) {
        guard let question = state.withLock({ $0.open.removeValue(forKey: id) }) else { return }
        question.answer.withLock { $0 = text }
        var byte: UInt8 = 1
        _ = write(question.writer, &byte, 1)
    }
}

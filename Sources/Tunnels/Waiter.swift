#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Synchronization
import Workers

/// Somebody who waits for a tunnel to open. As long as they wait, and no longer, they may be asked what its program wants
/// to know: a question that came later would come over whatever its user does then, such as psql.
final class Waiter: Sendable {
    private struct State {
        var hasLeft = false
        var questions: [Cancellation] = []
    }

    /// How often it is looked where the process has no descriptor left.
    private static let rhythm: Duration = .milliseconds(5)

    private let ends = Descriptors.pipe()
    private let ask: Askpass.Ask?
    private let state = Mutex(State())

    /// - Parameter ask: nil where there is nobody to ask.
    init(_ ask: Askpass.Ask?) {
        self.ask = ask
    }

    deinit {
        Descriptors.close(ends?.reader ?? -1)
        Descriptors.close(ends?.writer ?? -1)
    }

    /// A tunnel's state may be another one, or the user is asked something, or not any more.
    func tell() { if let ends { Descriptors.writeByte(ends.writer) } }

    /// Blocks until there may be something new, or the wait's deadline.
    ///
    /// - Returns: false where the wait was cancelled.
    func nap(_ wait: Wait) -> Bool {
        guard let ends else {
            let step = Wait(
                deadline: min(wait.deadline, .now + Self.rhythm), cancellation: wait.cancellation)
            return step.passes()
        }
        defer { _ = Descriptors.drain(ends.reader) }
        return wait.until(ends.reader, events: POLLIN) != .cancelled
    }

    var canAnswer: Bool { ask != nil && !hasLeft }
    var hasLeft: Bool { state.withLock { $0.hasLeft } }

    /// Asks and blocks until there is an answer; nil where there is none, or the waiting has ended.
    func answer(_ question: TunnelQuestion, _ cancellation: Cancellation) -> String? {
        let isHere = state.withLock { state in
            if !state.hasLeft { state.questions.append(cancellation) }
            return !state.hasLeft
        }
        guard isHere, let ask else { return nil }
        defer { state.withLock { $0.questions.removeAll { $0 === cancellation } } }
        return ask(question, cancellation)
    }

    /// The waiting has ended: what is still asked is taken back.
    func leave() {
        let questions = state.withLock { state in
            state.hasLeft = true
            return state.questions
        }
        for question in questions { question.cancel() }
    }
}

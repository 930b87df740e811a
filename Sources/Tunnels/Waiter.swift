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

    private let ask: Askpass.Ask?
    private let state = Mutex(State())

    /// - Parameter ask: nil where there is nobody to ask.
    init(_ ask: Askpass.Ask?) {
        self.ask = ask
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

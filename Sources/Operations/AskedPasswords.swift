import Profiles
import Secrets
import Synchronization
import Workers

/// Passwords that the user has typed: in memory alone, until the run ends or a server refuses one
/// (design/decisions.md, "Profiles").
package final class AskedPasswords: Sendable {
    /// Who asks, and blocks until there is an answer; nil where the user gives none.
    package typealias Ask = @Sendable (PasswordQuestion, Cancellation) -> String?

    private enum Entry {
        case known(Secret)
        /// Somebody asks, and others wait for the answer.
        case asked([Gate])
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// What was typed for it before.
    func known(_ question: PasswordQuestion) -> Secret? {
        entries.withLock { if case .known(let password) = $0[question.place] { password } else { nil } }
    }

    /// The password, which is asked for where nobody has yet: of those who want it at once the first one asks.
    func password(
        _ question: PasswordQuestion, _ cancellation: Cancellation, _ ask: Ask
    ) -> Secret? {
        guard let gate = Gate() else { return nil }
        let (known, isFirst): (Secret?, Bool) = entries.withLock { entries in
            switch entries[question.place] {
            case .known(let password): return (password, false)
            case .asked(let gates):
                entries[question.place] = .asked(gates + [gate])
                return (nil, false)
            case nil:
                entries[question.place] = .asked([])
                return (nil, true)
            }
        }
        if let known { return known }
        guard isFirst else {
            _ = gate.wait(Wait(deadline: .now + .seconds(86_400), cancellation: cancellation))
            return self.known(question)
        }
        let answer = ask(question, cancellation).flatMap { $0.isEmpty ? nil : Secret($0) }
        let waiting: [Gate] = entries.withLock { entries in
            defer { entries[question.place] = answer.map(Entry.known) }
            if case .asked(let gates) = entries[question.place] { return gates }
            return []
        }
        for gate in waiting { gate.open() }
        return answer
    }

    /// Its server would not have that one: the next time it is asked for.
    func forget(_ password: Secret, _ question: PasswordQuestion) {
        entries.withLock { entries in
            if case .known(password) = entries[question.place] { entries[question.place] = nil }
        }
    }
}

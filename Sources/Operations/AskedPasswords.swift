import Postgres
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

    private let entries = Mutex<[PasswordQuestion.Place: Entry]>([:])

    package init() {}

    /// Logs in. Where the profile wants a password, by the one that was typed for it before; and once more, where the server
    /// asks for one, by what its user types now. One that the server would not have is forgotten.
    ///
    /// - Parameters:
    ///   - profile: as it is followed to its endpoint.
    ///   - ask: nil where nobody can be asked.
    ///   - pauses: gets what the answer takes, whoever is asked.
    ///   - fault: what an attempt has found wrong with its password.
    ///   - attempt: nil is for libpq to find one, or to need none.
    /// - Returns: what the last attempt came to.
    func logIn<Outcome>(
        _ profile: Profile, _ cancellation: Cancellation, _ ask: Ask?, _ pauses: Pauses = Pauses(),
        fault: (Outcome) -> PasswordFault?, by attempt: (Secret?) -> Outcome
    ) -> Outcome {
        guard profile.auth == .password else { return attempt(nil) }
        let question = PasswordQuestion(profile)
        var password = known(question)
        var outcome = attempt(password)
        if password == nil, fault(outcome) == .missing, let ask {
            password = pauses.during { self.password(question, cancellation, ask) }
            if password != nil { outcome = attempt(password) }
        }
        if let password, fault(outcome) == .refused { forget(password, question) }
        return outcome
    }

    /// What was typed for it before.
    private func known(_ question: PasswordQuestion) -> Secret? {
        entries.withLock { if case .known(let password) = $0[question.place] { password } else { nil } }
    }

    /// The password, which is asked for where nobody has yet: of those who want it at once the first one asks.
    private func password(
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
            _ = gate.wait(Wait(until: cancellation))
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
    private func forget(_ password: Secret, _ question: PasswordQuestion) {
        entries.withLock { entries in
            if case .known(password) = entries[question.place] { entries[question.place] = nil }
        }
    }
}

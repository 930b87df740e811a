/// A column of an answer.
package struct StatementColumn: Sendable, Hashable {
    /// As the server names it, unsanitised.
    package var name: String
    /// The type's number in `pg_type`.
    package var type: UInt32

    package init(name: String, type: UInt32) {
        self.name = name
        self.type = type
    }
}

/// What comes back from statements, in order.
package enum StatementEvent: Sendable, Hashable {
    /// An answer with rows begins.
    case columns([StatementColumn])
    /// A row as the server sent it, unsanitised; nil is NULL.
    case row([String?])
    /// A statement is done; what it did, as `SELECT 3`.
    case done(String)
    /// What the server remarks beside its answers, on one line, sanitised: `WARNING:  skipping "pg_class" …`.
    case notice(String)
    /// The server has sent no more for now.
    case waiting
}

/// What statements came to.
package enum StatementOutcome: Sendable, Hashable {
    case ok
    /// What libpq or the server said, sanitised.
    case failed(LibpqMessage)
    /// Stopped on the server too, as far as it could still be reached.
    case cancelled

    /// What was wrong with the password, where it failed for that.
    package var passwordFault: PasswordFault? {
        if case .failed(let message) = self { message.passwordFault } else { nil }
    }
}

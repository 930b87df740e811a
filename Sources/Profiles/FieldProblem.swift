/// What is wrong with one field: what was found, what was expected and what to do, in one line.
package struct FieldProblem: Error, Sendable, Hashable {
    package enum Severity: Sendable, Hashable {
        /// The profile cannot be saved so.
        case error
        /// Worth knowing, saved all the same.
        case note
    }

    package var field: ProfileField
    package var message: String
    package var severity: Severity

    package init(_ field: ProfileField, _ message: String, severity: Severity = .error) {
        self.field = field
        self.message = message
        self.severity = severity
    }

    /// The problem with what was typed into the field itself. Elsewhere a text that cannot be read may be a piece of a
    /// password, and is not repeated.
    package func repeating(_ typed: String) -> FieldProblem {
        guard message.hasPrefix("is not ") else { return self }
        return FieldProblem(field, "\"\(DialAddress.shown(typed))\" \(message)", severity: severity)
    }
}

import Profiles

/// One thing that pgfob stands on, looked at.
package struct DoctorCheck: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        case ok
        /// Something of pgfob does not work without it.
        case warning
        /// pgfob does not work so.
        case error
    }

    package var name: String
    package var outcome: Outcome
    /// What was found.
    package var detail: String
    /// What to do; nil where all is well.
    package var fix: String?

    package init(_ name: String, _ outcome: Outcome, _ detail: String, fix: String? = nil) {
        self.name = name
        self.outcome = outcome
        self.detail = detail
        self.fix = fix
    }

    /// One line: `warning  aws   not found: ...`.
    package var line: String {
        func padded(_ text: String, _ columns: Int) -> String {
            text + String(repeating: " ", count: max(1, columns - text.count))
        }
        return padded(outcome.rawValue, 9) + padded(name, 13) + detail + (fix.map { ": \($0)" } ?? "")
    }

    package var json: JSONText {
        .object([
            .init("check", .string(name)), .init("outcome", .string(outcome.rawValue)),
            .init("detail", .string(detail)), .init("fix", .optional(fix)),
        ])
    }
}

/// A setting of the server that a session starts with.
package struct ServerSetting: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// The read-only guard: transactions start read-only. Whoever is logged in can change it, so that it protects
    /// from mistakes and not from intent.
    package static let readOnly = ServerSetting("default_transaction_read_only", "on")

    /// For libpq's `options`: `-c name=value`, blanks and backslashes escaped (PostgreSQL documentation,
    /// "Parameter Key Words", `options`).
    package var startupOption: String {
        var text = "-c \(name)="
        for scalar in value.unicodeScalars {
            if scalar == " " || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// For endpoints that refuse startup options: `SET name = 'value'`.
    package var statement: String {
        "SET \(name) = '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}

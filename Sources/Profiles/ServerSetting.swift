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

    /// Whether the guard holds now: `on`, for the transaction that is open or that the question itself is.
    static let transactionState = "transaction_read_only"
    static let transactionQuestion = "SHOW \(transactionState)"

    /// For endpoints that refuse startup options: `SET name = 'value'`, in ASCII, so that it says the same in every client
    /// encoding (PostgreSQL documentation, "String Constants With C-Style Escapes").
    package var statement: String {
        let isPlain = value.unicodeScalars.allSatisfy { $0.isASCII && $0 != "\\" }
        var text = "SET \(name) = \(isPlain ? "'" : "E'")"
        for scalar in value.unicodeScalars {
            switch scalar {
            case "'", "\\": text += "\(scalar)\(scalar)"
            case _ where scalar.isASCII: text.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                text += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return text + "'"
    }
}

import Secrets

/// Lines of a libpq password file (PostgreSQL documentation, "The Password File").
package enum PasswordFile {
    /// `host:port:database:user:password`, with `\` and `:` escaped in every field; `*` stays a wildcard.
    package static func line(host: String, port: String, database: String, user: String, secret: Secret)
        -> Secret
    {
        let fields = [host, port, database, user].map { $0 == "*" ? $0 : escaped($0) }
        return Secret((fields + [escaped(secret.reveal())]).joined(separator: ":") + "\n")
    }

    /// Begins a comment that says when the line's token ends, in seconds since 1970; libpq passes it over.
    package static let lifeMark = "# until "

    /// The line followed by empty comment lines up to a size, so that one write replaces a longer one whole.
    ///
    /// - Returns: nil where the line does not fit.
    package static func padded(_ line: Secret, to size: Int) -> Secret? {
        let text = line.reveal()
        let left = size - text.utf8.count
        guard left >= 0 else { return nil }
        return Secret(text + String(repeating: "\n", count: left))
    }

    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == ":" { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}

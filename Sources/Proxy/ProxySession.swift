/// One client's session, as whoever keeps a record may know it: nothing that was asked and no secret.
package struct ProxySession: Sendable, Hashable {
    /// What became of one.
    package enum Event: Sendable {
        case began(ProxySession)
        /// It is over, after so long.
        case ended(ProxySession, Duration, by: Party)
    }

    /// Who may end one.
    package enum Party: Sendable, Hashable {
        case client
        /// It closed the connection, or was lost.
        case server
        case proxy
    }

    /// Which one of its proxy's.
    package var number: UInt64
    /// What the client calls itself; empty where it says nothing.
    package var application: String
    /// The database that it is in.
    package var database: String
    /// The role that it starts with; nil where it is its user's own.
    package var role: String?

    /// - Parameter parameters: what the server was told at the start.
    init(number: UInt64, client: [StartupPacket.Parameter], told parameters: [StartupPacket.Parameter]) {
        func value(_ name: String, _ among: [StartupPacket.Parameter]) -> String? {
            among.last { $0.name.lowercased() == name && !$0.value.isEmpty }?.value
        }
        self.number = number
        application = value("application_name", client) ?? ""
        // A server takes the user's name for the database of who names none.
        database = value("database", parameters) ?? value("user", parameters) ?? ""
        // Settings of their own stand over those of the options.
        role = value("role", parameters) ?? Self.role(inOptions: value("options", parameters) ?? "")
        if role?.lowercased() == "none" { role = nil }
    }

    /// The last one of `-c role=NAME` and `--role=NAME` (PostgreSQL documentation, "postgres", OPTIONS).
    private static func role(inOptions text: String) -> String? {
        var role: String?
        var words = Self.words(text)[...]
        while let word = words.popFirst() {
            var setting = Substring(word)
            if word == "-c" {
                guard let next = words.popFirst() else { break }
                setting = Substring(next)
            } else if word.hasPrefix("-c") || word.hasPrefix("--") {
                setting = word.dropFirst(2)
            } else {
                continue
            }
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0].lowercased() == "role" { role = String(parts[1]) }
        }
        return role
    }

    /// What blanks separate; a backslash takes the meaning off what follows it.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if scalar.properties.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                let taken = scalar == "\\" ? scalars.popFirst() ?? scalar : scalar
                word = (word ?? "") + String(Character(taken))
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}

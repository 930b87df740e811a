import Profiles

/// The `[alias_dsn]` section of pgcli's configuration (pgcli documentation, "DSN Aliases").
package enum PgcliAliases {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        var section = ""
        var (commands, found) = (false, false)
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmingBlanks()
            guard !line.isEmpty, !line.hasPrefix("#"), !line.hasPrefix(";") else { continue }
            if line.hasPrefix("["), let end = line.lastIndex(of: "]") {
                section = line[..<end].drop { $0 == "[" }.trimmingBlanks()
                found = found || section == "alias_dsn"
                continue
            }
            commands = commands || section.hasPrefix("alias_dsn.")
            guard section == "alias_dsn" else { continue }
            guard let (name, value) = assignment(line) else {
                reading.problems.append("line \(index + 1): is not NAME = URI")
                continue
            }
            var entry = ForeignEntry(place: "line \(index + 1)", name: name)
            switch PastedText.read(value) {
            case .conninfo(let text): entry.conninfo = text
            case .token(let fields):
                entry.take(token: fields)
            case .endpoint(let host, let port):
                entry.settings["host"] = host
                entry.settings["port"] = port.map(String.init)
            case .unrecognised:
                reading.problems.append("line \(index + 1): is no URI that libpq reads")
                continue
            }
            reading.entries.append(entry)
        }
        if commands {
            reading.notes.append("the commands that pgcli runs at the start of a session are left out")
        }
        if !found { reading.problems.append("there is no section [alias_dsn] in it") }
        return reading
    }

    /// `name = value  # comment`, either of them in quotes (ConfigObj's documentation, "The Config File Format").
    private static func assignment(_ line: String) -> (name: String, value: String)? {
        var rest = line[...]
        let name = word(&rest, until: "=")
        guard rest.popFirst() == "=" else { return nil }
        rest = rest.drop { $0.isWhitespace }
        let value = word(&rest, until: "#")
        // Behind the closing quote only a comment may stand.
        guard rest.isEmpty || rest.hasPrefix("#") else { return nil }
        return (name, value)
    }

    /// What stands in quotes, else what stands before a character; the blanks around it are taken, too.
    private static func word(_ rest: inout Substring, until end: Character) -> String {
        if let quote = rest.first, quote == "'" || quote == "\"",
            let close = rest.dropFirst().firstIndex(of: quote)
        {
            let word = rest[rest.index(after: rest.startIndex)..<close]
            rest = rest[rest.index(after: close)...].drop { $0.isWhitespace }
            return String(word)
        }
        let word = rest.prefix { $0 != end }
        rest = rest[word.endIndex...]
        return word.trimmingBlanks()
    }
}

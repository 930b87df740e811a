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
            guard let equals = line.firstIndex(of: "=") else {
                reading.problems.append("line \(index + 1): is not NAME = URI")
                continue
            }
            var entry = ForeignEntry(place: "line \(index + 1)", name: unquoted(line[..<equals]))
            let value = unquoted(line[line.index(after: equals)...])
            switch PastedText.read(value) {
            case .conninfo(let text): entry.conninfo = text
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

    private static func unquoted(_ text: some StringProtocol) -> String {
        let text = text.trimmingBlanks()
        for quote in ["'", "\""] where text.count > 1 && text.hasPrefix(quote) && text.hasSuffix(quote) {
            return String(text.dropFirst().dropLast())
        }
        return text
    }
}

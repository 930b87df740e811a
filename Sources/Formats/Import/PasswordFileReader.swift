import Profiles

/// libpq's password file (PostgreSQL documentation, "The Password File"): where to connect and as whom. The passwords
/// stay where they are.
package enum PasswordFileReader {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        var seen: Set<[String]> = []
        var (wild, count) = (0, 0)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "line \(index + 1)"
            guard !line.isEmpty, !line.hasPrefix("#"), !line.trimmingBlanks().isEmpty else { continue }
            let fields = split(line)
            guard fields.count >= 5 else {
                reading.problems.append(
                    "\(place): has \(fields.count) of the 5 fields host:port:database:user:password")
                continue
            }
            count += 1
            guard fields[0] != "*" else {
                wild += 1
                continue
            }
            guard seen.insert(Array(fields.prefix(4))).inserted else { continue }
            var entry = ForeignEntry(place: place)
            entry.auth = .pgpass
            if line.first?.isWhitespace == true {
                entry.remarks.append("libpq will never match \(place): it begins with a blank")
            }
            for (keyword, value) in zip(["host", "port", "dbname", "user"], fields)
            where value != "*" && !value.isEmpty {
                entry.settings[keyword] = value.trimmingBlanks()
            }
            reading.entries.append(entry)
        }
        if wild > 0 {
            reading.notes.append(
                "\(wild) line\(wild == 1 ? "" : "s") for every host left out: no host is named")
        }
        if count > 0 {
            reading.notes.append("passwords dropped: pgfob stores no secret, libpq reads ~/.pgpass")
        }
        return reading
    }

    /// At colons that no backslash stands before; the fifth field and what follows it are the password's.
    private static func split(_ line: Substring) -> [String] {
        var fields = [""]
        var isEscaped = false
        for character in line {
            if isEscaped {
                fields[fields.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == ":", fields.count < 5 {
                fields.append("")
            } else if fields.count < 5 {
                fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}

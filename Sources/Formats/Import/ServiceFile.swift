import Profiles

/// `pg_service.conf` (PostgreSQL documentation, "The Connection Service File"), read more tolerantly than libpq does,
/// with a word on what libpq will refuse (facts/libpq.md 3.5).
package enum ServiceFile {
    private static let markStart = "# pgfob ["

    /// The line that begins a profile which is itself a section of the user's own file: a comment for libpq.
    static func mark(_ name: String) -> String { "\(markStart)\(name)]" }

    package static func read(_ text: String, knownKeywords: Set<String>) -> ForeignReading {
        var reading = ForeignReading()
        var entry: ForeignEntry?
        var names: Set<String> = []
        func finish() {
            guard let finished = entry else { return }
            if finished.settings.isEmpty, finished.fields.isEmpty {
                reading.notes.append("\(finished.place): the service is empty, and left out")
                reading.notes += finished.remarks
            } else {
                reading.entries.append(finished)
            }
        }
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let (line, place) = (raw.trimmingBlanks(), "line \(index + 1)")
            if let fields = ExtraFields.read(line) {
                if entry != nil { ExtraFields.add(fields, to: &entry!.fields) }
            } else if line.hasPrefix(markStart), line.hasSuffix("]") {
                finish()
                entry = ForeignEntry(place: place, name: String(line.dropFirst(markStart.count).dropLast()))
            } else if line.isEmpty || line.hasPrefix("#") {
                continue
            } else if line.hasPrefix("[") {
                finish()
                entry = nil
                guard line.hasSuffix("]"), line.count > 2 else {
                    reading.problems.append("\(place): a service begins as [NAME]")
                    continue
                }
                let name = String(line.dropFirst().dropLast())
                guard names.insert(name).inserted else {
                    reading.notes.append(
                        "\(place): a second service \(DialAddress.shown(name)): libpq takes the first, and so does pgfob"
                    )
                    continue
                }
                entry = ForeignEntry(place: place, name: name)
            } else if entry != nil {
                take(line, raw, place, &entry!, knownKeywords, &reading)
            } else if names.isEmpty {
                reading.problems.append("\(place): stands before any [NAME] of a service")
            }
        }
        finish()
        // Only the user's own file has the settings of a service that names no host.
        for index in reading.entries.indices where reading.entries[index].settings["host"] == nil {
            guard reading.entries[index].settings["hostaddr"] == nil else { continue }
            reading.entries[index].settings["service"] = reading.entries[index].name
            reading.entries[index].auth = .service
        }
        return reading
    }

    private static func take(
        _ line: String, _ raw: Substring, _ place: String, _ entry: inout ForeignEntry,
        _ knownKeywords: Set<String>, _ reading: inout ForeignReading
    ) {
        func refused(_ why: String) { entry.remarks.append("libpq will refuse \(place): \(why)") }
        // libpq looks such a line up before it looks for a `=` (PostgreSQL documentation, "LDAP Lookup").
        guard !line.hasPrefix("ldap") else {
            entry.remarks.append("\(place): what LDAP says is left to libpq, which looks it up")
            (entry.settings["service"], entry.auth) = (entry.name, .service)
            return
        }
        guard let equals = line.firstIndex(of: "=") else {
            reading.problems.append("\(place): neither KEYWORD=VALUE nor [NAME]")
            return
        }
        let (left, right) = (line[..<equals], line[line.index(after: equals)...])
        let keyword = left.trimmingBlanks()
        var value = right.trimmingBlanks()
        if left.last?.isWhitespace == true { refused("a blank stands before =") }
        if raw.utf8.count > ExtraFields.lineLimit {
            refused("it is longer than \(ExtraFields.lineLimit) bytes")
        }
        if right.first?.isWhitespace == true {
            entry.remarks.append("\(place): libpq takes the blank behind = for a part of the value")
        }
        for quote in ["'", "\""] where value.count > 1 && value.hasPrefix(quote) && value.hasSuffix(quote) {
            entry.remarks.append("\(place): libpq takes the quotes for a part of the value")
            value = String(value.dropFirst().dropLast())
            break
        }
        guard keyword != "service" else {
            refused("a service cannot name another")
            return
        }
        if !knownKeywords.isEmpty, !knownKeywords.contains(keyword) {
            refused("it does not know \(DialAddress.shown(keyword))")
        }
        // The first one counts, against libpq's habit elsewhere.
        if entry.settings[keyword] == nil { entry.settings[keyword] = value }
    }
}

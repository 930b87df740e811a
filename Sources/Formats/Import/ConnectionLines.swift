import Profiles

/// URIs, `psql` command lines and endpoints, one a line; `#` begins a comment, a backslash at its end continues a
/// line.
package enum ConnectionLines {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        var fields: [String: String] = [:]
        var (start, waiting) = (0, "")
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if waiting.isEmpty {
                let line = raw.trimmingBlanks()
                if let extra = ExtraFields.read(line) {
                    ExtraFields.add(extra, to: &fields)
                    continue
                }
                if line.isEmpty || line.hasPrefix("#") { continue }
                start = index + 1
            }
            if raw.hasSuffix("\\") {
                waiting += raw.dropLast() + " "
                continue
            }
            var entry = ForeignEntry(place: "line \(start)")
            entry.fields = fields
            take(waiting + raw, &entry, &reading)
            (fields, waiting) = ([:], "")
        }
        if !waiting.isEmpty {
            reading.problems.append(
                "line \(start): is continued by a backslash, and nothing follows: was it cut off?")
        }
        return reading
    }

    private static func take(_ line: String, _ entry: inout ForeignEntry, _ reading: inout ForeignReading) {
        let line = line.trimmingBlanks()
        if let address = JDBCAddress(line) {
            entry.take(address)
            reading.entries.append(entry)
            return
        }
        switch PastedText.read(line) {
        case .conninfo(let text):
            entry.conninfo = text
            entry.signer = PastedText.signer(of: line) ?? [:]
            reading.entries.append(entry)
        case .token(let fields):
            entry.take(token: fields)
            reading.entries.append(entry)
        case .endpoint(let host, let port):
            entry.settings["host"] = host
            entry.settings["port"] = port.map(String.init)
            reading.entries.append(entry)
        case .unrecognised:
            reading.problems.append(
                ShellWords.expands(line)
                    ? "\(entry.place): has a variable or a command of the shell's in it: write its value there"
                    : "\(entry.place): is no URI, psql command or endpoint")
        }
    }
}

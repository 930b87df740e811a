/// Rows of comma-separated values (RFC 4180), with ';' or tabs in the commas' place where the first line has them.
struct CSVTable {
    struct Row {
        /// The line it begins on.
        var line: Int
        var cells: [String]
    }

    struct Malformed: Error, Sendable, Hashable { var text: String }

    var rows: [Row] = []

    init(_ text: String) throws(Malformed) {
        let first = text.prefix { !Self.endsLine($0) }
        let named = Self.separator(of: first)
        let separator: Character =
            named ?? [",", ";", "\t"].max { left, right in
                first.count { $0 == left } < first.count { $0 == right }
            } ?? ","
        var row = Row(line: 1, cells: [])
        var (cell, line, quoteLine) = ("", 1, 0)
        var (isQuoted, wasQuoted) = (false, false)
        func finish(_ row: inout Row) {
            row.cells.append(cell)
            (cell, wasQuoted) = ("", false)
        }
        var characters = Substring(text)
        if named != nil {
            characters = characters.dropFirst(first.count + 1)
            line = 2
            row.line = 2
        }
        while let character = characters.popFirst() {
            if Self.endsLine(character) { line += 1 }
            if isQuoted {
                if character != "\"" {
                    cell.append(character)
                } else if characters.first == "\"" {
                    characters.removeFirst()
                    cell.append("\"")
                } else {
                    isQuoted = false
                }
            } else if character == "\"", cell.isEmpty, !wasQuoted {
                (isQuoted, wasQuoted, quoteLine) = (true, true, line)
            } else if character == separator {
                finish(&row)
            } else if Self.endsLine(character) {
                finish(&row)
                if row.cells != [""] { rows.append(row) }
                row = Row(line: line, cells: [])
            } else {
                cell.append(character)
            }
        }
        guard !isQuoted else {
            throw Malformed(text: "line \(quoteLine): a quote is not closed: was the file cut off?")
        }
        finish(&row)
        if row.cells != [""] { rows.append(row) }
    }

    /// A carriage return with its line feed is one character.
    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }

    /// What Excel's first line says that it separates by, `sep=;`; nil where a line is none.
    static func separator(of line: some StringProtocol) -> Character? {
        let line = line.trimmingBlanks()
        if line.lowercased() == "sep=" { return "\t" }
        guard line.count == 5, line.lowercased().hasPrefix("sep=") else { return nil }
        return line.last
    }

    /// One row as text.
    static func line(_ cells: [String]) -> String {
        cells.map { cell in
            let isPlain = !cell.contains {
                $0 == "," || $0 == "\"" || $0.isNewline || $0 == ";" || $0 == "\t"
            }
            return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }
}

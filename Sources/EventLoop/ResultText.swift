import Operations
import Profiles
import Screen

/// Lines of answers.
enum ResultText {
    // MARK: JSON

    /// `{"profile":"orders","result":1,"row":{"n":1}}`.
    static func json(_ profile: String, result: Int, _ columns: [ResultColumn], _ row: [String?]) -> String {
        let members = zip(zip(columns, names(columns)), row).map { column, value in
            JSONText.Member(column.1, json(value, type: column.0.type))
        }
        var line = JSONText.object([
            JSONText.Member("profile", .string(profile)), JSONText.Member("result", .integer(result)),
            JSONText.Member("row", .object(members)),
        ]).text
        line += "\n"
        return line
    }

    /// The names of columns, each once: `n`, `n_2`. One that no other column has stays as it is.
    private static func names(_ columns: [ResultColumn]) -> [String] {
        var taken = Set(columns.map(\.name))
        guard taken.count < columns.count else { return columns.map(\.name) }
        var seen: [String: Int] = [:]
        return columns.map { column in
            var count = seen[column.name, default: 0] + 1
            defer { seen[column.name] = count }
            guard count > 1 else { return column.name }
            while !taken.insert("\(column.name)_\(count)").inserted { count += 1 }
            return "\(column.name)_\(count)"
        }
    }

    /// The last line of a profile: `{"profile":"orders","outcome":"ok",…}`.
    static func json(
        _ profile: String, _ end: StatementsEnd, rows: Int, command: String?, _ milliseconds: Double
    ) -> String {
        let (outcome, message, sqlstate): (String, String?, String?) =
            switch end {
            case .ok: ("ok", nil, nil)
            case .failed(let line, let code, _): ("failed", line, code)
            case .cancelled: ("cancelled", nil, nil)
            }
        return JSONText.object([
            JSONText.Member("profile", .string(profile)), JSONText.Member("outcome", .string(outcome)),
            JSONText.Member("rows", .integer(rows)), JSONText.Member("command", .optional(command)),
            JSONText.Member("duration_ms", .decimal(milliseconds)),
            JSONText.Member("sqlstate", .optional(sqlstate)), JSONText.Member("message", .optional(message)),
        ]).text + "\n"
    }

    /// Numbers and truth values as JSON has them, everything else as the server writes it. The numbers are those of
    /// `pg_type`, which never change (PostgreSQL documentation, "System Catalogs").
    private static func json(_ value: String?, type: UInt32) -> JSONText {
        guard let value else { return .null }
        switch type {
        case 16: return .bool(value == "t")
        case 20, 21, 23, 26, 700, 701, 1700: return isNumber(value) ? .literal(value) : .string(value)
        default: return .string(value)
        }
    }

    /// Whether a number of PostgreSQL's is one of JSON's: NaN and Infinity are not.
    private static func isNumber(_ text: String) -> Bool {
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return false }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e, 0x65].contains($0) }
    }

    // MARK: CSV

    /// A line (RFC 4180), ended by a line feed; NULL is nothing, an empty text is `""`.
    static func csv(_ values: [String?]) -> String {
        var line = ""
        line.reserveCapacity(room(for: values))
        for (place, value) in values.enumerated() {
            if place > 0 { line += "," }
            guard let value else { continue }
            let isPlain = !value.isEmpty && value.utf8.allSatisfy { !mustBeQuoted($0) }
            if isPlain {
                line += value
            } else {
                line += "\""
                line += value.utf8.contains(0x22) ? value.replacing("\"", with: "\"\"") : value
                line += "\""
            }
        }
        line += "\n"
        return line
    }

    private static func mustBeQuoted(_ byte: UInt8) -> Bool {
        byte == 0x22 || byte == 0x2c || byte == 0x0a || byte == 0x0d
    }

    /// Bytes that a line of values takes, where none of them has to be changed: a text that grows by and by is copied.
    private static func room(for values: [String?]) -> Int {
        values.reduce(64) { $0 + ($1?.utf8.count ?? 0) + 4 }
    }

    // MARK: Tables

    /// A text of one line, without what a terminal would obey.
    private static func shown(_ text: String) -> String { DisplayText.sanitised(text) }

    /// The lines of a value, a carriage return as `\r`.
    private static func lines(_ value: String?) -> [String] {
        guard let value else { return [""] }
        guard value.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d }) else { return [shown(value)] }
        return value.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map { line in
            shown(String(Substring(line)).replacing("\r", with: "\\r"))
        }
    }

    /// How wide the columns have to be; none wider than it is worth.
    static func widths(_ columns: [ResultColumn], _ rows: [[String?]]) -> [Int] {
        columns.enumerated().map { place, column in
            let values = rows.map { row in
                place < row.count ? lines(row[place]).reduce(0) { max($0, DisplayText.width($1)) } : 0
            }
            return min(1000, max(DisplayText.width(shown(column.name)), values.max() ?? 0))
        }
    }

    static func tableHead(_ columns: [ResultColumn], _ widths: [Int]) -> String {
        let names = zip(columns, widths).map { " \(padded(shown($0.name), to: $1)) " }
        let rule = widths.map { String(repeating: "-", count: $0 + 2) }
        var head = names.joined(separator: "|")
        head.trimEnd()
        return head + "\n" + rule.joined(separator: "+") + "\n"
    }

    /// A row, in as many lines as its longest value has: as in psql a `+` behind a line says that the value goes on.
    static func tableRow(_ row: [String?], _ columns: [ResultColumn], _ widths: [Int]) -> String {
        let values = row.map(lines)
        let count = values.reduce(1) { max($0, $1.count) }
        var text = ""
        text.reserveCapacity(room(for: row))
        for line in 0..<count {
            for (place, value) in values.enumerated() {
                let width = place < widths.count ? widths[place] : 0
                let isRight =
                    place < columns.count && [20, 21, 23, 26, 700, 701, 1700].contains(columns[place].type)
                text += place > 0 ? "| " : " "
                text += padded(line < value.count ? value[line] : "", to: width, right: isRight)
                text += line + 1 < value.count ? "+" : " "
            }
            text.trimEnd()
            text += "\n"
        }
        return text
    }

    /// A value that is wider than those that decided the width is not cut.
    private static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
        DisplayText.width(text) >= width ? text : DisplayText.padded(text, to: width, right: right)
    }
}

extension String {
    /// Takes the blanks at the end away; of a line feed none is behind.
    fileprivate mutating func trimEnd() {
        while utf8.last == 0x20 { unicodeScalars.removeLast() }
    }
}

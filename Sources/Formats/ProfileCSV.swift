import Profiles

/// Profiles as comma-separated values: a line of names, then a profile a line.
package enum ProfileCSV {
    /// What other programs call the columns.
    private static let synonyms: [String: String] = [
        "hostname": "host", "endpoint": "host", "server": "host", "address": "host", "dbname": "database",
        "db": "database", "username": "user", "login": "user", "env": "environment", "folder": "group",
        "label": "name", "title": "name", "alias": "name", "ssl_mode": "sslmode", "comment": "notes",
        "description": "notes", "profile": "aws_profile", "aws profile": "aws_profile",
    ]

    /// By the column's name without what parts its words: `User name` is `username`.
    private static let fields: [String: String] = {
        let own = ProfileField.allCases.map { ($0.rawValue, $0.rawValue) }
        let all = (own + Array(synonyms)).map { ($0.0.filter { $0 != "_" && $0 != " " }, $0.1) }
        return Dictionary(all) { first, _ in first }
    }()

    private static let settings = ["host": "host", "port": "port", "database": "dbname", "user": "user"]

    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        let table: CSVTable
        do throws(CSVTable.Malformed) { table = try CSVTable(text) } catch {
            reading.problems.append(error.text)
            return reading
        }
        guard let head = table.rows.first else {
            reading.problems.append("there is no line of column names in it")
            return reading
        }
        let columns = head.cells.map { cell in
            let name = cell.trimmingBlanks().lowercased()
            return fields[name.filter { !" _-".contains($0) }] ?? name
        }
        guard columns.contains("host") else {
            reading.problems.append(
                "line \(head.line): no column is called host: the first line names the columns")
            return reading
        }
        for (column, cell) in zip(columns, head.cells)
        where ProfileField(rawValue: column) == nil && !Parameters.secret.contains(column) {
            reading.notes.append("the column \"\(DialAddress.shown(cell))\" left out")
        }
        for row in table.rows.dropFirst() {
            guard row.cells.count <= columns.count else {
                reading.problems.append(
                    "line \(row.line): has \(row.cells.count) values for \(columns.count) columns")
                continue
            }
            var entry = ForeignEntry(place: "line \(row.line)")
            for (column, cell) in zip(columns, row.cells) where !cell.isEmpty {
                if Parameters.secret.contains(column) {
                    entry.dropSecret("the \(column)")
                } else if let keyword = settings[column] {
                    entry.settings[keyword] = cell
                } else if ProfileField(rawValue: column) != nil {
                    entry.fields[column] = cell
                }
            }
            reading.entries.append(entry)
        }
        return reading
    }

    /// All writable fields.
    package static let head = CSVTable.line(ProfileField.allCases.map(\.rawValue)) + "\n"

    package static func line(_ profile: Profile) -> String {
        CSVTable.line(ProfileField.allCases.map { profile.text(of: $0) }) + "\n"
    }
}

import Profiles

/// What a format has no place for, in a comment that only pgfob reads: `# pgfob {"environment":"prod"}`.
package enum ExtraFields {
    private static let mark = "# pgfob {"

    /// A name with this behind it goes on with the value of the comment before.
    private static let goesOn = "+"
    /// Scalars of a value in one comment: in JSON none takes more than six bytes.
    private static let pieceLength = 140

    /// Bytes of a line that libpq reads whole, its end included: it refuses a service file with a longer one, comments
    /// too (libpq 15, 16 and 17).
    package static let lineLimit = 1022

    /// The comment, in as many lines as libpq takes it in; nil where there is nothing to say.
    static func comment(_ fields: [String: String]) -> String? {
        guard !fields.isEmpty else { return nil }
        let whole = "# pgfob \(object(fields).text)"
        guard whole.utf8.count > lineLimit else { return whole }
        return fields.sorted { $0.key < $1.key }.flatMap { pieces($0.key, $0.value) }.joined(separator: "\n")
    }

    private static func pieces(_ name: String, _ value: String) -> [String] {
        let scalars = Array(value.unicodeScalars)
        return stride(from: 0, to: max(1, scalars.count), by: pieceLength).map { start in
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: scalars[start..<min(start + pieceLength, scalars.count)])
            return "# pgfob \(object([start == 0 ? name : name + goesOn: String(piece)]).text)"
        }
    }

    /// Adds what a further comment of the same profile says.
    static func add(_ more: [String: String], to fields: inout [String: String]) {
        for (name, value) in more {
            if name.hasSuffix(goesOn) {
                fields[String(name.dropLast()), default: ""] += value
            } else {
                fields[name] = value
            }
        }
    }

    static func object(_ fields: [String: String]) -> JSONText {
        .object(fields.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }

    /// Nil where a line is no such comment.
    static func read(_ line: String) -> [String: String]? {
        guard line.hasPrefix(mark), let tree = try? JSONReader.readLenient(String(line.dropFirst(8))) else {
            return nil
        }
        return fields(tree)
    }

    static func fields(_ tree: JSONTree) -> [String: String] {
        (tree.members ?? [:]).compactMapValues(\.scalarText)
    }
}

import Profiles

/// What a format has no place for, in a comment that only pgfob reads: `# pgfob {"environment":"prod"}`.
enum ExtraFields {
    private static let mark = "# pgfob {"

    /// The comment; nil where there is nothing to say.
    static func comment(_ fields: [String: String]) -> String? {
        fields.isEmpty ? nil : "# pgfob \(object(fields).text)"
    }

    static func object(_ fields: [String: String]) -> JSONText {
        .object(fields.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }

    /// Nil where a line is no such comment.
    static func read(_ line: String) -> [String: String]? {
        guard line.hasPrefix(mark), let tree = try? LenientJSON.read(String(line.dropFirst(8))) else {
            return nil
        }
        return fields(tree)
    }

    static func fields(_ tree: JSONTree) -> [String: String] {
        (tree.members ?? [:]).compactMapValues(\.scalarText)
    }
}

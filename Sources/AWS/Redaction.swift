/// Other programs' words, without what may be a secret in them.
enum Redaction {
    private static let names = [
        "token", "secret", "password", "passwd", "pwd", "key", "credential", "authorization",
    ]
    /// Longer runs of such letters are no words.
    private static let longestWord = 24

    /// Values that stand behind a telling name, and long runs of letters and digits, give way to `<redacted>`.
    static func line(_ text: String) -> String {
        var hidesNext = false
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            defer { hidesNext = word.last.map { ":=".contains($0) } ?? false && isTelling(word) }
            if hidesNext, !word.isEmpty { return "<redacted>" }
            if let separator = word.firstIndex(where: { $0 == "=" || $0 == ":" }),
                isTelling(word[..<separator])
            {
                let value = word[word.index(after: separator)...]
                return value.isEmpty ? String(word) : word[...separator] + "<redacted>"
            }
            return isDense(word) ? "<redacted>" : String(word)
        }.joined(separator: " ")
    }

    private static func isTelling(_ word: Substring) -> Bool {
        let lowered = word.lowercased()
        return names.contains { lowered.contains($0) }
    }

    /// A long run without the marks of a path or an ARN, with digits in it.
    private static func isDense(_ word: Substring) -> Bool {
        word.count > longestWord && word.contains(where: \.isNumber)
            && word.allSatisfy { $0.isLetter || $0.isNumber || "+=_-.~%\"'".contains($0) }
    }
}

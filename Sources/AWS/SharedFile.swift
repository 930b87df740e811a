/// One of AWS's two files: sections with keys, read leniently.
///
/// The grammar is botocore's (facts/aws.md 2.3) where it accepts a file, and Go's leniency where botocore would
/// refuse it whole: a later duplicate wins, and every oddity is reported with its line.
package struct SharedFile: Sendable, Hashable {
    /// A key's value and where it stands.
    package struct Value: Sendable, Hashable {
        package var text: String
        package var line: Int
    }

    package struct Section: Sendable, Hashable {
        package var values: [String: Value] = [:]
        /// Keys of a nested block, such as `s3 =` followed by indented lines.
        package var nested: [String: [String: Value]] = [:]
        package var line: Int
    }

    /// A line that was not understood, with what was expected.
    package struct Complaint: Sendable, Hashable {
        package var line: Int
        package var text: String
    }

    /// Sections by their header's text, as it stands between the brackets.
    package private(set) var sections: [String: Section] = [:]
    package private(set) var complaints: [Complaint] = []

    private var current: String?
    private var lastKey: String?
    private var lastWasEmpty = false
    private var keyIndentation = 0

    package init(_ bytes: some Sequence<UInt8>) {
        var content = Array(bytes)
        if content.starts(with: [0xef, 0xbb, 0xbf]) { content.removeFirst(3) }
        let text = String(decoding: content, as: UTF8.self)
        var number = 0
        // A CR LF is one character to Swift, and not equal to "\n".
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            number += 1
            read(String(line), number)
        }
    }

    private mutating func complain(_ line: Int, _ text: String) {
        // A file of junk must not fill the memory with complaints.
        guard complaints.count < 100 else { return }
        complaints.append(Complaint(line: line, text: text))
    }

    private mutating func read(_ raw: String, _ number: Int) {
        let content = Self.trimmed(raw)
        guard !content.isEmpty, !content.hasPrefix("#"), !content.hasPrefix(";") else { return }
        let indentation = raw.prefix { $0 == " " || $0 == "\t" }.count
        if content.hasPrefix("["), indentation == 0 || lastKey == nil {
            header(content, number)
        } else if indentation > 0, lastKey != nil, indentation > keyIndentation {
            continuation(content, number)
        } else {
            key(content, number, indentation)
        }
    }

    private mutating func header(_ content: String, _ number: Int) {
        lastKey = nil
        guard let close = content.firstIndex(of: "]") else {
            complain(number, "the section's ']' is missing")
            current = nil
            return
        }
        let name = String(content[content.index(after: content.startIndex)..<close])
        if sections[name] != nil { complain(number, "section [\(name)] stands twice: the later keys win") }
        sections[name, default: Section(line: number)].line = number
        current = name
    }

    private mutating func key(_ content: String, _ number: Int, _ indentation: Int) {
        guard let current else {
            complain(number, "a key before any [section]")
            return
        }
        guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            complain(number, "no '=' in the line")
            lastKey = nil
            return
        }
        let name = Self.trimmed(String(content[..<separator])).lowercased()
        let value = Self.trimmed(String(content[content.index(after: separator)...]))
        guard !name.isEmpty else {
            complain(number, "no key before '='")
            lastKey = nil
            return
        }
        if sections[current]?.values[name] != nil { complain(number, "\(name) stands twice: the later one wins") }
        sections[current]?.values[name] = Value(text: value, line: number)
        lastKey = name
        lastWasEmpty = value.isEmpty
        keyIndentation = indentation
    }

    private mutating func continuation(_ content: String, _ number: Int) {
        guard let current, let lastKey else { return }
        if lastWasEmpty {
            guard let equals = content.firstIndex(of: "=") else {
                complain(number, "no '=' in the nested line")
                return
            }
            let name = Self.trimmed(String(content[..<equals])).lowercased()
            let value = Self.trimmed(String(content[content.index(after: equals)...]))
            sections[current]?.nested[lastKey, default: [:]][name] = Value(text: value, line: number)
        } else {
            sections[current]?.values[lastKey]?.text += "\n" + content
        }
    }

    private static func trimmed(_ text: String) -> String {
        let blanks: Set<Character> = [" ", "\t", "\r", "\n", "\r\n", "\u{b}", "\u{c}"]
        guard let first = text.firstIndex(where: { !blanks.contains($0) }),
            let last = text.lastIndex(where: { !blanks.contains($0) })
        else { return "" }
        return String(text[first...last])
    }
}

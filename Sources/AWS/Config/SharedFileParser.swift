/// Reads a ``SharedFile`` line by line; knows what an indented line belongs to.
struct SharedFileParser {
    private var number = 0
    /// Nil before the first header and after one that cannot be read.
    private var section: String?
    private var sawHeader = false
    private var key: String?
    private var keyIndentation = 0
    private var keyIsBlock = false

    /// Keys whose values never hold a comment sign, so that a comment behind them can be told from them.
    private static let plainKeys: Set<String> = ["region", "sso_region", "role_arn", "source_profile"]

    mutating func read(_ bytes: ArraySlice<UInt8>, into file: inout SharedFile) {
        number += 1
        let text = String(validating: bytes, as: UTF8.self)
        if text == nil { file.complain(number, "not UTF-8") }
        let line = text ?? String(decoding: bytes, as: UTF8.self)
        let content = Self.trimmed(line)
        guard let first = content.utf8.first, first != 0x23, first != 0x3b else { return }
        let indentation = line.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
        if key != nil, indentation > keyIndentation {
            continuation(content, &file)
        } else if first == 0x5b {
            header(content, &file)
        } else {
            entry(content, indentation, &file)
        }
    }

    private mutating func header(_ content: Substring, _ file: inout SharedFile) {
        (key, section, sawHeader) = (nil, nil, true)
        guard let close = content.utf8.firstIndex(of: 0x5d) else {
            return file.complain(number, "the section's ']' is missing: its keys are left out")
        }
        let name = String(content.dropFirst()[..<close])
        guard !name.isEmpty else {
            return file.complain(number, "a section without a name: its keys are left out")
        }
        if file.sections[name] != nil {
            file.complain(number, "section [\(name.shown)] stands twice: where keys differ the later wins")
        }
        file.sections[name, default: SharedFile.Section(line: number)].line = number
        section = name
    }

    private mutating func entry(_ content: Substring, _ indentation: Int, _ file: inout SharedFile) {
        key = nil
        guard let section else {
            if !sawHeader { file.complain(number, "a key before any [section]") }
            return
        }
        guard let (name, value) = Self.split(content, at: [0x3d, 0x3a]) else {
            return file.complain(number, "no '=' in the line")
        }
        guard !name.isEmpty else { return file.complain(number, "no key before '='") }
        if file.sections[section]?.values[name] != nil {
            // A secret that lost its line's beginning looks like a key, too.
            let shown = Self.isPlain(name) && content.hasPrefix(name) ? name : "a key"
            file.complain(number, "\(shown) stands twice in [\(section.shown)]: the later wins")
        }
        let text = withoutComment(value, name, &file)
        file.sections[section]?.values[name] = SharedFile.Value(text, line: number)
        // A block of an earlier spelling goes with it.
        file.sections[section]?.nested[name] = nil
        (key, keyIndentation, keyIsBlock) = (name, indentation, value.isEmpty)
    }

    private mutating func continuation(_ content: Substring, _ file: inout SharedFile) {
        guard let section, let key else { return }
        guard keyIsBlock else {
            if let (name, _) = Self.split(content, at: [0x3d]), Self.isPlain(name) {
                file.complain(
                    number,
                    "the indented line goes on with the value of \(key.shown): a key of its own begins the line"
                )
            }
            file.sections[section]?.values[key]?.append(String(content))
            return
        }
        guard let (name, value) = Self.split(content, at: [0x3d]), !name.isEmpty else {
            return file.complain(number, "no '=' in a line of the block \(key.shown)")
        }
        file.sections[section]?.nested[key, default: [:]][name] = SharedFile.Value(value, line: number)
    }

    private func withoutComment(_ value: String, _ key: String, _ file: inout SharedFile) -> String {
        guard Self.plainKeys.contains(key) else { return value }
        var blank = false
        for index in value.utf8.indices {
            let byte = value.utf8[index]
            if blank, byte == 0x23 || byte == 0x3b {
                file.complain(
                    number, "the comment after \(key) was cut off; to aws-cli it is part of the value")
                return String(Self.trimmed(value[..<index]))
            }
            blank = byte == 0x20 || byte == 0x09
        }
        return value
    }

    /// Whether it looks like a key of AWS's files.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.count <= 40 && name.utf8.allSatisfy { $0 == 0x5f || (0x61...0x7a).contains($0) }
    }

    /// The lower-cased key and the value; nil where no separator is there.
    private static func split(_ line: Substring, at separators: [UInt8]) -> (key: String, value: String)? {
        guard let separator = line.utf8.firstIndex(where: separators.contains) else { return nil }
        return (
            trimmed(line[..<separator]).lowercased(),
            String(trimmed(line[line.utf8.index(after: separator)...]))
        )
    }

    /// Without the blanks at both ends, Unicode's among them, as Python strips them.
    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return Substring(scalars)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
}

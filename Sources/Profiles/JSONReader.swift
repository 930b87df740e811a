/// JSON (RFC 8259), or JSON as DBeaver's reader takes it: comments, commas before a closing bracket, single quotes and
/// bare names are let pass then. What is wrong is told with its line.
package struct JSONReader {
    package struct Malformed: Error, Sendable, Hashable {
        package var line: Int
        package var what: String
        package var text: String { "line \(line): \(what)" }
    }

    /// Deeper than any file of connections, and far from the end of the stack.
    private static let depthLimit = 128

    private let bytes: [UInt8]
    private let isLenient: Bool
    private var at = 0
    /// The member at the top whose own members' lines are asked for, the one at the top that is being read, and what was
    /// found; lines are counted on from the last one.
    private var watched: String?
    private var topmost = ""
    private var lines: [String: Int] = [:]
    private var counted = (at: 0, line: 1)

    private init(_ bytes: [UInt8], isLenient: Bool) {
        self.bytes = bytes
        self.isLenient = isLenient
    }

    /// Reads a text of people's or of another program's.
    ///
    /// - Throws: ``Malformed``.
    package static func readLenient(_ text: String) throws(Malformed) -> JSONTree {
        try read(Array(text.utf8), isLenient: true)
    }

    /// The same, with the lines on which the members of one object at the top begin, by their names.
    package static func readLenient(
        _ text: String, linesOf member: String
    ) throws(Malformed) -> (tree: JSONTree, lines: [String: Int]) {
        var reader = JSONReader(Array(text.utf8), isLenient: true)
        reader.watched = member
        return (try reader.document(), reader.lines)
    }

    /// Reads JSON to the letter, valid UTF-8.
    static func readStrict(_ bytes: [UInt8]) throws(Malformed) -> JSONTree {
        try read(bytes, isLenient: false)
    }

    private static func read(_ bytes: [UInt8], isLenient: Bool) throws(Malformed) -> JSONTree {
        var reader = JSONReader(bytes, isLenient: isLenient)
        return try reader.document()
    }

    private mutating func document() throws(Malformed) -> JSONTree {
        try skipBlanks()
        let tree = try value(depth: 0)
        try skipBlanks()
        guard at == bytes.count else { throw malformed("something stands behind the end") }
        return tree
    }

    /// Remembers where a member stands that somebody wants to find again.
    private mutating func note(_ name: String, at start: Int, depth: Int) {
        guard let watched, depth < 2 else { return }
        if depth == 0 { topmost = name }
        guard depth == 1, topmost == watched else { return }
        counted.line += bytes[counted.at..<start].count { $0 == 0x0a }
        counted.at = start
        lines[name] = counted.line
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONTree {
        guard depth < Self.depthLimit else { throw malformed("it is nested too deep") }
        guard at < bytes.count else { throw malformed("it ends where a value was expected: was it cut off?") }
        switch bytes[at] {
        case 0x7b: return try object(depth: depth)
        case 0x5b: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x27 where isLenient: return .string(try string())
        default: return try word()
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSONTree {
        at += 1
        var members: [String: JSONTree] = [:]
        while true {
            try skipBlanks()
            if isLenient || members.isEmpty, take(0x7d) { return .object(members) }
            if let cut = cutOff("an object") { throw cut }
            let start = at
            let isQuoted = bytes[at] == 0x22 || isLenient && bytes[at] == 0x27
            let name = isQuoted ? try string() : isLenient ? bareName() : nil
            guard let name else { throw malformed("a name in quotes was expected") }
            note(name, at: start, depth: depth)
            try skipBlanks()
            guard take(0x3a) else {
                throw cutOff("an object") ?? malformed("a ':' was expected behind a name")
            }
            try skipBlanks()
            // Which of the two was meant, nobody can tell.
            guard members[name] == nil else {
                throw malformed("\"\(DialAddress.shown(name))\" stands twice: take one away")
            }
            members[name] = try value(depth: depth + 1)
            try skipBlanks()
            if take(0x7d) { return .object(members) }
            guard take(0x2c) else { throw cutOff("an object") ?? malformed("a ',' or a '}' was expected") }
        }
    }

    private mutating func array(depth: Int) throws(Malformed) -> JSONTree {
        at += 1
        var values: [JSONTree] = []
        while true {
            try skipBlanks()
            if isLenient || values.isEmpty, take(0x5d) { return .array(values) }
            values.append(try value(depth: depth + 1))
            try skipBlanks()
            if take(0x5d) { return .array(values) }
            guard take(0x2c) else { throw cutOff("an array") ?? malformed("a ',' or a ']' was expected") }
        }
    }

    private mutating func string() throws(Malformed) -> String {
        let (quote, start) = (bytes[at], at)
        at += 1
        // Most texts have nothing escaped in them and are taken as they stand.
        while at < bytes.count, bytes[at] != quote, bytes[at] != 0x5c, bytes[at] >= 0x20 { at += 1 }
        if at < bytes.count, bytes[at] == quote {
            at += 1
            return String(decoding: bytes[(start + 1)..<(at - 1)], as: UTF8.self)
        }
        var text = Array(bytes[(start + 1)..<at])
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            guard byte == 0x5c else {
                guard isLenient || byte >= 0x20 else {
                    at -= 1
                    throw malformed("a control character stands in a text: write it as \\u00XX")
                }
                text.append(byte)
                continue
            }
            guard at < bytes.count else { break }
            let escaped = bytes[at]
            at += 1
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "u"): text += try unicode()
            case 0x22, 0x5c, 0x2f: text.append(escaped)
            default:
                guard isLenient else { throw malformed("\\ is followed by what it does not escape") }
                text.append(escaped)
            }
        }
        at = start
        throw malformed("a text has no closing quote: was the file cut off?")
    }

    private mutating func unicode() throws(Malformed) -> [UInt8] {
        let first = try fourDigits()
        var scalar = Unicode.Scalar(first)
        if (0xd800..<0xdc00).contains(first), at + 1 < bytes.count, bytes[at] == 0x5c,
            bytes[at + 1] == UInt8(ascii: "u")
        {
            at += 2
            let second = try fourDigits()
            if (0xdc00..<0xe000).contains(second) {
                scalar = Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            }
        }
        guard let scalar else { throw malformed("half of a surrogate pair stands alone") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func fourDigits() throws(Malformed) -> UInt32 {
        guard at + 4 <= bytes.count,
            let number = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
        else { throw malformed("four hexadecimal digits were expected behind \\u") }
        at += 4
        return number
    }

    private mutating func bareName() -> String? {
        let start = at
        while at < bytes.count, Self.isBare(bytes[at]) { at += 1 }
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    private mutating func word() throws(Malformed) -> JSONTree {
        guard let word = bareName() else { throw malformed("a value was expected") }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            guard isLenient || Self.isNumber(word.utf8) else { break }
            if let number = Int(word) { return .integer(number) }
            if let number = Double(word), number.isFinite {
                return Int(exactly: number).map { .integer($0) } ?? .number(number)
            }
            break
        }
        // Not quoted: it may be a password whose quotes are missing.
        throw malformed("a word without quotes is no value")
    }

    /// RFC 8259, section 6: no sign but a minus, no zeros in front, digits on both sides of the point.
    private static func isNumber(_ word: String.UTF8View) -> Bool {
        var rest = Array(word)[...]
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == 0x2d { rest = rest.dropFirst() }
        let startsWithZero = rest.first == 0x30
        let count = digits()
        guard count == 1 || count > 1 && !startsWithZero else { return false }
        if rest.first == 0x2e {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == 0x65 || rest.first == 0x45 {
            rest = rest.dropFirst()
            if rest.first == 0x2b || rest.first == 0x2d { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d, 0x2b, 0x2e, 0x24: true
        default: false
        }
    }

    private mutating func skipBlanks() throws(Malformed) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0a, 0x0d: at += 1
            case 0x2f where isLenient && at + 1 < bytes.count && bytes[at + 1] == 0x2f:
                while at < bytes.count, bytes[at] != 0x0a { at += 1 }
            case 0x2f where isLenient && at + 1 < bytes.count && bytes[at + 1] == 0x2a:
                let start = at
                at += 2
                while at + 1 < bytes.count, !(bytes[at] == 0x2a && bytes[at + 1] == 0x2f) { at += 1 }
                guard at + 1 < bytes.count else {
                    at = start
                    throw malformed("a comment has no end: was the file cut off?")
                }
                at += 2
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// Where the text ends before what is open does; nil where it goes on.
    private func cutOff(_ open: String) -> Malformed? {
        at < bytes.count ? nil : malformed("it ends inside \(open): was it cut off?")
    }

    private func malformed(_ what: String) -> Malformed {
        Malformed(line: bytes[..<min(at, bytes.count)].count { $0 == 0x0a } + 1, what: "not JSON: \(what)")
    }
}

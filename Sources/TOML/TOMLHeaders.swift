/// The headers of a TOML text, `[name]` and `[[name]]`.
///
/// The parser beneath ends the program where a header's name begins with what no key begins with (toml++ 3.4,
/// `parse_key`): such a text has to be refused before it gets there.
enum TOMLHeaders {
    private enum Place { case line, value, comment, text(UInt8), long(UInt8) }

    /// The first line, from 1, on which a key begins with what no key begins with; nil where there is none.
    static func unreadable(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        // The parser passes over a byte order mark, as some editors write it.
        var (place, line, at) = (Place.line, 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
        // Of arrays and inline tables: a bracket at the start of a line of theirs begins no table.
        var depth = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x0a { line += 1 }
            switch place {
            case .line where byte == 0x5b:
                var next = at + 1
                if next < bytes.count, bytes[next] == 0x5b { next += 1 }
                while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
                if next < bytes.count, !canBegin(bytes[next]) { return line }
                (place, depth) = (.value, 0)
            case .line where byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d: break
            case .line, .value:
                switch byte {
                case 0x0a: place = depth > 0 ? .value : .line
                case 0x5b, 0x7b:
                    (place, depth) = (.value, depth + 1)
                case 0x5d, 0x7d:
                    (place, depth) = (.value, max(0, depth - 1))
                case 0x23: place = .comment
                case 0x22, 0x27:
                    let isLong = at + 2 < bytes.count && bytes[at + 1] == byte && bytes[at + 2] == byte
                    place = isLong ? .long(byte) : .text(byte)
                    if isLong { at += 2 }
                default: place = .value
                }
            case .comment: if byte == 0x0a { place = depth > 0 ? .value : .line }
            case .text(let quote):
                if byte == 0x5c, quote == 0x22 {
                    at += 1
                } else if byte == quote {
                    place = .value
                } else if byte == 0x0a {
                    place = depth > 0 ? .value : .line
                }
            case .long(let quote):
                if byte == 0x5c, quote == 0x22 {
                    if at + 1 < bytes.count, bytes[at + 1] == 0x0a { line += 1 }
                    at += 1
                } else if byte == quote, at + 2 < bytes.count, bytes[at + 1] == quote, bytes[at + 2] == quote
                {
                    place = .value
                    at += 2
                }
            }
            at += 1
        }
        return nil
    }

    /// A letter, a digit, a quote; the bracket that closes an empty name is told by the parser.
    private static func canBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d, 0x22, 0x27, 0x5d: true
        default: false
        }
    }
}

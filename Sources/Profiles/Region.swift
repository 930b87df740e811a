/// An AWS region such as `eu-west-1`.
package struct Region: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: String

    /// Lower-cases what is typed. Nil unless it has the shape of a region: lower-case words, digits and
    /// hyphens, beginning with a letter and ending with a number (`us-gov-west-1`, `ap-southeast-2`).
    package init?(rawValue: String) {
        let text = rawValue.lowercased()
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, text.utf8.count <= 32,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isWord) }),
            let last = parts.last, last.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let first = text.utf8.first, (0x61...0x7a).contains(first)
        else { return nil }
        self.rawValue = text
    }

    package var description: String { rawValue }

    /// The short form for narrow columns: `eu-west-1` is `euw1`, `ap-northeast-1` is `apne1`.
    package var short: String {
        let parts = rawValue.split(separator: "-")
        guard parts.count >= 3 else { return rawValue }
        let number = parts[parts.count - 1]
        let middle = parts[1..<(parts.count - 1)].map { part -> String in
            switch part {
            case "northeast": "ne"
            case "northwest": "nw"
            case "southeast": "se"
            case "southwest": "sw"
            case "gov": "g"
            default: String(part.prefix(1))
            }
        }
        return parts[0] + middle.joined() + number
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
    }
}

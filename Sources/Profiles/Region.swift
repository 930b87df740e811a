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

    /// The regions of RDS, as of 2026 (AWS General Reference, "Amazon RDS endpoints and quotas"); there may be more by now.
    package static let known = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
        "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
        "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1",
        "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
        "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1",
        "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
    ]

    /// The known region that was meant where this is none of them; nil where it is one, or like none. A number that is not
    /// known is a new region's.
    package var meant: String? {
        func area(_ text: String) -> Substring { text.prefix(upTo: text.lastIndex(of: "-") ?? text.endIndex) }
        guard !Self.known.contains(where: { area($0) == area(rawValue) }) else { return nil }
        return Nearest.match(rawValue, among: Self.known)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
    }
}

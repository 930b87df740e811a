/// Text that came from outside, made fit for a terminal, a log and a line of JSON.
package enum VisibleText {
    /// More than any message of a server that means well.
    private static let limit = 4096

    /// Control characters and those that turn the direction of writing are shown by number; tabs become blanks;
    /// line feeds stay, blank lines and the blanks at a line's end go.
    package static func lines(_ text: String) -> String {
        // Most of it is plain: hundreds of servers' answers come through here.
        let bytes = text.utf8
        if bytes.count <= limit, bytes.last != 0x20, bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) {
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar.value {
            case 0x0a: result += "\n"
            case 0x09: result += "  "
            case 0x00..<0x20, 0x7f..<0xa0: result += "\\x" + hexadecimal(scalar.value, 2)
            case 0x061c, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff:
                result += "\\u" + hexadecimal(scalar.value, 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.split(separator: "\n").map(trimmedEnd).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// On one line.
    package static func line(_ text: String) -> String {
        lines(text).split(separator: "\n").joined(separator: " ")
    }

    private static func trimmedEnd(_ line: Substring) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    /// Hexadecimal digits, at least so many.
    package static func hexadecimal(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// JSON written in an order of one's own, on one line (RFC 8259).
package enum JSONText: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    /// Written with one decimal: milliseconds.
    case decimal(Double)
    /// A number as it is written.
    case literal(String)
    case string(String)
    case array([JSONText])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: JSONText

        package init(_ name: String, _ value: JSONText) {
            self.name = name
            self.value = value
        }
    }

    /// A string, or null where there is none.
    package static func optional(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }

    package var text: String {
        var result = ""
        write(to: &result)
        return result
    }

    private func write(to result: inout String) {
        switch self {
        case .null: result += "null"
        case .bool(let value): result += value ? "true" : "false"
        case .integer(let value): result += String(value)
        case .decimal(let value):
            let tenths = value.isFinite ? Int((min(max(value, -1e15), 1e15) * 10).rounded()) : 0
            result += "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        case .literal(let text): result += text
        case .string(let value): Self.quote(value, to: &result)
        case .array(let values):
            result += "["
            for (index, value) in values.enumerated() {
                if index > 0 { result += "," }
                value.write(to: &result)
            }
            result += "]"
        case .object(let members):
            result += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { result += "," }
                Self.quote(member.name, to: &result)
                result += ":"
                member.value.write(to: &result)
            }
            result += "}"
        }
    }

    private static func quote(_ text: String, to result: inout String) {
        result += "\""
        // One that grows by and by is copied each time, and a value may be of any size.
        if text.utf8.count > 1 << 16 { result.reserveCapacity(result.utf8.count + text.utf8.count + 64) }
        // Nearly every text is plain, and tens of thousands are written.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) {
            result += text
            result += "\""
            return
        }
        let digits = Array("0123456789abcdef")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // Escaped beyond what JSON demands, so that a line stays a line and no terminal acts on it.
            case _
            where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || scalar.value == 0x2028
                || scalar.value == 0x2029:
                let value = Int(scalar.value)
                result += "\\u"
                for shift in [12, 8, 4, 0] { result.append(digits[value >> shift & 15]) }
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }
}

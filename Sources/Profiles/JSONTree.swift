/// A JSON text as a value.
package enum JSONTree: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    /// With a fraction or an exponent, or beyond the integers.
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Reads a text (RFC 8259).
    ///
    /// - Returns: nil where it is no JSON, or nested deeper than anything that is read here.
    package init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil, let tree = try? JSONReader.readStrict(bytes)
        else { return nil }
        self = tree
    }

    /// A text, number or flag as the text that a field reads; nil for the others.
    package var scalarText: String? {
        switch self {
        case .string(let text): text
        case .bool(let flag): flag ? "yes" : "no"
        case .integer(let number): String(number)
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
        case .null, .array, .object: nil
        }
    }

    /// A member of an object; nil elsewhere.
    package subscript(name: String) -> JSONTree? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
    package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var elements: [JSONTree]? { if case .array(let elements) = self { elements } else { nil } }
    package var members: [String: JSONTree]? { if case .object(let members) = self { members } else { nil } }

    /// The tree as text, the members of objects by name.
    package var written: JSONText {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .integer(number)
        case .number(let number): .literal("\(number)")
        case .string(let text): .string(text)
        case .array(let values): .array(values.map(\.written))
        case .object(let members):
            .object(members.sorted { $0.key < $1.key }.map { JSONText.Member($0.key, $0.value.written) })
        }
    }
}

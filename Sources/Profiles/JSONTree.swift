#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A JSON text as a value.
package enum JSONTree: Sendable, Hashable, Decodable {
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
    /// - Returns: nil where it is no JSON, or nested deeper than the decoder follows.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else { return nil }
        self = tree
    }

    package init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: Name.self) {
            var members: [String: JSONTree] = [:]
            for name in keyed.allKeys {
                members[name.stringValue] = try keyed.decode(JSONTree.self, forKey: name)
            }
            self = .object(members)
        } else if var unkeyed = try? decoder.unkeyedContainer() {
            var values: [JSONTree] = []
            while !unkeyed.isAtEnd { values.append(try unkeyed.decode(JSONTree.self)) }
            self = .array(values)
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let value = try? single.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? single.decode(Int.self) {
                self = .integer(value)
            } else if let value = try? single.decode(Double.self) {
                self = .number(value)
            } else {
                self = .string(try single.decode(String.self))
            }
        }
    }

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
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

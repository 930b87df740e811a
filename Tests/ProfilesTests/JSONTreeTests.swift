#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import TestSupport
import Testing

/// JSON to the letter: Foundation's decoder is the oracle.
struct JSONTreeTests {
    /// Any JSON, as Foundation reads it.
    private struct Oracle: Decodable {
        var tree: JSONTree

        private struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            if let keyed = try? decoder.container(keyedBy: Name.self) {
                var members: [String: JSONTree] = [:]
                for name in keyed.allKeys {
                    members[name.stringValue] = try keyed.decode(Oracle.self, forKey: name).tree
                }
                tree = .object(members)
            } else if var unkeyed = try? decoder.unkeyedContainer() {
                var values: [JSONTree] = []
                while !unkeyed.isAtEnd { values.append(try unkeyed.decode(Oracle.self).tree) }
                tree = .array(values)
            } else {
                let single = try decoder.singleValueContainer()
                if single.decodeNil() {
                    tree = .null
                } else if let value = try? single.decode(Bool.self) {
                    tree = .bool(value)
                } else if let value = try? single.decode(Int.self) {
                    tree = .integer(value)
                } else if let value = try? single.decode(Double.self) {
                    tree = .number(value)
                } else {
                    tree = .string(try single.decode(String.self))
                }
            }
        }
    }

    private static let samples = [
        #"{"a": [1, -2.5e3, true, null, "x\u00e9\ud83e\udd8a\n"], "b": {"c": {}}, "": [[], {}]}"#,
        #"[0, -0, 1.0, 1e2, 12345678901234567890, 0.1, "\/\b\f\t\"\\"]"#, " \"é会\" ", "null",
    ]

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1] x", "// c\n1", "/* c */ 1", "01", "+1", ".5",
        "1.", "1e",
        "-", "NaN", "Infinity", "1e999", "tru", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\u{1}\"", "\"\n\"",
        "[,1]",
        "{\"a\" 1}", "\"open",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(JSONTree(text.utf8) == nil)
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        #expect(JSONTree([0x22, 0xff, 0x22]) == nil && JSONTree([0x22, 0xc3, 0x22]) == nil)
    }

    @Test func `what is JSON is read as Foundation reads it, and nearly nothing else is`() {
        var dice = SeededDice(seed: 4)
        for round in 0..<Fuzzing.rounds(6000) {
            let sample = Array(Self.samples[round % Self.samples.count].utf8)
            let bytes = round < Self.samples.count ? sample : Fuzzing.mutated(sample, &dice)
            let theirs = try? JSONDecoder().decode(Oracle.self, from: Data(bytes)).tree
            let ours = JSONTree(bytes)
            if round < Self.samples.count { #expect(ours != nil) }
            // Foundation stops at numbers that it cannot hold, and so on; what both read is the same.
            if let ours, let theirs { #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self))") }
            if ours != nil { #expect(theirs != nil, "\(String(decoding: bytes, as: UTF8.self))") }
        }
    }
}

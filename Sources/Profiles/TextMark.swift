/// A number that tells texts apart, the same in every process, which Swift's own hash is not: FNV-1a
/// (draft-eastlake-fnv). Nothing may depend on its being hard to guess.
package enum TextMark {
    package static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// The same as text, in hexadecimal digits.
    package static func text(of text: String) -> String { String(of(text.utf8), radix: 16) }
}

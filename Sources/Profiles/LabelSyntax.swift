/// What may stand in a text that is shown on one line.
package enum LabelSyntax {
    /// Whether a label must not have it: it breaks the line, moves the cursor, is invisible or turns the direction of
    /// writing (Unicode Standard Annex 9, "Explicit Directional Formatting"). Joiners are let pass: emoji and several
    /// scripts need them.
    package static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7f: false
        case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff:
            true
        default: false
        }
    }

    /// The text without them.
    package static func fit(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isUnfit(scalar) { kept.append(scalar) }
        return String(kept)
    }

    /// Whether a text has none of them.
    package static func isFit(_ text: String) -> Bool {
        // Nearly every text is plain ASCII, and lists of thousands are judged.
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } || !text.unicodeScalars.contains(where: isUnfit)
    }
}

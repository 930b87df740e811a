@_spi(_Unicode) import Swift

/// Text as a terminal shows it: how wide it is, what of it is fit to be shown, how it is cut.
package enum DisplayText {
    /// What stands where text was cut.
    package static let ellipsis = "..."

    /// Columns that a character takes: 0, 1 or 2.
    package static func width(of character: Character) -> Int {
        if let byte = character.asciiValue { return byte >= 0x20 && byte != 0x7f ? 1 : 0 }
        var total = 0
        for scalar in character.unicodeScalars { total += width(of: scalar) }
        return min(2, total)
    }

    /// Columns that a text takes.
    package static func width(_ text: String) -> Int {
        isPlain(text) ? text.utf8.count : text.reduce(0) { $0 + width(of: $1) }
    }

    /// Whether a text is printable ASCII: a byte is a column then, as in nearly all that is shown.
    static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } }

    /// Whether terminals disagree on a character's columns: those set up for East Asia take two where others take one.
    package static func isAmbiguous(_ character: Character) -> Bool {
        character.unicodeScalars.contains {
            $0.value >= 0x80 && DisplayWidthTable.contains(AmbiguousWidthTable.ranges, $0.value)
        }
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x20 || (0x7f..<0xa0).contains(value) { return 0 }
        if value < 0x300 { return 1 }
        if DisplayWidthTable.contains(DisplayWidthTable.zero, value) { return 0 }
        return DisplayWidthTable.contains(DisplayWidthTable.wide, value) ? 2 : 1
    }

    /// The text made fit to be shown: no control character, escape sequence or bidirectional control reaches
    /// the terminal, and nothing whose width terminals disagree about.
    ///
    /// Line breaks and tabs become blanks, other control characters U+FFFD; joiners, variation selectors and
    /// skin tones are dropped (facts/swift-on-linux.md, "Rendering, colour, width"). Letters and their marks are composed
    /// where Unicode can (NFC): a terminal that cannot combine shows them all the same.
    package static func sanitised(_ text: String) -> String {
        if isPlain(text) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0a, 0x0d, 0x2028, 0x2029: result.append(" ")
            case 0x00..<0x20, 0x7f..<0xa0: result.append("\u{fffd}")
            case 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x180e, 0x200b...0x200f, 0x202a...0x202e,
                0x2060...0x206f,
                0xfe00...0xfe0f, 0xfeff, 0x1f3fb...0x1f3ff, 0xe0000...0xe0fff, 0xfff9...0xfffb:
                continue
            default:
                result.append(isPrivateOrUnassigned(scalar) ? "\u{fffd}" : scalar)
            }
        }
        var composed = String.UnicodeScalarView()
        for scalar in String(result)._nfc { composed.append(scalar) }
        return String(composed)
    }

    private static func isPrivateOrUnassigned(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .unassigned, .privateUse, .surrogate: true
        default: false
        }
    }

    /// The beginning of a text that fits into so many columns.
    package static func prefix(_ text: String, columns: Int) -> String {
        if isPlain(text) { return String(Substring(text.utf8.prefix(max(0, columns)))) }
        var left = columns
        var end = text.startIndex
        for index in text.indices {
            left -= width(of: text[index])
            if left < 0 { break }
            end = text.index(after: index)
        }
        return String(text[..<end])
    }

    /// The end of a text that fits into so many columns.
    package static func suffix(_ text: String, columns: Int) -> String {
        if isPlain(text) { return String(Substring(text.utf8.suffix(max(0, columns)))) }
        var left = columns
        var start = text.endIndex
        while start > text.startIndex {
            let before = text.index(before: start)
            left -= width(of: text[before])
            if left < 0 { break }
            start = before
        }
        return String(text[start...])
    }

    /// Cut at its end where it is too wide, with an ellipsis where there is room for one.
    package static func truncated(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > ellipsis.count + 1 else { return prefix(text, columns: columns) }
        return prefix(text, columns: columns - ellipsis.count) + ellipsis
    }

    /// Cut in its middle where it is too wide: what differs stands at both ends.
    package static func elided(_ text: String, to columns: Int, mark: String = ellipsis) -> String {
        guard width(text) > columns else { return text }
        guard columns > mark.count + 1 else { return prefix(text, columns: columns) }
        let room = columns - mark.count
        let head = prefix(text, columns: (room + 1) / 2)
        return head + mark + suffix(text, columns: room - width(head))
    }

    /// Filled with blanks to so many columns, or cut.
    package static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
        let cut = truncated(text, to: columns)
        let blanks = String(repeating: " ", count: max(0, columns - width(cut)))
        return right ? blanks + cut : cut + blanks
    }
}

import Screen
import Testing

struct DisplayTextTests {
    @Test(arguments: [
        ("", 0), ("orders", 6), ("会計-本番", 9), ("한국어", 6), ("ｶﾅ", 2), ("ＦＵＬＬ", 8), ("é", 1), ("e\u{301}", 1),
        ("\u{301}", 0), ("—…", 2), ("😀", 2), ("✅", 2), ("ไทย", 3), ("กำ", 2), ("עברית", 5), ("\u{1b}", 0),
        ("\u{200b}\u{ad}", 1), ("\u{fffd}", 1), ("𠀀", 2), ("a\tb", 2),
    ])
    func `width counts columns`(text: String, columns: Int) {
        #expect(DisplayText.width(text) == columns)
    }

    @Test(arguments: [
        ("orders", "orders"), ("a\nb\tc\r\nd", "a b c  d"), ("\u{1b}[31mred", "\u{fffd}[31mred"),
        ("\u{1b}]0;title\u{7}x", "\u{fffd}]0;title\u{fffd}x"), ("\u{9b}2Jx", "\u{fffd}2Jx"),
        ("\u{7f}", "\u{fffd}"),
        // The characters that turn the direction of what follows ("Trojan Source").
        ("a\u{202e}txt.exe\u{2066}b\u{200f}", "atxt.exeb"), ("\u{feff}zero\u{200b}width\u{ad}", "zerowidth"),
        // What widths are disputed about: variation selectors, joiners, skin tones.
        ("⚠\u{fe0f}", "⚠"), ("👍\u{1f3fd}", "👍"), ("👨\u{200d}👩\u{200d}👧", "👨👩👧"), ("\u{e0041}x", "x"),
        ("☠\u{fe0e}", "☠"), ("🇪🇺", "🇪🇺"), ("\u{e000}", "\u{fffd}"), ("\u{10ffff}", "\u{fffd}"),
        ("\u{2028}x", " x"), ("会計-本番", "会計-本番"),
    ])
    func `nothing reaches the terminal that could act on it`(text: String, shown: String) {
        #expect(DisplayText.sanitised(text) == shown)
        #expect(DisplayText.sanitised(shown) == shown)
    }

    @Test(arguments: [
        ("e\u{301}te\u{301}", "\u{e9}t\u{e9}"), ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
        ("か\u{3099}", "\u{304c}"),
        ("A\u{30a}\u{e0061}", "\u{c5}"),
    ])
    func `what is shown is composed`(text: String, shown: String) {
        #expect(Array(DisplayText.sanitised(text).unicodeScalars) == Array(shown.unicodeScalars))
    }

    @Test(arguments: [
        ("⚠\u{fe0f}", 1), ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 8), ("🇪🇺", 2), ("한", 2), ("会", 2),
        ("\u{202e}ab\u{202c}", 2),
    ])
    func `what is shown is as wide as terminals make it once nothing disputed is left`(
        text: String, columns: Int
    ) {
        let shown = DisplayText.sanitised(text)
        #expect(DisplayText.width(shown) == columns)
        #expect(DisplayText.width(DisplayText.padded(shown, to: 12)) == 12)
    }

    @Test(
        arguments: [
            ("─", true), ("│", true), ("±", true), ("Ж", true), ("…", true), ("①", true), ("\u{fffd}", true),
            ("a", false),
            ("é", true), ("ñ", false), ("会", false), ("한", false), ("e\u{301}", false), ("م", false),
        ] as [(Character, Bool)])
    func `characters on which terminals disagree are known`(character: Character, isAmbiguous: Bool) {
        #expect(DisplayText.isAmbiguous(character) == isAmbiguous)
    }

    @Test func `sanitised text holds no control character of any kind`() {
        let all =
            (0..<0x3000).compactMap { Unicode.Scalar($0) }
            + [0x1b, 0x9b, 0xe0001].compactMap { Unicode.Scalar($0) }
        for scalar in DisplayText.sanitised(String(String.UnicodeScalarView(all))).unicodeScalars {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .lineSeparator && category != .paragraphSeparator)
            #expect(!scalar.properties.isBidiControl)
        }
    }

    @Test(arguments: [
        ("orders-writer", 20, "orders-writer", "orders-writer"),
        ("orders-writer", 10, "orders-...", "orde...ter"), ("orders-writer", 5, "or...", "o...r"),
        ("orders-writer", 4, "orde", "orde"), ("orders-writer", 0, "", ""), ("orders-writer", -1, "", ""),
        ("会計本番データ", 9, "会計本...", "会...ータ"), ("会計本番データ", 8, "会計...", "会...タ"), ("会計", 3, "会", "会"),
        ("会計", 1, "", ""), ("会計", 4, "会計", "会計"),
    ])
    func `text too wide is cut by columns`(text: String, columns: Int, end: String, middle: String) {
        #expect(DisplayText.truncated(text, to: columns) == end)
        let elided = DisplayText.elided(text, to: columns)
        #expect(DisplayText.width(elided) <= max(0, columns))
        #expect(elided == middle)
    }

    @Test(arguments: 0...12, ["orders-writer", "会計本番データ", "e\u{301}te\u{301}s à Paris", "😀😀😀😀😀😀😀"])
    func `padded text has exactly its columns`(columns: Int, text: String) {
        for right in [false, true] {
            #expect(DisplayText.width(DisplayText.padded(text, to: columns, right: right)) == columns)
        }
    }
}

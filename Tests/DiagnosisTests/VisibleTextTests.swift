import Diagnosis
import Testing

struct VisibleTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\tb", "a  b"), ("\u{1b}[2J", #"\x1b[2J"#), ("\u{7f}\u{9b}", #"\x7f\x9b"#),
        ("\u{202e}evil", #"\u202eevil"#), ("会計 本番", "会計 本番"),
        ("line \r\n\n  second  ", "line \\x0d\n  second"),
        ("", ""),
    ])
    func `control characters are shown by number`(text: String, shown: String) {
        #expect(VisibleText.lines(text) == shown)
    }

    @Test func `one line stays one line, and no text is endless`() {
        #expect(VisibleText.line("a\nb\n") == "a b")
        #expect(VisibleText.lines(String(repeating: "x", count: 1_000_000)).count == 4096)
    }
}

/// A cause in words: what is likely wrong, and the one thing to do next.
struct Advice {
    var text: String
    var fix: String

    init(_ text: String, fix: String) {
        self.text = text
        self.fix = fix
    }
}

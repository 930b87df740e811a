/// A cause in words: what is likely wrong, how to be sure of it, and the one thing to do next.
struct Advice {
    var text: String
    var check: String
    var fix: String
    var remedy: Remedy?

    init(_ text: String, check: String, fix: String, _ remedy: Remedy? = nil) {
        self.text = text
        self.check = check
        self.fix = fix
        self.remedy = remedy
    }
}

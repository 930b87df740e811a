/// Why a test failed, in words a DBA can act on.
package struct Cause: Sendable, Hashable {
    package var code: CauseCode
    /// What is likely wrong, one sentence.
    package var text: String
    /// How to be sure that it is this one.
    package var check: String
    /// The one thing to do next.
    package var fix: String
    /// The same, where pgfob can do it on a key.
    package var remedy: Remedy?

    package init(_ code: CauseCode, text: String, check: String = "", fix: String, remedy: Remedy? = nil) {
        self.code = code
        self.text = text
        self.check = check
        self.fix = fix
        self.remedy = remedy
    }
}

/// Why a test failed, in words a DBA can act on.
package struct Cause: Sendable, Hashable {
    package var code: CauseCode
    /// What is likely wrong, one sentence.
    package var text: String
    /// The one thing to do next.
    package var fix: String

    package init(_ code: CauseCode, text: String, fix: String) {
        self.code = code
        self.text = text
        self.fix = fix
    }
}

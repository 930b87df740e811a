/// Why there is no screen, in one line, and what to do instead.
package struct TerminalRefusal: Error, Sendable, Hashable {
    package var what: String
    package var remedy: String

    package init(_ what: String, do remedy: String) {
        self.what = what
        self.remedy = remedy
    }
}

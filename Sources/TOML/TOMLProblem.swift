/// What is wrong with a TOML text: file, line and key, what was expected and what to do.
package struct TOMLProblem: Error, Sendable, Hashable {
    package var what: String
    package var remedy: String
    /// The line at fault, from 1, where one is.
    package var line: Int?

    package init(_ what: String, do remedy: String, line: Int? = nil) {
        self.what = what
        self.remedy = remedy
        self.line = line
    }
}

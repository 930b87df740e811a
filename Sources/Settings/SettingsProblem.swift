/// What is wrong with a file of settings: file, line and key, what was expected and what to do.
package struct SettingsProblem: Error, Sendable, Hashable {
    package var what: String
    package var remedy: String

    package init(_ what: String, do remedy: String) {
        self.what = what
        self.remedy = remedy
    }
}

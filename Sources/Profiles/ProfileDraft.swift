/// What stands in a form and is not saved yet.
package struct ProfileDraft: Sendable, Hashable {
    /// As far as what is typed can be read.
    package var profile: Profile
    /// The saved profile as it was when the form was opened; nil for a new one.
    package var base: Profile?
    /// The paste line.
    package var pasted: String
    /// Texts of fields that cannot be read.
    package var unread: [ProfileField: String]
    /// What came back from the editor and cannot be read; nil where nothing did.
    package var editorText: String?

    package init(
        _ profile: Profile, of base: Profile?, pasted: String = "", unread: [ProfileField: String] = [:],
        editorText: String? = nil
    ) {
        (self.profile, self.base, self.pasted) = (profile, base, pasted)
        (self.unread, self.editorText) = (unread, editorText)
    }
}

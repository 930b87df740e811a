/// Why the store did not do what was asked: what failed and what to do.
package struct StoreFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Another live profile has the name.
        case nameTaken
        /// What is to be changed was changed by another program since it was read.
        case changedElsewhere
        /// The row is not there any more.
        case gone
        /// The file itself: cannot be opened, read or written.
        case unusable
    }

    package var kind: Kind
    package var what: String
    package var remedy: String

    package init(_ kind: Kind, _ what: String, do remedy: String) {
        self.kind = kind
        self.what = what
        self.remedy = remedy
    }

    package var isNameTaken: Bool { kind == .nameTaken }
}

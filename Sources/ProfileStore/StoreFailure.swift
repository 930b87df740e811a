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
        /// The same, as its disk has no room.
        case diskFull
        /// It can be read only, and would have to be written first.
        case readOnly
    }

    package var kind: Kind
    package var what: String
    package var remedy: String

    package init(_ kind: Kind, _ what: String, do remedy: String) {
        self.kind = kind
        self.what = what
        self.remedy = remedy
    }

    static func diskFull(_ path: String) -> StoreFailure {
        StoreFailure(.diskFull, "the disk of the store \(path) is full", do: "free some space and try again")
    }

    static func readOnly(_ path: String) -> StoreFailure {
        StoreFailure(
            .readOnly, "the store \(StoreFile.closedPart(of: path)) cannot be written",
            do: "make the file and its folder writable, or name another with --store")
    }

    var isDiskFull: Bool { kind == .diskFull }

    package var isNameTaken: Bool { kind == .nameTaken }
}

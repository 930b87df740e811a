/// Why a profile cannot be signed for or dialled at all.
package struct ProfileProblem: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case regionUnknown, hostNotSignable, hostInvalid, incomplete, tlsRequiredByToken
    }

    package var kind: Kind
    /// What is wrong.
    package var message: String
    /// What to do.
    package var fix: String

    package init(_ kind: Kind, _ message: String, fix: String) {
        self.kind = kind
        self.message = message
        self.fix = fix
    }
}

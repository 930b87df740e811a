import Diagnosis
import Profiles

/// Why a verb did not do what was asked: what failed and what to do, in one line, and how the program ends.
package struct Refusal: Error, Sendable, Hashable {
    /// The exit codes of design/cli.md.
    package enum Kind: Int32, Sendable, Hashable {
        /// The thing asked about failed, or its name was not found.
        case failed = 1
        /// A wrong call, or refused for want of a flag.
        case usage = 2
        /// AWS credentials are missing or have ended.
        case credentials = 3
        /// The store cannot be used.
        case store = 4
        /// The program to start is there and cannot be run.
        case programNotRunnable = 126
        /// The program to start was not found.
        case programNotFound = 127
    }

    package var kind: Kind
    /// What failed. Holds no secret.
    package var what: String
    /// What to do about it, in the words of the command line.
    package var remedy: String
    /// The same in the words of the screen, where those are others.
    package var screenRemedy: String?
    /// The cause's code, where design/cli.md has one for it.
    package var cause: CauseCode?
    /// The field at fault, where one is.
    package var field: ProfileField?
    /// Whether somebody else has changed the same since it was read.
    package var isClash = false
    /// The command that would help, by argv: a login to AWS that has to be done anew.
    package var login: [String]?
    /// Further lines for --verbose: what every credential provider said.
    package var details: [String] = []

    package init(
        _ kind: Kind, _ what: String, do remedy: String, onScreen screenRemedy: String? = nil,
        cause: CauseCode? = nil, field: ProfileField? = nil
    ) {
        self.screenRemedy = screenRemedy
        self.kind = kind
        self.what = what
        self.remedy = remedy
        self.cause = cause
        self.field = field
    }

    /// How `connect` and `exec` end: their lower codes are the child's own, so that what pgfob itself could not do
    /// is 125; a call that was wrong stays 2.
    package var sessionExitCode: Int32 {
        switch kind {
        case .usage, .programNotRunnable, .programNotFound: kind.rawValue
        case .failed, .credentials, .store: 125
        }
    }

    /// Both halves, as stderr shows them.
    package var line: String { "\(what): \(remedy)" }

    /// Both halves, as the screen's status line shows them.
    package var screenLine: String { "\(what): \(screenRemedy ?? remedy)" }
}

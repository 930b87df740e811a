import Profiles
import Screen

/// One control of the form: a line of text, or a choice among words.
struct FormControl: Sendable, Hashable {
    let field: ProfileField
    private(set) var line: TextField
    /// The words to choose among, the empty one for what the environment or libpq decides.
    let choices: [String]
    /// Whether a word of the user's own may be typed as well.
    let takesOwnWord: Bool
    /// What stood there when the form was opened.
    private(set) var start: String

    init(_ field: ProfileField, text: String) {
        self.field = field
        line = TextField(text)
        start = text
        switch field {
        case .auth: choices = Authentication.allCases.map(\.rawValue)
        case .sslmode:
            choices = (text.isEmpty ? [""] : []) + SSLMode.allCases.reversed().map(\.rawValue)
        case .confirm: choices = [""] + ConfirmPolicy.allCases.map(\.rawValue)
        case .readOnly: choices = ["", "yes", "no"]
        case .pinned: choices = ["no", "yes"]
        case .environment: choices = [""] + Environment.known.map(\.word)
        default: choices = []
        }
        takesOwnWord = field == .environment
    }

    var text: String { line.text }
    var isChanged: Bool { line.text != start }
    var isChoice: Bool { !choices.isEmpty }

    /// Another text stands in the store by now: what was not touched here follows it.
    mutating func rebase(on theirs: String) {
        if !isChanged { line.replace(with: theirs) }
        start = theirs
    }

    /// Replaces the text as one edit.
    mutating func replace(with text: String) { line.replace(with: text) }

    /// The choices, and a word of the user's own behind them.
    var words: [String] { choices.contains(text) ? choices : choices + [text] }

    /// - Returns: false where the key means nothing to this control.
    mutating func handle(_ key: Key) -> Bool {
        guard isChoice else { return line.handle(key) }
        switch key {
        case .right, .character(" "): step(1)
        case .left: step(-1)
        default:
            guard takesOwnWord else { return false }
            // The first letter begins a word of one's own instead of lengthening `prod`.
            if case .character = key, choices.contains(line.text) { line.replace(with: "") }
            return line.handle(key)
        }
        return true
    }

    private mutating func step(_ by: Int) {
        let at = choices.firstIndex(of: line.text)
        let next = at.map { ($0 + by + choices.count) % choices.count } ?? (by > 0 ? 0 : choices.count - 1)
        line.replace(with: choices[next])
    }

    /// A choice for people; what an empty one means is told by the profile that the form holds.
    func shown(_ choice: String, in profile: Profile) -> String {
        guard choice.isEmpty else { return choice }
        return switch field {
        case .environment: "none"
        case .sslmode: profile.unsaidSSLMode
        default: "as env"
        }
    }
}

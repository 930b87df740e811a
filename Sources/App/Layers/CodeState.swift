import Profiles
import Screen

/// A question that a worker has for the user: the code of an MFA device, a password, or what a tunnel's program wants to
/// know.
struct CodeState: Sendable {
    enum Question: Sendable {
        /// The device's serial number or ARN.
        case mfa(device: String)
        case tunnel(TunnelQuestion)
        case password(PasswordQuestion)
    }

    /// Whose answer it is.
    let id: RequestID
    let question: Question
    var field = TextField()

    init(_ id: RequestID, _ question: Question) {
        self.id = id
        self.question = question
    }

    /// Whether what is typed must not be seen.
    var isSecret: Bool {
        if case .tunnel(let question) = question { question.kind == .secret } else { true }
    }

    /// Whether there is something to answer.
    var takesAnswer: Bool {
        if case .tunnel(let question) = question { question.kind != .notice } else { true }
    }

    /// What is sent for what was typed; nil where it is no answer yet.
    var answer: String? {
        switch question {
        case .mfa:
            let code = field.text.filter { !$0.isWhitespace }
            return code.isEmpty ? nil : code
        case .password: return field.text.isEmpty ? nil : field.text
        // An empty passphrase is one: ssh then goes on to the next key.
        case .tunnel: return field.text
        }
    }
}

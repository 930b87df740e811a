import Profiles

/// Why there are no credentials: what was found, and what to do.
package struct AWSFailure: Error, Sendable, Hashable {
    /// A cause code of the `aws` stage (design/cli.md).
    package var code: String
    /// What is wrong. Holds no secret.
    package var message: String
    package var whatToDo: String
    /// What every provider said, in the order in which they were asked.
    package var reasons: [String]
    /// The command that would help, by argv: a login that has to be done anew.
    package var login: [String]?
    /// Whether the credentials are the matter; false where they are there, and a call that was made with them came to
    /// nothing.
    package var concernsCredentials = true

    package init(
        _ code: String, _ message: String, do whatToDo: String, reasons: [String] = [], login: [String]? = nil
    ) {
        self.code = code
        self.message = message
        self.whatToDo = whatToDo
        self.reasons = reasons
        self.login = login
    }

    /// A session has ended, or was never begun.
    static func login(_ message: String, _ command: [String]) -> AWSFailure {
        let shown = command.map { ShellWords.word($0.shown) }.joined(separator: " ")
        return AWSFailure("aws-sso-login-needed", message, do: "run `\(shown)`", login: command)
    }

    /// The files or the environment say something that cannot be.
    static func config(_ message: String, do whatToDo: String) -> AWSFailure {
        AWSFailure("aws-config-broken", message, do: whatToDo)
    }
}

import Operations
import Profiles
import Workers

/// Who answers what a batch has to ask. Each blocks until there is an answer, nil where none is given, or the batch is
/// cancelled; several may be asked at once. Nil where there is nobody to ask.
package struct Asking: Sendable {
    /// The code of an MFA device, by its serial number or ARN.
    package var code: (@Sendable (String, Cancellation) -> String?)?
    /// What a tunnel's program wants to know.
    package var tunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)?
    /// A password that a server wants.
    package var password: AskedPasswords.Ask?

    package init(
        code: (@Sendable (String, Cancellation) -> String?)? = nil,
        tunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)? = nil,
        password: AskedPasswords.Ask? = nil
    ) {
        (self.code, self.tunnel, self.password) = (code, tunnel, password)
    }

    /// Asks for a code as long as a batch is not cancelled.
    func forCode(_ cancellation: Cancellation) -> (@Sendable (String) -> String?)? {
        guard let code else { return nil }
        return { code($0, cancellation) }
    }
}

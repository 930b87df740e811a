import Profiles
import Workers

/// How far an operation may go to sign: how long it may take, who ends it, who answers questions.
package struct SignerOptions: Sendable {
    /// Signs anew even where a good token is kept.
    package var fresh = false
    package var wait: Wait
    /// Asks the user for the code of an MFA device, by its serial number or ARN, and blocks until there is an answer;
    /// nil where there is nobody to ask.
    package var askCode: (@Sendable (String) -> String?)?

    /// Asks the user what a tunnel's program wants to know, as ``askCode`` does.
    package var askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)?

    /// Asks the user for a password that a server wants, as ``askCode`` does.
    package var askPassword: AskedPasswords.Ask?

    /// Is told how far the opening of a session is.
    package var onStage: (@Sendable (SessionStage) -> Void)?

    package init(
        fresh: Bool = false, timeout: Duration = .seconds(30), cancellation: Cancellation = Cancellation(),
        askCode: (@Sendable (String) -> String?)? = nil
    ) {
        self.fresh = fresh
        wait = Wait(deadline: .now + timeout, cancellation: cancellation)
        self.askCode = askCode
    }

    /// Something may have asked a person, since when: what they took to answer is not the network's time.
    mutating func giveBack(since start: ContinuousClock.Instant) {
        wait = wait.extended(by: .now - start)
    }

    /// A session of the profile comes to a step that can take its time.
    func comes(to step: SessionStage.Step, of profile: Profile) {
        if let onStage, let stage = SessionStage(step, of: profile) { onStage(stage) }
    }
}

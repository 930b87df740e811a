#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Workers

/// Whose credentials are wanted, and how far to go for them.
package struct CredentialRequest: Sendable {
    /// A name counts as explicitly chosen: the environment's keys are not asked.
    package var profile: String?
    package var now: Date
    package var wait: Wait
    /// Asks the user for the code of an MFA device; nil where there is nobody to ask.
    package var askCode: (@Sendable (String) -> String?)?
    /// Whether only what this machine holds is looked at.
    package var isOffline = false

    package init(
        profile: String?, now: Date,
        wait: Wait = Wait(deadline: .now + .seconds(30), cancellation: Cancellation()),
        askCode: (@Sendable (String) -> String?)? = nil, isOffline: Bool = false
    ) {
        self.profile = profile
        self.now = now
        self.wait = wait
        self.askCode = askCode
        self.isOffline = isOffline
    }
}

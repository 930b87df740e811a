#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Secrets

/// A token with its real life: the smaller of its own and that of the credentials that signed it.
package struct IssuedToken: Sendable, Hashable {
    package enum Limit: Sendable, Hashable { case token, credentials }

    package var text: Secret
    package var signedAt: Date
    package var expiresAt: Date
    package var limitedBy: Limit
    /// Seconds that its signature's time is ahead of this machine's clock.
    package var correction = 0.0
    /// What signed it.
    package var credentials: Credentials
}

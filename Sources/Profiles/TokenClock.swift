#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The life of a token that was minted in this run: instants, never a countdown, and not the token itself.
package struct TokenClock: Sendable, Hashable {
    /// What ends the token's life.
    package enum Limit: String, Sendable, Hashable {
        /// The 900 seconds that RDS grants (Aurora User Guide, "IAM database authentication").
        case token
        /// The credentials that signed it end sooner.
        case credentials
    }

    package var signedAt: Date
    /// When a new login with it stops working.
    package var expiresAt: Date
    package var limitedBy: Limit
    /// Which provider's credentials signed it, for people: `environment`, `static keys, profile acme-prod`.
    package var provider: String

    package init(signedAt: Date, expiresAt: Date, limitedBy: Limit, provider: String) {
        self.signedAt = signedAt
        self.expiresAt = expiresAt
        self.limitedBy = limitedBy
        self.provider = provider
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Secrets
import SigV4

/// AWS credentials with their source and their end.
package struct Credentials: Sendable, Hashable {
    package var signing: SigningCredentials
    /// Nil where they do not end, or nobody knows when.
    package var expiresAt: Date?
    /// Who gave them, for people: `environment`, `static keys, profile acme`.
    package var provider: String
    /// What people do when they have ended.
    package var renewal: String

    package init(signing: SigningCredentials, expiresAt: Date? = nil, provider: String, renewal: String) {
        self.signing = signing
        self.expiresAt = expiresAt
        self.provider = provider
        self.renewal = renewal
    }
}

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
    /// The account that they belong to, where the provider told.
    package var accountID: String?
    /// The role or user that they stand for, where the provider told.
    package var arn: String?
    /// The session that they came from.
    package var session: LoginSession?
    /// What went wrong on the way without doing harm yet.
    package var remark: String?
    /// Whether getting them took a network or a process, so that they are kept until they are due for renewal.
    package var isCostly = false
    /// Whether a question was answered for them, which is not asked again before they end.
    package var isInteractive = false

    package init(signing: SigningCredentials, expiresAt: Date? = nil, provider: String, renewal: String) {
        self.signing = signing
        self.expiresAt = expiresAt
        self.provider = provider
        self.renewal = renewal
    }

    /// The account in an ARN (AWS General Reference, "Amazon Resource Names"); nil where there is none.
    static func account(of arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 5 && parts[0] == "arn" && !parts[4].isEmpty ? String(parts[4]) : nil
    }
}

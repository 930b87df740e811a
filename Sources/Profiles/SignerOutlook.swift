#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whose AWS credentials would sign, as far as this machine knows without asking anybody: instants, no secret.
package struct SignerOutlook: Sendable, Hashable {
    /// The session that the credentials come from.
    package struct Session: Sendable, Hashable {
        /// `SSO` or `login`, as the header shows it.
        package var kind: String
        /// When it ends; nil where that is unknown.
        package var endsAt: Date?
        /// Whether it is renewed without the user, so that its end is only that of the token of the moment.
        package var renewsItself: Bool

        package init(kind: String, endsAt: Date?, renewsItself: Bool = false) {
            self.kind = kind
            self.endsAt = endsAt
            self.renewsItself = renewsItself
        }
    }

    /// The provider that won, or would: `static keys, profile acme-prod`, `role DBA`.
    package var provider: String
    /// When the credentials themselves end, where they are here already and end at all.
    package var credentialsEndAt: Date?
    package var session: Session?
    /// The last digits of the account, or all of them; nil where the provider did not tell.
    package var account: String?
    /// The role or user, without the account.
    package var principal: String?
    /// Why nothing can be signed, on one line; nil where something can.
    package var problem: String?
    /// What begins the session anew, by argv.
    package var login: [String]?

    package init(
        provider: String, credentialsEndAt: Date? = nil, session: Session? = nil, account: String? = nil,
        principal: String? = nil, problem: String? = nil, login: [String]? = nil
    ) {
        self.provider = provider
        self.credentialsEndAt = credentialsEndAt
        self.session = session
        self.account = account
        self.principal = principal
        self.problem = problem
        self.login = login
    }

    /// Whether the user has to log in before anything can be signed.
    package func needsLogin(at now: Date) -> Bool {
        if login != nil, problem != nil { return true }
        guard let session, !session.renewsItself, let end = session.endsAt, end <= now else { return false }
        // Credentials that are here outlive their session.
        return credentialsEndAt.map { $0 <= now } ?? true
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Secrets
import SigV4
import Synchronization

/// Issues tokens and keeps them for reuse: one per endpoint, port, region, user and credentials.
package final class TokenSource: Sendable {
    /// No token is handed out with less than this to live, in seconds.
    package static let margin = CredentialStore.margin

    fileprivate struct Key: Hashable {
        var request: TokenRequest
        var credentials: SigningCredentials
    }

    fileprivate struct Cache {
        var tokens: [Key: IssuedToken] = [:]
        var cleanedAt = Date.distantPast
    }

    /// Where credentials come from.
    package let store: CredentialStore
    private var chain: CredentialChain { store.chain }
    private let cache = Mutex(Cache())

    /// - Parameter environment: the process environment.
    package convenience init(environment: [String: String]) {
        self.init(store: CredentialStore(chain: CredentialChain(environment: environment)))
    }

    package init(store: CredentialStore) {
        self.store = store
    }

    /// How far AWS's clock is from this machine's.
    package var skew: ClockSkew { chain.skew }

    /// The region of the AWS configuration, for hosts whose name tells none.
    package func defaultRegion(profile: String?) -> String? { chain.defaultRegion(profile: profile) }

    /// A token that lives 60 s or more: one that is kept, or a new one. One that was asked to live less than
    /// that is signed anew each time.
    ///
    /// - Parameter fresh: sign a new one in any case.
    /// - Throws: ``AWSFailure`` where there are no credentials, or theirs would end within 60 s.
    package func token(
        for request: TokenRequest, as signer: CredentialRequest, fresh: Bool = false
    ) throws(AWSFailure) -> IssuedToken {
        let (credentials, now) = (try store.credentials(signer), signer.now)
        let key = Key(request: request, credentials: credentials.signing)
        if !fresh, let kept = cache.withLock({ $0.tokens[key] }),
            isGood(kept, ending: credentials.expiresAt, now: now)
        {
            return kept
        }
        if let end = credentials.expiresAt, end.timeIntervalSince(now) < Self.margin {
            throw AWSFailure(
                "aws-expired",
                "the AWS credentials (\(credentials.provider)) end in less than \(Int(Self.margin)) seconds, and a "
                    + "token with them", do: credentials.renewal)
        }
        let issued = issue(request, credentials, now: now)
        cache.withLock { $0.keep(issued, for: key, now: now) }
        return issued
    }

    /// - Parameter end: of the credentials as they stand now: the same keys may have got another one.
    private func isGood(_ token: IssuedToken, ending end: Date?, now: Date) -> Bool {
        // A clock that was set back would make an old token look young: it must not come from the future. Nor may it be
        // from before it was known how far the clock is off: AWS would have refused it all its life.
        token.signedAt <= now && token.expiresAt.timeIntervalSince(now) >= Self.margin
            && (end.map { $0 >= token.expiresAt } ?? true)
            && abs(token.correction - skew.correction) < ClockSkew.noticeable
    }

    private func issue(_ request: TokenRequest, _ credentials: Credentials, now: Date) -> IssuedToken {
        // Signed with AWS's time where that is another; its life is counted by this machine's clock all the same.
        let correction = skew.correction
        let token = AuthToken.presign(
            request, credentials: credentials.signing, at: SigningTime(now.addingTimeInterval(correction)))
        let signedAt = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        let end = signedAt.addingTimeInterval(Double(request.expires))
        let limit = credentials.expiresAt.flatMap { $0 < end ? $0 : nil }
        return IssuedToken(
            text: token.text, signedAt: signedAt, expiresAt: limit ?? end,
            limitedBy: limit == nil ? .token : .credentials, correction: correction, credentials: credentials)
    }
}

extension TokenSource.Cache {
    fileprivate mutating func keep(_ token: IssuedToken, for key: TokenSource.Key, now: Date) {
        // What has ended goes, so that the cache never outgrows what was asked for in a quarter of an hour;
        // not at every token, which would cost the square of a large fleet.
        if abs(now.timeIntervalSince(cleanedAt)) >= 60 {
            tokens = tokens.filter { $0.value.expiresAt > now }
            cleanedAt = now
        }
        tokens[key] = token
    }
}

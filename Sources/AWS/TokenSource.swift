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
    package static let margin: TimeInterval = 60

    private struct Key: Hashable {
        var request: TokenRequest
        var credentials: SigningCredentials
    }

    private let chain: CredentialChain
    private let cache = Mutex<[Key: IssuedToken]>([:])

    /// - Parameter environment: the process environment.
    package init(environment: [String: String]) {
        chain = CredentialChain(environment: environment)
    }

    /// The credentials that would sign.
    ///
    /// - Throws: ``AWSFailure``.
    package func credentials(profile: String?, now: Date) throws(AWSFailure) -> Credentials {
        try chain.resolve(profile: profile, now: now)
    }

    /// The region of the AWS configuration, for hosts whose name tells none.
    package func defaultRegion(profile: String?) -> String? { chain.defaultRegion(profile: profile) }

    /// A token that lives 60 s or more: one that is kept, or a new one.
    ///
    /// - Parameter fresh: sign a new one in any case.
    /// - Throws: ``AWSFailure`` where there are no credentials, or theirs would end within 60 s.
    package func token(
        for request: TokenRequest, profile: String?, now: Date, fresh: Bool = false
    ) throws(AWSFailure) -> IssuedToken {
        let credentials = try credentials(profile: profile, now: now)
        let key = Key(request: request, credentials: credentials.signing)
        if !fresh, let kept = cache.withLock({ $0[key] }), Self.isGood(kept, now: now) { return kept }
        let issued = Self.issue(request, credentials, now: now)
        guard Self.isGood(issued, now: now) else {
            throw AWSFailure(
                "aws-expired",
                "the credentials of \(credentials.provider) end in less than \(Int(Self.margin)) seconds",
                do: "renew them first: a token lives no longer than they do")
        }
        cache.withLock { cache in
            // What has ended goes, so that the cache never outgrows the profiles in use.
            cache = cache.filter { $0.value.expiresAt > now }
            cache[key] = issued
        }
        return issued
    }

    private static func isGood(_ token: IssuedToken, now: Date) -> Bool {
        // A clock that was set back would make an old token look young: it must not come from the future.
        token.expiresAt.timeIntervalSince(now) >= margin && token.signedAt <= now
    }

    private static func issue(_ request: TokenRequest, _ credentials: Credentials, now: Date) -> IssuedToken {
        let time = SigningTime(seconds: Int(now.timeIntervalSince1970.rounded(.down)))
        let token = AuthToken.presign(request, credentials: credentials.signing, at: time)
        let signedAt = Date(timeIntervalSince1970: Double(time.seconds))
        let end = signedAt.addingTimeInterval(Double(request.expires))
        let limited = credentials.expiresAt.map { $0 < end } ?? false
        return IssuedToken(
            text: token.text, signedAt: signedAt, expiresAt: limited ? credentials.expiresAt ?? end : end,
            limitedBy: limited ? .credentials : .token, provider: credentials.provider)
    }
}

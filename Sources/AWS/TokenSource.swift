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

    fileprivate struct Key: Hashable {
        var request: TokenRequest
        var credentials: SigningCredentials
    }

    fileprivate struct Cache {
        var tokens: [Key: IssuedToken] = [:]
        var cleanedAt = Date.distantPast
    }

    private let chain: CredentialChain
    private let cache = Mutex(Cache())

    /// - Parameter environment: the process environment.
    package convenience init(environment: [String: String]) {
        self.init(chain: CredentialChain(environment: environment))
    }

    package init(chain: CredentialChain) {
        self.chain = chain
    }

    /// The credentials that would sign.
    ///
    /// - Throws: ``AWSFailure``.
    package func credentials(profile: String?, now: Date) throws(AWSFailure) -> Credentials {
        try chain.resolve(profile: profile, now: now)
    }

    /// The region of the AWS configuration, for hosts whose name tells none.
    package func defaultRegion(profile: String?) -> String? { chain.defaultRegion(profile: profile) }

    /// A token that lives 60 s or more: one that is kept, or a new one. One that was asked to live less than
    /// that is signed anew each time.
    ///
    /// - Parameter fresh: sign a new one in any case.
    /// - Throws: ``AWSFailure`` where there are no credentials, or theirs would end within 60 s.
    package func token(
        for request: TokenRequest, profile: String?, now: Date, fresh: Bool = false
    ) throws(AWSFailure) -> IssuedToken {
        let credentials = try credentials(profile: profile, now: now)
        let key = Key(request: request, credentials: credentials.signing)
        if !fresh, let kept = cache.withLock({ $0.tokens[key] }),
            Self.isGood(kept, ending: credentials.expiresAt, now: now)
        {
            return kept
        }
        if let end = credentials.expiresAt, end.timeIntervalSince(now) < Self.margin {
            throw AWSFailure(
                "aws-expired",
                "the AWS credentials (\(credentials.provider)) end in less than \(Int(Self.margin)) seconds, and a "
                    + "token with them", do: credentials.renewal)
        }
        let issued = Self.issue(request, credentials, now: now)
        cache.withLock { $0.keep(issued, for: key, now: now) }
        return issued
    }

    /// - Parameter end: of the credentials as they stand now: the same keys may have got another one.
    private static func isGood(_ token: IssuedToken, ending end: Date?, now: Date) -> Bool {
        // A clock that was set back would make an old token look young: it must not come from the future.
        token.signedAt <= now && token.expiresAt.timeIntervalSince(now) >= margin
            && (end.map { $0 >= token.expiresAt } ?? true)
    }

    private static func issue(_ request: TokenRequest, _ credentials: Credentials, now: Date) -> IssuedToken {
        let time = SigningTime(now)
        let token = AuthToken.presign(request, credentials: credentials.signing, at: time)
        let signedAt = Date(timeIntervalSince1970: Double(time.seconds))
        let end = signedAt.addingTimeInterval(Double(request.expires))
        guard let limit = credentials.expiresAt, limit < end else {
            return IssuedToken(
                text: token.text, signedAt: signedAt, expiresAt: end, limitedBy: .token,
                provider: credentials.provider)
        }
        return IssuedToken(
            text: token.text, signedAt: signedAt, expiresAt: limit, limitedBy: .credentials,
            provider: credentials.provider)
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

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Secrets
import SigV4

/// A token with its life, ready for one login or several.
package struct MintedToken: Sendable {
    package var text: Secret
    package var clock: TokenClock
    /// What it was signed for.
    package var target: SigningTarget
}

/// Mints tokens for profiles and, ad hoc, for what the command line names.
package final class TokenMint: Sendable {
    private let surroundings: Surroundings
    private let source: TokenSource

    package init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        source = TokenSource(environment: surroundings.environment)
    }

    /// What a profile's token has to be signed for; needs no credentials and no network.
    ///
    /// - Throws: ``Refusal`` with the cause codes of the `profile` stage.
    package func target(of profile: Profile) throws(Refusal) -> SigningTarget {
        do throws(ProfileProblem) {
            return try profile.signingTarget(defaultRegion: nil)
        } catch {
            // Only now the AWS files are read: the host name nearly always tells the region.
            guard error.kind == .regionUnknown, let region = defaultRegion(profile.awsProfile) else {
                throw Refusal(error)
            }
            do throws(ProfileProblem) {
                return try profile.signingTarget(defaultRegion: region)
            } catch {
                throw Refusal(error)
            }
        }
    }

    /// A token for this profile: one that is cached and has 60 s or more to live, or a new one.
    ///
    /// - Parameter fresh: sign a new one in any case.
    /// - Throws: ``Refusal`` of kind `failed` for the profile, `credentials` for AWS.
    package func mint(_ profile: Profile, now: Date, fresh: Bool = false) throws(Refusal) -> MintedToken {
        let target = try target(of: profile)
        do throws(AWSFailure) {
            let issued = try source.token(
                for: TokenRequest(target), profile: profile.awsProfile, now: now, fresh: fresh)
            return MintedToken(text: issued.text, clock: TokenClock(issued), target: target)
        } catch {
            throw Refusal(error)
        }
    }

    /// Who would sign for this profile: the winning provider's name and when its credentials end.
    ///
    /// - Throws: ``Refusal`` of kind `credentials`.
    package func signer(of profile: Profile, now: Date) throws(Refusal) -> (
        provider: String, expiresAt: Date?
    ) {
        let credentials = try credentials(profile: profile.awsProfile, now: now)
        return (credentials.provider, credentials.expiresAt)
    }

    private func defaultRegion(_ awsProfile: String?) -> Region? {
        defaultRegion(of: awsProfile).flatMap { Region(rawValue: $0) }
    }

    /// The region of the AWS configuration, as it stands there.
    func defaultRegion(of awsProfile: String?) -> String? { source.defaultRegion(profile: awsProfile) }

    /// - Throws: ``Refusal`` of kind `credentials`.
    func credentials(profile: String?, now: Date) throws(Refusal) -> Credentials {
        do throws(AWSFailure) {
            return try source.credentials(profile: profile, now: now)
        } catch {
            throw Refusal(error)
        }
    }
}

extension TokenRequest {
    init(_ target: SigningTarget) {
        let kind: Kind =
            switch target.kind {
            case .rds: .rds(user: target.user)
            case .dsql: .dsql
            case .dsqlAdmin: .dsqlAdmin
            }
        self.init(host: target.host, port: target.port, kind: kind, region: target.region.rawValue)
    }
}

extension TokenClock {
    init(_ issued: IssuedToken) {
        self.init(
            signedAt: issued.signedAt, expiresAt: issued.expiresAt,
            limitedBy: issued.limitedBy == .token ? .token : .credentials, provider: issued.provider)
    }
}

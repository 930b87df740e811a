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
    /// Whose credentials signed it.
    package var signer: SignerOutlook
    /// Whether it was signed for an earlier login: one of the same second is the same token anyway.
    package var wasKept: Bool
}

/// Mints tokens for profiles and, ad hoc, for what the command line names.
package final class TokenMint: Sendable {
    let source: TokenSource
    private let aliases: AliasFollower
    /// Whatever of this process logs in with a token takes its turn here.
    let pacer = LoginPacer()
    private let settings: SettingsInForce
    /// How long tokens for profiles live, in seconds; nil for as long as the service takes them.
    var life: Int? { settings.values.tokenSeconds }

    package convenience init(_ surroundings: Surroundings) {
        self.init(surroundings, aliases: AliasFollower())
    }

    init(_ surroundings: Surroundings, aliases: AliasFollower) {
        self.aliases = aliases
        settings = surroundings.settings
        let skew = ClockSkew(corrects: { [settings] in settings.values.correctsClock })
        source = TokenSource(
            store: CredentialStore(chain: CredentialChain(environment: surroundings.environment, skew: skew)))
        if let handedOver = surroundings.handedOver { source.store.takeOver(handedOver) }
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

    /// The profile as it is opened: its environment by the settings' rules, and what that asks for. Reads the AWS
    /// files where a rule asks for the account.
    package func effective(_ profile: Profile) -> Profile {
        let policies = settings.values.policies
        let account =
            policies.asksForAccount && profile.environment == nil && profile.auth == .iam
            ? outlook(awsProfile: profile.awsProfile, now: Date()).account : nil
        return policies.effective(profile, account: account)
    }

    /// The profile as it is signed for and connected to: where its host is an alias of an endpoint in DNS, with the
    /// endpoint's name. Blocks on DNS where the host is no endpoint itself.
    package func followed(_ profile: Profile, _ options: SignerOptions = SignerOptions()) -> Profile {
        aliases.followed(profile, options.wait)
    }

    /// A token for this profile: one that is cached and has 60 s or more to live, or a new one.
    ///
    /// May block on a network, as far as the options allow.
    ///
    /// - Throws: ``Refusal`` of kind `failed` for the profile, `credentials` for AWS.
    package func mint(
        _ profile: Profile, now: Date, options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> MintedToken {
        let target = try target(of: followed(profile, options))
        let request = Self.request(profile.awsProfile, now, options)
        do throws(AWSFailure) {
            var asked = TokenRequest(target)
            if let life { asked.expires = life }
            let issued = try source.token(for: asked, as: request, fresh: options.fresh)
            return MintedToken(
                text: issued.text, clock: TokenClock(issued), target: target,
                signer: SignerOutlook(issued.credentials),
                wasKept: issued.signedAt.timeIntervalSince1970 < now.timeIntervalSince1970.rounded(.down))
        } catch {
            throw Refusal(error)
        }
    }

    /// Whose credentials would sign for an AWS profile, or for the default chain where it is nil: what this machine
    /// knows, without a network, a process or a question.
    package func outlook(awsProfile: String?, now: Date) -> SignerOutlook {
        var request = Self.request(awsProfile, now, SignerOptions())
        request.isOffline = true
        let report = source.store.report(request)
        switch report.outcome {
        case .credentials(let credentials): return SignerOutlook(credentials)
        case .onUse(let prospect):
            return SignerOutlook(
                provider: prospect.words, session: prospect.session.map(SignerOutlook.Session.init),
                account: prospect.account, login: prospect.session?.command)
        case .failed(let failure):
            return SignerOutlook(
                provider: "", problem: "\(failure.message): \(failure.whatToDo)", login: failure.login)
        }
    }

    /// Whether whoever gets an AWS profile's credentials has to give the code of an MFA device, now or when they end.
    func wantsCode(awsProfile: String?) -> Bool { source.store.chain.wantsCode(profile: awsProfile) }

    /// What is kept of an AWS profile's credentials is forgotten: somebody has logged in anew.
    package func forgetCredentials(awsProfile: String?) { source.store.forget(profile: awsProfile) }

    /// What is kept of them, for another pgfob of this user (``Handover``); nil where nothing is.
    package func handOver(awsProfile: String?, now: Date) -> Secret? {
        source.store.handOver(profile: awsProfile, now: now)
    }

    /// Seconds that AWS's clock is ahead of this machine's, where it is worth a word; nil elsewhere.
    package var clockSkew: Double? {
        source.skew.seconds.flatMap { abs($0) >= ClockSkew.noticeable ? $0 : nil }
    }

    /// A database behind an endpoint of AWS's told its time: seconds that it is ahead of this machine.
    func note(clock seconds: Double) { source.skew.note(database: seconds) }

    /// The profiles of the AWS files, by name.
    package var awsProfileNames: [String] { source.store.chain.profileNames }

    /// The folders in which a change means other credentials.
    package var folders: [String] { source.store.chain.folders }

    static func request(_ awsProfile: String?, _ now: Date, _ options: SignerOptions) -> CredentialRequest {
        CredentialRequest(profile: awsProfile, now: now, wait: options.wait, askCode: options.askCode)
    }

    private func defaultRegion(_ awsProfile: String?) -> Region? {
        defaultRegion(of: awsProfile).flatMap { Region(rawValue: $0) }
    }

    /// The region of the AWS configuration, as it stands there.
    func defaultRegion(of awsProfile: String?) -> String? { source.defaultRegion(profile: awsProfile) }

    /// - Throws: ``Refusal`` of kind `credentials`.
    func credentials(
        profile: String?, now: Date, options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> Credentials {
        do throws(AWSFailure) {
            return try source.store.credentials(Self.request(profile, now, options))
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
            limitedBy: issued.limitedBy == .token ? .token : .credentials,
            provider: issued.credentials.provider)
    }
}

extension SignerOutlook {
    init(_ credentials: Credentials) {
        self.init(
            provider: credentials.provider, credentialsEndAt: credentials.expiresAt,
            session: credentials.session.map(Session.init), account: credentials.accountID,
            principal: credentials.arn.map(Self.principal), login: credentials.session?.command)
    }

    /// `role DBA/jo` or `user/jo` of an ARN.
    private static func principal(_ arn: String) -> String {
        let name = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last ?? ""
        let role = "assumed-role/"
        return name.hasPrefix(role) ? "role \(name.dropFirst(role.count))" : String(name)
    }
}

extension SignerOutlook.Session {
    init(_ session: LoginSession) {
        self.init(kind: session.kind.rawValue, endsAt: session.endsAt, renewsItself: session.renewsItself)
    }
}

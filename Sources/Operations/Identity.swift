#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Secrets

/// Whose AWS credentials they are and where they come from: what `pgfob whoami` tells.
package struct Identity: Sendable {
    package var signer: SignerOutlook?
    package var sessionName: String?
    /// Asked of AWS, or told by the provider.
    package var account: String?
    package var arn: String?
    package var userID: String?
    /// Complaints about the files, and what each provider said.
    package var reasons: [String]
    /// Why there are none.
    package var refusal: Refusal?
    /// Seconds that AWS's clock is ahead, where AWS was asked.
    package var clockSkew: Double?
}

extension Identity {
    /// For people: what is known, and below it what every provider said.
    package func lines(awsProfile: String?) -> [String] {
        var lines = ["profile      \(awsProfile ?? "default chain")"]
        func add(_ label: String, _ text: String?) {
            guard let text else { return }
            lines.append(label + String(repeating: " ", count: max(1, 13 - label.count)) + text)
        }
        add("provider", signer?.provider)
        add("account", account)
        add("arn", arn)
        if signer != nil {
            add(
                "credentials",
                signer?.credentialsEndAt.map { "until \(Timestamp.rfc3339($0))" } ?? "do not end")
        }
        if let kind = signer?.session?.kind {
            let end = signer?.session?.endsAt.map { ", ends \(Timestamp.rfc3339($0))" } ?? ""
            add("session", "\(kind) \(sessionName ?? "")\(end)")
        }
        if let skew = clockSkew, abs(skew) >= 30 {
            add(
                "clock",
                "AWS is \(Int(abs(skew).rounded())) s \(skew > 0 ? "ahead of" : "behind") this machine")
        }
        if let refusal { add("problem", refusal.line) }
        return lines + reasons.map { "  \($0)" }
    }
}

/// Credentials ready to be handed to another program.
package struct ExportedCredentials: Sendable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    package var sessionToken: Secret?
    package var expiresAt: Date?
    package var account: String?
    package var provider: String
}

extension TokenMint {
    /// Finds out who signs.
    ///
    /// - Parameter calls: whether AWS is asked for account and ARN (GetCallerIdentity).
    package func identity(
        awsProfile: String?, calls: Bool, now: Date, options: SignerOptions
    ) -> Identity {
        let request = Self.request(awsProfile, now, options)
        let report = source.store.report(request)
        var identity = Identity(reasons: report.reasons)
        let credentials: Credentials
        do throws(AWSFailure) { credentials = try report.get() } catch {
            identity.refusal = Refusal(error)
            return identity
        }
        identity.signer = SignerOutlook(credentials)
        identity.sessionName = credentials.session?.name
        (identity.account, identity.arn) = (credentials.accountID, credentials.arn)
        if calls {
            do throws(Refusal) {
                let caller = try callerIdentity(credentials, request)
                (identity.account, identity.arn, identity.userID) = (
                    caller.account, caller.arn, caller.userID
                )
            } catch {
                // What is known without AWS is still worth telling.
                identity.refusal = error
            }
        }
        identity.clockSkew = source.skew.seconds
        return identity
    }

    private func callerIdentity(
        _ credentials: Credentials, _ request: CredentialRequest
    ) throws(Refusal) -> CallerIdentity {
        do throws(AWSFailure) {
            return try source.store.chain.callerIdentity(credentials, request)
        } catch {
            throw Refusal(error)
        }
    }

    /// Credentials as they are handed out.
    ///
    /// - Throws: ``Refusal`` of kind `credentials`.
    package func export(awsProfile: String?, now: Date, options: SignerOptions) throws(Refusal)
        -> ExportedCredentials
    {
        let credentials = try credentials(profile: awsProfile, now: now, options: options)
        return ExportedCredentials(
            accessKeyID: credentials.signing.accessKeyID,
            secretAccessKey: credentials.signing.secretAccessKey,
            sessionToken: credentials.signing.sessionToken, expiresAt: credentials.expiresAt,
            account: credentials.accountID, provider: credentials.provider)
    }

    /// What IAM and the database need for a profile's logins.
    ///
    /// - Parameters:
    ///   - calls: whether AWS is asked for what the profile does not tell.
    ///   - origin: what AWS has said of it before.
    /// - Throws: ``Refusal`` where the profile cannot be signed for, or AWS was to be asked and did not answer.
    package func policy(
        _ profile: Profile, calls: Bool, now: Date, options: SignerOptions, origin: CloudOrigin? = nil
    ) throws(Refusal) -> IAMPolicy {
        var policy = IAMPolicy(target: try target(of: followed(profile, options)))
        guard calls else {
            policy.account = origin?.account ?? outlook(awsProfile: profile.awsProfile, now: now).account
            // What discovery was told, while the host is still the one it was told of.
            if let origin, origin.written[ProfileField.host.rawValue] ?? profile.host == profile.host,
                profile.signingHost == nil, policy.target.kind == .rds
            {
                policy.resourceID = origin.resourceID
            }
            return policy
        }
        let request = Self.request(profile.awsProfile, now, options)
        let credentials = try credentials(profile: profile.awsProfile, now: now, options: options)
        policy.account = credentials.accountID ?? outlook(awsProfile: profile.awsProfile, now: now).account
        if policy.target.kind == .rds {
            do throws(AWSFailure) {
                let owner = try source.store.chain.owner(
                    of: policy.target.host, region: policy.target.region, credentials, request)
                (policy.account, policy.resourceID) = (owner.account, owner.resourceID)
            } catch {
                throw Refusal(error)
            }
        } else {
            policy.account = try callerIdentity(credentials, request).account
        }
        return policy
    }
}

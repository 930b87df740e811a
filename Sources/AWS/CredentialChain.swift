#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Asks the providers in the order of aws-cli v2 (facts/aws.md 2.1) until one answers.
package struct CredentialChain: Sendable {
    private let environment: [String: String]
    private let reader: SharedConfigReader
    private let providers: [any CredentialProvider]

    /// - Parameter environment: the process environment; nothing else is looked at.
    package init(environment: [String: String]) {
        self.init(environment: environment, reader: SharedConfigReader(environment: environment))
    }

    init(environment: [String: String], reader: SharedConfigReader) {
        self.environment = environment
        self.reader = reader
        providers = [
            EnvironmentProvider(), UnresolvedProvider.assumeRole, UnresolvedProvider.sso,
            StaticKeysProvider(file: .credentials), UnresolvedProvider.login, UnresolvedProvider.process,
            StaticKeysProvider(file: .config),
        ]
    }

    /// The credentials of a profile, or of the default chain.
    ///
    /// - Parameter profile: a name counts as explicitly chosen: the environment's keys are not asked.
    /// - Throws: ``AWSFailure`` with every provider's reason.
    package func resolve(profile: String?, now: Date) throws(AWSFailure) -> Credentials {
        let config = reader.read()
        let chosen = profile ?? environmentProfile
        let context = ProviderContext(
            environment: environment, profile: chosen, isExplicit: profile != nil, config: config, now: now)
        try checkProfile(chosen, context)
        var reasons = config.complaints
        for provider in providers {
            switch provider.resolve(context) {
            case .credentials(let credentials):
                try checkExpiry(credentials, now: now, reasons: reasons)
                return credentials
            case .notConfigured(let reason):
                reasons.append("\(provider.name): \(reason)")
            case .broken(var failure):
                reasons.append("\(provider.name): \(failure.message)")
                failure.reasons = reasons
                throw failure
            }
        }
        let place = chosen.map { "for profile \($0)" } ?? "in the environment or the default profile"
        if let file = config.unreadable.first {
            throw AWSFailure("aws-config-broken", file, do: "make the file readable", reasons: reasons)
        }
        throw AWSFailure(
            "aws-no-credentials", "no AWS credentials \(place)",
            do: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add keys to \(config.credentialsPath)",
            reasons: reasons)
    }

    /// The region that aws-cli v2 would take: AWS_REGION, AWS_DEFAULT_REGION, then the profile's own.
    package func defaultRegion(profile: String?) -> String? {
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let region = environment[name], !region.isEmpty { return region }
        }
        return reader.read().value("region", profile: profile ?? environmentProfile ?? "default")
    }

    /// As aws-cli v2: AWS_PROFILE before AWS_DEFAULT_PROFILE; an empty one counts for none.
    private var environmentProfile: String? {
        for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
            if let profile = environment[name], !profile.isEmpty { return profile }
        }
        return nil
    }

    private func checkProfile(_ chosen: String?, _ context: ProviderContext) throws(AWSFailure) {
        guard let chosen, !context.config.hasProfile(chosen) else { return }
        // Keys in the environment win over AWS_PROFILE, even over one that is not there.
        if !context.isExplicit, context.environment["AWS_ACCESS_KEY_ID"]?.isEmpty == false { return }
        let names = context.config.profileNames
        let remedy =
            Nearest.match(chosen, among: names).map { "did you mean \($0)?" }
            ?? (names.isEmpty
                ? "neither \(context.config.configPath) nor \(context.config.credentialsPath) has any profile"
                : "there are \(names.prefix(8).joined(separator: ", "))")
        throw AWSFailure(
            "aws-profile-missing", "the AWS profile \(chosen) is not in the config files", do: remedy,
            reasons: context.config.complaints)
    }

    private func checkExpiry(_ credentials: Credentials, now: Date, reasons: [String]) throws(AWSFailure) {
        guard let end = credentials.expiresAt, end <= now else { return }
        throw AWSFailure(
            "aws-expired", "the credentials of \(credentials.provider) ended at \(Timestamp.rfc3339(end))",
            do: "renew them the way they were made, for instance `aws sso login`", reasons: reasons)
    }
}

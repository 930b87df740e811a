#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Asks the providers in the order of aws-cli v2 (facts/aws.md 2.1) until one answers.
package struct CredentialChain: Sendable {
    private let environment: EnvironmentValues
    private let reader: SharedConfigReader
    private let providers: [any CredentialProvider]

    /// - Parameter environment: the process environment; nothing else is looked at.
    package init(environment: [String: String]) {
        self.init(
            environment: environment,
            providers: [
                EnvironmentProvider(), UnresolvedProvider.assumeRole, UnresolvedProvider.webIdentity,
                UnresolvedProvider.sso, StaticKeysProvider(file: .credentials), UnresolvedProvider.login,
                UnresolvedProvider.process, StaticKeysProvider(file: .config), UnresolvedProvider.ssoSession,
                UnresolvedProvider.container, UnresolvedProvider.instance,
            ])
    }

    /// A chain of other providers.
    package init(environment: [String: String], providers: [any CredentialProvider]) {
        self.environment = EnvironmentValues(environment)
        self.providers = providers
        reader = SharedConfigReader(environment: self.environment)
    }

    /// The credentials of a profile, or of the default chain.
    ///
    /// - Parameter profile: a name counts as explicitly chosen: the environment's keys are not asked.
    /// - Throws: ``AWSFailure`` with every provider's reason.
    package func resolve(profile: String?, now: Date) throws(AWSFailure) -> Credentials {
        try report(profile: profile, now: now).outcome.get()
    }

    /// The same with what every provider said, also where one of them answered.
    package func report(profile: String?, now: Date) -> CredentialReport {
        let config = reader.read()
        let context = ProviderContext(
            environment: environment, profile: profile ?? environmentProfile, isExplicit: profile != nil,
            config: config, now: now)
        var reasons = config.complaints
        let outcome = ask(context, reasons: &reasons).mapError { failure in
            var failure = failure
            failure.reasons = reasons
            return failure
        }
        return CredentialReport(outcome: outcome, reasons: reasons)
    }

    private func ask(_ context: ProviderContext, reasons: inout [String]) -> Result<Credentials, AWSFailure> {
        if let failure = missingProfile(context) { return .failure(failure) }
        var incomplete: AWSFailure?
        for provider in providers {
            switch provider.resolve(context) {
            case .credentials(let credentials):
                if let failure = Self.ended(credentials, now: context.now) {
                    reasons.append("\(provider.name): \(failure.message)")
                    return .failure(failure)
                }
                reasons.append("\(provider.name): answered")
                return .success(credentials)
            case .notConfigured(let reason):
                reasons.append("\(provider.name): \(reason)")
            case .incomplete(let failure):
                reasons.append("\(provider.name): \(failure.message)")
                incomplete = incomplete ?? failure
            case .broken(let failure):
                reasons.append("\(provider.name): \(failure.message)")
                return .failure(failure)
            }
        }
        return .failure(context.config.unreadable.first ?? incomplete ?? Self.nothing(context))
    }

    /// The region that aws-cli v2 would take: AWS_REGION, AWS_DEFAULT_REGION, then the profile's own.
    package func defaultRegion(profile: String?) -> String? {
        if let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] { return region }
        let region = reader.read().value("region", profile: profile ?? environmentProfile ?? "default")
        return region.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// As aws-cli v2: AWS_PROFILE before AWS_DEFAULT_PROFILE; an empty one counts for none.
    private var environmentProfile: String? {
        environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"]
    }

    // MARK: Failures

    private func missingProfile(_ context: ProviderContext) -> AWSFailure? {
        let config = context.config
        guard let chosen = context.profile, !config.hasProfile(chosen) else { return nil }
        // It may well stand in the file that cannot be read.
        if let failure = config.unreadable.first { return failure }
        let (configPath, credentialsPath) = (config.configPath.shown, config.credentialsPath.shown)
        let names = config.profileNames
        let remedy =
            if let section = config.config.sections[chosen] {
                "write [profile \(chosen.shown)] at \(configPath):\(section.line), where [\(chosen.shown)] stands"
            } else if let near = Nearest.match(chosen, among: names) {
                "did you mean \(near.shown)?"
            } else if names.isEmpty {
                "neither \(configPath) nor \(credentialsPath) has any profile: `aws configure` makes one"
            } else {
                "there are \(names.prefix(8).map(\.shown).joined(separator: ", "))\(names.count > 8 ? ", ..." : "")"
            }
        return AWSFailure(
            "aws-profile-missing", "the AWS profile \(chosen.shown) is in neither of the AWS files",
            do: remedy)
    }

    private static func ended(_ credentials: Credentials, now: Date) -> AWSFailure? {
        guard let end = credentials.expiresAt, end <= now else { return nil }
        return AWSFailure(
            "aws-expired", "the AWS credentials (\(credentials.provider)) ended at \(Timestamp.rfc3339(end))",
            do: credentials.renewal)
    }

    private static func nothing(_ context: ProviderContext) -> AWSFailure {
        let path = context.config.credentialsPath.shown
        guard let profile = context.profile else {
            return AWSFailure(
                "aws-no-credentials", "no AWS credentials in the environment or the default profile",
                do:
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name an AWS profile, or add keys to \(path)"
            )
        }
        return AWSFailure(
            "aws-no-credentials", "the AWS profile \(profile.shown) has no credentials",
            do: "add keys to \(path)")
    }
}

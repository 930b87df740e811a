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
    let transport: any HTTPTransport
    package let skew: ClockSkew

    /// - Parameters:
    ///   - environment: the process environment; nothing else is looked at.
    ///   - transport: nil is HTTP with the environment's proxies and AWS_CA_BUNDLE.
    package init(
        environment: [String: String], transport: (any HTTPTransport)? = nil, skew: ClockSkew = ClockSkew()
    ) {
        let (container, instance) = (ContainerProvider(), InstanceProvider())
        // What a profile may have of its own, in the order in which aws-cli looks there.
        let ofProfile: [any CredentialProvider] = [
            WebIdentityProvider(), SSOProvider(), StaticKeysProvider(file: .credentials), LoginProvider(),
            ProcessProvider(), StaticKeysProvider(file: .config),
        ]
        let role = AssumeRoleProvider(
            sources: ofProfile,
            places: [
                "Environment": EnvironmentProvider(), "EcsContainer": container,
                "Ec2InstanceMetadata": instance,
            ])
        self.init(
            environment: environment,
            providers: [EnvironmentProvider(), role] + ofProfile + [container, instance],
            transport: transport,
            skew: skew)
    }

    /// A chain of other providers.
    package init(
        environment: [String: String], providers: [any CredentialProvider],
        transport: (any HTTPTransport)? = nil, skew: ClockSkew = ClockSkew()
    ) {
        let values = EnvironmentValues(environment)
        self.environment = values
        self.providers = providers
        self.transport = transport ?? HTTPClient(environment: values, bundle: values["AWS_CA_BUNDLE"])
        self.skew = skew
        reader = SharedConfigReader(environment: values)
    }

    /// The folders of AWS's two files and of aws-cli's caches.
    package var folders: [String] {
        let home = environment["HOME"] ?? ""
        let files = [reader.configPath, reader.credentialsPath].map(FilePath.folder)
        return Set(files + [".aws/sso/cache", ".aws/login/cache"].map { "\(home)/\($0)" }).sorted()
    }

    /// The files of root certificates by which AWS's own servers are checked, where some are named, each once, with who
    /// names it first.
    package var namedRoots: [(path: String, by: String)] {
        if let path = environment["AWS_CA_BUNDLE"] { return [(path, "AWS_CA_BUNDLE")] }
        let config = sharedConfig
        var (found, seen): ([(path: String, by: String)], Set<String>) = ([], [])
        for profile in config.profileNames where config.has("ca_bundle", profile: profile) {
            let path = SharedConfigReader.expanded(
                config.value("ca_bundle", profile: profile) ?? "", environment)
            guard seen.insert(path).inserted else { continue }
            found.append((path, "ca_bundle of AWS profile \(profile.shown)"))
        }
        return found
    }

    /// The two files as they are now.
    var sharedConfig: SharedConfig { reader.read() }

    /// A number that changes when one of the two files has.
    var generation: Int { reader.generation }

    /// The credentials of a profile, or of the default chain, with what every provider said.
    package func report(_ request: CredentialRequest) -> CredentialReport {
        let config = reader.read()
        let context = context(for: request, config)
        var reasons = config.complaints
        let outcome = ask(context, reasons: &reasons)
        return CredentialReport(outcome: outcome, reasons: reasons)
    }

    /// Calls AWS in the name of a profile.
    package func caller(for request: CredentialRequest) -> ServiceCaller {
        context(for: request, reader.read()).caller
    }

    /// Whether a role of a profile, or one that it is assumed from, wants the code of an MFA device.
    package func wantsCode(profile chosen: String?) -> Bool {
        let context = context(for: CredentialRequest(profile: chosen, now: Date()), reader.read())
        // The environment's keys go before a profile that nobody named.
        guard context.isExplicit || environment["AWS_ACCESS_KEY_ID"] == nil else { return false }
        var (profile, seen): (String?, Set<String>) = (context.profileName, [])
        while let name = profile, seen.insert(name).inserted, context.value("role_arn", of: name) != nil {
            if context.value("mfa_serial", of: name) != nil { return true }
            profile = context.value("source_profile", of: name)
        }
        return false
    }

    /// The region that STS is called in for a profile; nil where none is set.
    ///
    /// - Throws: ``AWSFailure`` where what is set is no region.
    func region(for request: CredentialRequest) throws(AWSFailure) -> Region? {
        try context(for: request, reader.read()).region()
    }

    private func context(for request: CredentialRequest, _ config: SharedConfig) -> ProviderContext {
        ProviderContext(
            environment: environment, profile: request.profile ?? environmentProfile,
            isExplicit: request.profile != nil, config: config, now: request.now,
            isOffline: request.isOffline,
            transport: transport, skew: skew, wait: request.wait, askCode: request.askCode)
    }

    private func ask(_ context: ProviderContext, reasons: inout [String]) -> CredentialReport.Outcome {
        if let failure = missingProfile(context) { return .failed(failure) }
        var incomplete: AWSFailure?
        for provider in providers {
            switch provider.resolve(context) {
            case .credentials(let credentials):
                if let failure = Self.unfit(credentials) ?? Self.ended(credentials, now: context.now) {
                    reasons.append("\(provider.name): \(failure.message)")
                    return .failed(failure)
                }
                reasons.append("\(provider.name): answered\(credentials.remark.map { ", but \($0)" } ?? "")")
                return .credentials(credentials)
            case .onUse(let prospect):
                reasons.append("\(provider.name): \(prospect.words)")
                return .onUse(prospect)
            case .notConfigured(let reason):
                reasons.append("\(provider.name): \(reason)")
            case .incomplete(let failure):
                reasons.append("\(provider.name): \(failure.message)")
                incomplete = incomplete ?? failure
            case .broken(let failure):
                reasons.append("\(provider.name): \(failure.message)")
                return .failed(failure)
            }
        }
        return .failed(context.config.unreadable.first ?? incomplete ?? Self.nothing(context))
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
                "did you mean \(near.shown)? Else `aws configure sso --profile \(ShellWords.word(chosen.shown))` makes it in \(configPath)"
            } else if let complaint = config.complaints.first {
                // It may be what that line was meant to begin.
                "look at \(complaint)"
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

    /// What was cut out of something with a line end or a blank too much: signed with, it makes a token that no server takes,
    /// and nobody would be told why.
    private static func unfit(_ credentials: Credentials) -> AWSFailure? {
        let parts = [
            ("access key", credentials.signing.accessKeyID),
            ("secret access key", credentials.signing.secretAccessKey.reveal()),
            ("session token", credentials.signing.sessionToken?.reveal() ?? ""),
        ]
        func isUnfit(_ text: String) -> Bool {
            text.utf8.contains { $0 < 0x20 || $0 == 0x7f } || text.utf8.first == 0x20
                || text.utf8.last == 0x20
        }
        guard let (name, _) = parts.first(where: { isUnfit($0.1) }) else { return nil }
        return .config(
            "the \(name) (\(credentials.provider)) has a line end in it, or a blank at an end, as no key of AWS has",
            do: "take it out; in a file, an indented line goes on with the value above")
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
        let isHalfSSO = context.value("sso_session") != nil
        return AWSFailure(
            "aws-no-credentials", "the AWS profile \(profile.shown) has no credentials",
            do: isHalfSSO
                ? "add sso_account_id and sso_role_name to its sso_session: `aws configure sso`"
                : "add keys to \(path)")
    }
}

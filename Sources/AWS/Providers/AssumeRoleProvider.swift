#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// A role that a profile names, assumed with the credentials of another profile, of the same one, or of the place
/// where the program runs (AWS CLI User Guide, "Using an IAM role").
struct AssumeRoleProvider: CredentialProvider {
    let name = "assume role"

    /// Who is asked for a source profile's credentials, in order.
    let sources: [any CredentialProvider]
    /// Who is meant by `credential_source`.
    let places: [String: any CredentialProvider]

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        guard Self.isRole(context.profileName, context) else {
            return .notConfigured("profile \(context.profileName.shown) has no role_arn")
        }
        return role(context.profileName, visited: [context.profileName], context)
    }

    /// A web identity in the same profile is another provider's.
    private static func isRole(_ profile: String, _ context: ProviderContext) -> Bool {
        context.value("role_arn", of: profile) != nil
            && context.value("web_identity_token_file", of: profile) == nil
    }

    private func role(_ profile: String, visited: [String], _ context: ProviderContext) -> ProviderAnswer {
        let shown = profile.shown
        let (source, place) = (
            context.value("source_profile", of: profile), context.value("credential_source", of: profile)
        )
        let answer: ProviderAnswer
        switch (source, place) {
        case (_?, _?):
            return .broken(
                .config(
                    "profile \(shown) has both source_profile and credential_source", do: "remove one of them"
                ))
        case (nil, nil):
            return .broken(
                .config(
                    "profile \(shown) assumes a role and names neither source_profile nor credential_source",
                    do: "add source_profile = NAME to it"))
        case (let source?, nil): answer = credentials(of: source, for: profile, visited, context)
        case (nil, let place?): answer = credentials(at: place, for: profile, context)
        }
        switch answer {
        case .credentials(let credentials): return assume(profile, with: credentials, context)
        case .onUse(let prospect):
            let arn = context.value("role_arn", of: profile) ?? ""
            return .onUse(
                Prospect(
                    "role of profile \(shown), \(prospect.words)", session: prospect.session,
                    account: Credentials.account(of: arn)))
        case .notConfigured(let reason):
            return .broken(
                AWSFailure(
                    "aws-no-credentials",
                    "the source of profile \(shown), \((source ?? place ?? "").shown), has no credentials: \(reason)",
                    do: "give it credentials, or name another source"))
        case .incomplete(let failure), .broken(let failure): return .broken(failure)
        }
    }

    // MARK: The source

    private func credentials(
        of source: String, for profile: String, _ visited: [String], _ context: ProviderContext
    ) -> ProviderAnswer {
        guard context.config.hasProfile(source) else {
            return .broken(
                .config(
                    "profile \(profile.shown) names the source_profile \(source.shown), which is in neither of the "
                        + "AWS files", do: Self.remedy(source, context)))
        }
        let hasKeys = ["aws_access_key_id", "aws_secret_access_key"].contains {
            context.value($0, of: source) != nil
        }
        // A profile may name itself for the keys that stand in it.
        guard !visited.contains(source) || source == profile && hasKeys else {
            return .broken(
                .config(
                    "the roles of profiles \((visited + [source]).map(\.shown).joined(separator: ", ")) go round in "
                        + "a loop", do: "let one of them name a source_profile with keys of its own"))
        }
        guard hasKeys || !Self.isRole(source, context) else {
            return role(source, visited: visited + [source], context)
        }
        var context = context
        // The environment's keys are not asked for a profile that is named.
        (context.profile, context.isExplicit) = (source, true)
        var incomplete: AWSFailure?
        for provider in sources {
            switch provider.resolve(context) {
            case .notConfigured: continue
            case .incomplete(let failure): incomplete = incomplete ?? failure
            case let answer: return answer
            }
        }
        if let incomplete { return .incomplete(incomplete) }
        return .notConfigured("it has none of its own")
    }

    private static func remedy(_ source: String, _ context: ProviderContext) -> String {
        Nearest.match(source, among: context.config.profileNames).map { "did you mean \($0.shown)?" }
            ?? "correct source_profile"
    }

    private func credentials(at place: String, for profile: String, _ context: ProviderContext)
        -> ProviderAnswer
    {
        guard let provider = places[place] else {
            return .broken(
                .config(
                    "profile \(profile.shown) names the credential_source \(place.shown)",
                    do: "name one of \(places.keys.sorted().joined(separator: ", "))"))
        }
        var context = context
        context.isExplicit = false
        return provider.resolve(context)
    }

    // MARK: The role

    private func assume(_ profile: String, with source: Credentials, _ context: ProviderContext)
        -> ProviderAnswer
    {
        let arn = context.value("role_arn", of: profile) ?? ""
        if let end = source.expiresAt, end <= context.now {
            return .broken(
                AWSFailure(
                    "aws-expired", "the credentials that assume \(arn.shown) (\(source.provider)) have ended",
                    do: source.renewal))
        }
        var parameters = [("RoleArn", arn)]
        if let id = context.value("external_id", of: profile) { parameters.append(("ExternalId", id)) }
        let serial = context.value("mfa_serial", of: profile)
        if let serial { parameters.append(("SerialNumber", serial)) }
        if let seconds = context.value("duration_seconds", of: profile).flatMap({ Int($0) }) {
            parameters.append(("DurationSeconds", String(seconds)))
        }
        let sessionName = context.value("role_session_name", of: profile)
        if let sessionName { parameters.append(("RoleSessionName", sessionName)) }
        if var kept = RoleCache(folder: context.awsFile("cli/cache")).entry(for: parameters, now: context.now)
        {
            kept.provider = "assumed role, profile \(profile.shown), from aws-cli's cache"
            kept.session = source.session
            kept.accountID = kept.accountID ?? Credentials.account(of: arn)
            return .credentials(kept)
        }
        guard !context.isOffline else {
            return .onUse(
                Prospect("assumed on use", session: source.session, account: Credentials.account(of: arn)))
        }
        let region: Region?
        do throws(AWSFailure) { region = try context.region() } catch { return .broken(error) }
        var context = context
        if let serial {
            let start = ContinuousClock.now
            guard let code = context.askCode?(serial) else {
                return .broken(Self.codeMissing(serial, profile))
            }
            context.wait = context.wait.extended(by: ContinuousClock.now - start)
            parameters.append(("TokenCode", code))
        }
        if sessionName == nil {
            parameters.append(("RoleSessionName", "pgfob-\(Int(context.now.timeIntervalSince1970))"))
        }
        do throws(ServiceFailure) {
            let session = try STS(caller: context.caller, region: region)
                .assumeRole(parameters, credentials: source.signing)
            var credentials = Self.credentials(
                session, "assumed role, profile \(profile.shown)", source.session)
            credentials.isInteractive = serial != nil || source.isInteractive
            return .credentials(credentials)
        } catch {
            return .broken(Self.refused(error, arn: arn, source: source))
        }
    }

    static func credentials(_ session: STS.Session, _ provider: String, _ login: LoginSession?) -> Credentials
    {
        var credentials = Credentials(
            signing: session.signing, expiresAt: session.expiresAt, provider: provider,
            renewal: "try again: the role is assumed anew")
        credentials.arn = session.arn
        credentials.accountID = session.arn.flatMap(Credentials.account)
        credentials.session = login
        credentials.isCostly = true
        return credentials
    }

    private static func codeMissing(_ serial: String, _ profile: String) -> AWSFailure {
        AWSFailure(
            "aws-mfa-needed", "profile \(profile.shown) needs the code of the MFA device \(serial.shown)",
            do: "give the code when it is asked for: on the screen, or with a terminal")
    }

    private static func refused(_ failure: ServiceFailure, arn: String, source: Credentials) -> AWSFailure {
        if failure.code == "ExpiredToken" || failure.code == "ExpiredTokenException" {
            return AWSFailure(
                "aws-expired", "AWS says that the credentials (\(source.provider)) have ended",
                do: source.renewal)
        }
        if let broken = failure.ofSettings("STS") { return broken }
        let isAnswered = failure.status != 0 && !failure.code.isEmpty
        return AWSFailure(
            "aws-refused",
            isAnswered
                ? "\(arn.shown) cannot be assumed with \(source.provider): \(failure.message)"
                : "STS gave no answer: \(failure.message)",
            do: failure.remedy(
                refused: "check the role's trust policy, and that the source may call sts:AssumeRole"))
    }
}

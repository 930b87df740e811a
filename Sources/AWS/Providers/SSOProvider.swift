#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// The credentials of a role of IAM Identity Center, for the session that the user began with `aws sso login`
/// (AWS CLI User Guide, "Configuring IAM Identity Center authentication").
struct SSOProvider: CredentialProvider {
    let name = "SSO"

    /// A token that lives less than this is renewed before it is used, in seconds.
    private static let renewalWindow = 900.0

    /// One renewal of a session at a time: where refresh tokens are good once, the second would be refused.
    private let turns = Turns()

    /// What a profile says of its session, its account and its role.
    private struct Setup {
        /// Nil for the older kind, which is named after its start URL and cannot be renewed.
        var session: String?
        var startURL: String
        var region: Region
        var account: String
        var role: String
        var profile: String

        var name: String { session ?? startURL }
    }

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        guard context.value("sso_account_id") != nil || context.value("sso_role_name") != nil else {
            return .notConfigured("no sso_account_id or sso_role_name")
        }
        do throws(AWSFailure) {
            return try resolve(try setup(context), context)
        } catch {
            return .broken(error)
        }
    }

    private func setup(_ context: ProviderContext) throws(AWSFailure) -> Setup {
        let profile = context.profileName
        let session = context.value("sso_session")
        var values: [String: String] = [:]
        let keys = ["sso_account_id", "sso_role_name", "sso_start_url", "sso_region"]
        for key in keys { values[key] = context.value(key) }
        if let session {
            guard let section = context.config.ssoSession(session) else {
                throw .config(
                    "profile \(profile.shown) names the sso_session \(session.shown), which is not in "
                        + context.config.configPath.shown,
                    do: "add [sso-session \(session.shown)], or correct the name")
            }
            for key in keys {
                guard let value = section.values[key]?.text, !value.isEmpty else { continue }
                if let own = values[key], own != value {
                    throw .config(
                        "\(context.config.configPath.shown):\(section.values[key]?.line ?? section.line): \(key) is "
                            + "another than that of profile \(profile.shown)", do: "let both say the same")
                }
                values[key] = value
            }
        }
        let missing = keys.filter { values[$0] == nil }
        guard missing.isEmpty, let region = values["sso_region"].flatMap({ Region(rawValue: $0) }) else {
            let what =
                missing.isEmpty ? "sso_region is no region" : "\(missing.joined(separator: ", ")) is missing"
            throw .config("profile \(profile.shown) uses SSO, and \(what)", do: "run `aws configure sso`")
        }
        return Setup(
            session: session, startURL: values["sso_start_url"] ?? "", region: region,
            account: values["sso_account_id"] ?? "", role: values["sso_role_name"] ?? "", profile: profile)
    }

    private func resolve(_ setup: Setup, _ context: ProviderContext) throws(AWSFailure) -> ProviderAnswer {
        let command = LoginSession.command(.sso, profile: context.profile)
        let path = SSOToken.path(in: context.awsFile("sso/cache"), session: setup.name)
        guard var token = SSOToken(path: path) else {
            throw .login("nobody has logged in to the SSO session \(setup.name.shown)", command)
        }
        let isRenewable = setup.session != nil && token.isRenewable(at: context.now)
        if context.isOffline {
            guard token.expiresAt > context.now || isRenewable else { throw ended(setup, token, command) }
            return .onUse(
                Prospect(
                    "role \(setup.role.shown)", session: session(setup, token, isRenewable, command),
                    account: setup.account))
        }
        var remark: String?
        if isRenewable, Self.isDue(token, context) {
            // A renewal that fails matters only once the old token has ended.
            switch turns.take(path, context.wait, { renewed(path, setup, context) }) {
            case .renewed(let new, let problem): (token, remark) = (new, problem)
            case .failed(let failure):
                guard token.expiresAt > context.now else { throw notRenewed(setup, token, failure, command) }
                remark = "its token was not renewed: \(failure.message)"
            case nil: throw Self.tooLate(setup)
            }
        }
        guard token.expiresAt > context.now else { throw ended(setup, token, command) }
        var credentials = try credentials(setup, token, command, context)
        credentials.session = session(setup, token, isRenewable, command)
        credentials.remark = remark
        return .credentials(credentials)
    }

    private static func isDue(_ token: SSOToken, _ context: ProviderContext) -> Bool {
        token.expiresAt.timeIntervalSince(context.now) < renewalWindow
    }

    private func session(
        _ setup: Setup, _ token: SSOToken, _ renewsItself: Bool, _ command: [String]
    ) -> LoginSession {
        LoginSession(
            kind: .sso, name: setup.name, endsAt: token.expiresAt, renewsItself: renewsItself,
            command: command)
    }

    /// The token has ended and its renewal failed: by the user's doing only where AWS refused it.
    private func notRenewed(
        _ setup: Setup, _ token: SSOToken, _ failure: ServiceFailure, _ command: [String]
    ) -> AWSFailure {
        let what =
            "the token of the SSO session \(setup.name.shown) ended at \(Timestamp.rfc3339(token.expiresAt))"
        guard failure.status != 0, failure.status < 500 else {
            return AWSFailure(
                "aws-refused", "\(what), and renewing it got no answer: \(failure.message)",
                do: failure.remedy(refused: "try again"))
        }
        return .login("\(what) and was not renewed: \(failure.message)", command)
    }

    private static func tooLate(_ setup: Setup) -> AWSFailure {
        AWSFailure(
            "aws-refused",
            "the SSO session \(setup.name.shown) is being renewed for somebody else, and that takes long",
            do: "try again")
    }

    private func ended(_ setup: Setup, _ token: SSOToken, _ command: [String]) -> AWSFailure {
        .login("the SSO session \(setup.name.shown) ended at \(Timestamp.rfc3339(token.expiresAt))", command)
    }

    // MARK: Calls

    /// What a renewal came to; a problem that did no harm yet beside it.
    private enum Renewal {
        case renewed(SSOToken, String?)
        case failed(ServiceFailure)
    }

    /// OAuth's refresh (IAM Identity Center OIDC API Reference, "CreateToken"), unless somebody else has done it.
    private func renewed(_ path: String, _ setup: Setup, _ context: ProviderContext) -> Renewal {
        guard let token = SSOToken(path: path), let renewal = token.renewal else {
            return .failed(ServiceFailure(code: "", message: "its file has gone", status: 400))
        }
        if !Self.isDue(token, context) { return .renewed(token, nil) }
        let body = JSONText.object([
            .init("grantType", .string("refresh_token")), .init("clientId", .string(renewal.clientID)),
            .init("clientSecret", .string(renewal.clientSecret.reveal())),
            .init("refreshToken", .string(renewal.refreshToken.reveal())),
        ])
        do throws(ServiceFailure) {
            let answer = try context.caller.json("POST", .oidc, "/token", body: body, region: setup.region)
            guard let text = answer["accessToken"]?.string, let seconds = answer["expiresIn"]?.number,
                (0...31_536_000).contains(seconds)
            else { throw ServiceFailure(code: "", message: "the answer holds no token", status: 200) }
            let new = token.renewed(
                accessToken: text, expiresAt: context.now.addingTimeInterval(seconds),
                refreshToken: answer["refreshToken"]?.string)
            return .renewed(
                new, new.write(to: path) ? nil : "the renewed token could not be written to \(path.shown)")
        } catch {
            // Another program may have been first: its token is as good.
            if let now = SSOToken(path: path), !Self.isDue(now, context) { return .renewed(now, nil) }
            return .failed(error)
        }
    }

    /// IAM Identity Center Portal API Reference, "GetRoleCredentials".
    private func credentials(
        _ setup: Setup, _ token: SSOToken, _ command: [String], _ context: ProviderContext
    ) throws(AWSFailure) -> Credentials {
        let query =
            "role_name=\(PercentEncoding.encode(setup.role))&account_id=\(PercentEncoding.encode(setup.account))"
        let answer: JSONTree
        do throws(ServiceFailure) {
            answer = try context.caller.json(
                "GET", .sso, "/federation/credentials?\(query)",
                headers: [.init("x-amz-sso_bearer_token", token.accessToken.reveal())], region: setup.region)
        } catch {
            if error.status == 401 || error.code == "UnauthorizedException" {
                throw .login("the SSO session \(setup.name.shown) has ended: \(error.message)", command)
            }
            throw AWSFailure(
                "aws-refused",
                "SSO gave no credentials for role \(setup.role.shown) in account \(setup.account.shown): "
                    + error.message,
                do: error.remedy(
                    refused: "check sso_role_name and sso_account_id, and what you are assigned to"))
        }
        guard let role = answer["roleCredentials"], let id = role["accessKeyId"]?.string,
            let secret = role["secretAccessKey"]?.string, let session = role["sessionToken"]?.string,
            let milliseconds = role["expiration"]?.number
        else {
            throw AWSFailure(
                "aws-refused", "SSO answered without credentials for role \(setup.role.shown)",
                do: "try again")
        }
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(session)),
            expiresAt: context.skew.local(Date(timeIntervalSince1970: milliseconds / 1000)),
            provider: "SSO, role \(setup.role.shown)", renewal: "try again: the session gives new ones")
        credentials.accountID = setup.account
        credentials.isCostly = true
        return credentials
    }
}

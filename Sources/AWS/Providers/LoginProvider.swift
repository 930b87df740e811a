#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4
import Workers

/// The credentials of a session that `aws login` began. What it cached is read here; renewing takes a proof of
/// possession that only aws-cli holds the rules of, so that is left to `aws configure export-credentials`.
struct LoginProvider: CredentialProvider {
    let name = "aws login"

    /// Cached credentials that end sooner are renewed first, in seconds.
    private static let window = 300.0

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        guard let session = context.value("login_session") else { return .notConfigured("no login_session") }
        let command = LoginSession.command(.login, profile: context.profile)
        let login = LoginSession(
            kind: .login, name: session, endsAt: nil, renewsItself: true, command: command)
        guard var cached = Self.cached(session, context) else {
            return .broken(.login("nobody has logged in to the session \(session.shown)", command))
        }
        cached.session = login
        let left = cached.expiresAt?.timeIntervalSince(context.now) ?? 0
        if left >= Self.window { return .credentials(cached) }
        guard !context.isOffline else {
            return .onUse(Prospect("renewed on use", session: login, account: cached.accountID))
        }
        switch renewed(session, login, context) {
        case .credentials(let new): return .credentials(new)
        case .failure(let failure):
            // What is left of the old ones is good for a login.
            guard left >= CredentialStore.margin else { return .broken(failure) }
            cached.remark = failure.message
            return .credentials(cached)
        }
    }

    /// What renewing came to.
    private enum Renewal {
        case credentials(Credentials)
        case failure(AWSFailure)
    }

    private static func cached(_ session: String, _ context: ProviderContext) -> Credentials? {
        let folder =
            context.environment["AWS_LOGIN_CACHE_DIRECTORY"].map {
                SharedConfigReader.expanded($0, context.environment)
            } ?? context.awsFile("login/cache")
        guard let bytes = SmallFile.read("\(folder)/\(Digest.sha256(session)).json", limit: 262_144),
            let token = JSONTree(bytes)?["accessToken"], let id = token["accessKeyId"]?.string,
            let secret = token["secretAccessKey"]?.string, let sessionToken = token["sessionToken"]?.string,
            let end = token["expiresAt"]?.string.flatMap(Timestamp.parse)
        else { return nil }
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(sessionToken)),
            expiresAt: end, provider: "aws login", renewal: "try again: the session gives new ones")
        credentials.accountID = token["accountId"]?.string
        return credentials
    }

    private func renewed(_ session: String, _ login: LoginSession, _ context: ProviderContext) -> Renewal {
        var arguments = ["aws", "configure", "export-credentials", "--format", "process"]
        if let profile = context.profile { arguments += ["--profile", profile] }
        let outcome = HelperProcess(arguments: arguments, environment: context.environment.forChildren)
            .run(context.wait)
        let name = session.shown
        if case .notFound = outcome {
            return .failure(
                AWSFailure(
                    "aws-sso-login-needed",
                    "the session \(name) has to be renewed by the aws command, which is not installed",
                    do: "install AWS CLI 2 (https://docs.aws.amazon.com/cli)", login: login.command))
        }
        switch ProcessProvider.read(outcome, program: "aws") {
        case .success(var credentials):
            credentials.provider = "aws login"
            credentials.renewal = "try again: the session gives new ones"
            credentials.session = login
            credentials.isCostly = true
            return .credentials(credentials)
        case .failure(let problem):
            return .failure(
                .login(
                    "the session \(name) was not renewed: `aws configure export-credentials` \(problem.text)",
                    login.command))
        }
    }
}

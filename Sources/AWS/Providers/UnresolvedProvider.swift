/// What a profile or the environment may be set up for and this version does not resolve: said plainly instead
/// of looking on, since other credentials than the profile's own would be a surprise.
struct UnresolvedProvider: CredentialProvider {
    let name: String
    /// What it is, for people.
    let words: String
    /// The keys that set a profile up for it.
    var keys: [String] = []
    /// A key that makes the profile another provider's.
    var unlessKey: String?
    /// The variables that set it up where no profile is named explicitly.
    var variables: [String] = []

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let profile = context.profileName
        func value(_ key: String) -> String? {
            context.config.value(key, profile: profile).flatMap { $0.isEmpty ? nil : $0 }
        }
        if let key = keys.first(where: { value($0) != nil }), unlessKey.flatMap(value) == nil {
            return .broken(failure("profile \(profile.shown) uses \(words) (\(key))", profile: profile))
        }
        if !context.isExplicit, let variable = variables.first(where: { context.environment[$0] != nil }) {
            return .broken(
                failure("the environment points to \(words) (\(variable))", profile: context.profile))
        }
        let what = keys.isEmpty ? variables : keys
        return .notConfigured(
            what.isEmpty ? "not asked by this version" : "no \(what.joined(separator: " or "))")
    }

    private func failure(_ what: String, profile: String?) -> AWSFailure {
        let option = profile.map { " --profile \($0.shown.shellWord)" } ?? ""
        return AWSFailure(
            "aws-config-broken", "\(what), which this version cannot resolve",
            do:
                "run `eval \"$(aws configure export-credentials\(option) --format env)\"`, leave the AWS profile "
                + "of this connection empty, and start pgfob from that shell")
    }

    // Every way of the chain that is still to come.

    static let assumeRole = UnresolvedProvider(
        name: "assume role", words: "an assumed role", keys: ["role_arn"],
        unlessKey: "web_identity_token_file")
    static let webIdentity = UnresolvedProvider(
        name: "web identity", words: "a web identity token", keys: ["web_identity_token_file"],
        variables: ["AWS_WEB_IDENTITY_TOKEN_FILE"])
    static let sso = UnresolvedProvider(name: "SSO", words: "SSO", keys: ["sso_account_id", "sso_role_name"])
    /// A session alone names no account: static keys beside it win, as in botocore.
    static let ssoSession = UnresolvedProvider(
        name: "SSO session", words: "SSO", keys: ["sso_session", "sso_start_url"])
    static let login = UnresolvedProvider(name: "aws login", words: "`aws login`", keys: ["login_session"])
    static let process = UnresolvedProvider(
        name: "credential_process", words: "a credential process", keys: ["credential_process"])
    static let container = UnresolvedProvider(
        name: "container", words: "the container's credentials",
        variables: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    static let instance = UnresolvedProvider(name: "instance metadata", words: "the instance's role")
}

/// What a profile may be set up for and this version does not resolve: said plainly instead of looking on,
/// since other credentials than the profile's own would be a surprise.
struct UnresolvedProvider: CredentialProvider {
    let name: String
    /// The key that sets a profile up for it.
    let keys: [String]
    /// What it is, for people.
    let words: String

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let profile = context.profileName
        guard let key = keys.first(where: { context.config.value($0, profile: profile)?.isEmpty == false }) else {
            return .notConfigured("profile \(profile) has no \(keys.joined(separator: " or "))")
        }
        return .broken(
            AWSFailure(
                "aws-config-broken", "profile \(profile) uses \(words) (\(key)), which this version does not resolve",
                do: "run `eval \"$(aws configure export-credentials --profile \(profile) --format env)\"` "
                    + "and leave the AWS profile of this connection empty"))
    }

    /// Every way of the chain that is still to come, in the chain's order.
    static let assumeRole = UnresolvedProvider(name: "assume role", keys: ["role_arn"], words: "an assumed role")
    static let sso = UnresolvedProvider(
        name: "SSO", keys: ["sso_session", "sso_account_id", "sso_role_name"], words: "SSO")
    static let login = UnresolvedProvider(name: "aws login", keys: ["login_session"], words: "`aws login`")
    static let process = UnresolvedProvider(
        name: "credential_process", keys: ["credential_process"], words: "a credential process")
}

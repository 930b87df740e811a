#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// A role that is assumed with a token of another identity provider, as in EKS
/// (AWS SDKs and Tools Reference Guide, "Assume role credential provider").
struct WebIdentityProvider: CredentialProvider {
    let name = "web identity"

    private static let tokenLimit = 65_536

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        func setting(_ variable: String, _ key: String) -> String? {
            (context.isExplicit ? nil : context.environment[variable]) ?? context.value(key)
        }
        guard let path = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
            return .notConfigured("no web_identity_token_file")
        }
        guard let arn = setting("AWS_ROLE_ARN", "role_arn") else {
            return .broken(
                .config(
                    "a web identity is set up (\(path.shown)) without the role to assume",
                    do: "add role_arn to the profile, or set AWS_ROLE_ARN"))
        }
        guard !context.isOffline else {
            return .onUse(Prospect("web identity, assumed on use", account: Credentials.account(of: arn)))
        }
        // Read at every renewal: whoever put it there replaces it before it ends.
        guard let bytes = SmallFile.read(path, limit: Self.tokenLimit) else {
            return .broken(
                .config(
                    "the web identity token \(path.shown) cannot be read", do: "check the file and its rights"
                ))
        }
        let token = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined()
        guard !token.isEmpty else {
            return .broken(
                .config(
                    "the web identity token \(path.shown) is empty",
                    do: "look at what writes it, such as the pod's service account"))
        }
        let session =
            setting("AWS_ROLE_SESSION_NAME", "role_session_name")
            ?? "pgfob-\(Int(context.now.timeIntervalSince1970))"
        let region: Region?
        do throws(AWSFailure) { region = try context.region() } catch { return .broken(error) }
        do throws(ServiceFailure) {
            let assumed = try STS(caller: context.caller, region: region).assumeRoleWithWebIdentity([
                ("RoleArn", arn), ("RoleSessionName", session), ("WebIdentityToken", token),
            ])
            return .credentials(AssumeRoleProvider.credentials(assumed, "web identity", nil))
        } catch {
            return .broken(
                AWSFailure(
                    "aws-refused", "\(arn.shown) cannot be assumed with the web identity: \(error.message)",
                    do: error.remedy(refused: "check the token \(path.shown) and the role's trust policy")))
        }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// Keys in the environment.
///
/// botocore reads AWS_SECURITY_TOKEN before AWS_SESSION_TOKEN, and takes an empty value for none
/// (facts/aws.md 2.4).
struct EnvironmentProvider: CredentialProvider {
    let name = "environment"

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        func value(_ name: String) -> String? {
            context.environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        guard !context.isExplicit else { return .notConfigured("not asked: the profile is named explicitly") }
        let key = value("AWS_ACCESS_KEY_ID")
        let secret = value("AWS_SECRET_ACCESS_KEY")
        guard key != nil || secret != nil else { return .notConfigured("AWS_ACCESS_KEY_ID is not set") }
        guard let key, let secret else {
            let missing = key == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
            return .broken(
                AWSFailure(
                    "aws-partial-credentials", "the environment has half of an access key, \(missing) is missing",
                    do: "set \(missing), or unset both to use a profile"))
        }
        var expiresAt: Date?
        if let text = value("AWS_CREDENTIAL_EXPIRATION") {
            guard let date = Timestamp.parse(text) else {
                return .broken(
                    AWSFailure(
                        "aws-config-broken", "AWS_CREDENTIAL_EXPIRATION is not a time such as 2026-11-24T14:00:00Z",
                        do: "correct it or unset it"))
            }
            expiresAt = date
        }
        let token = value("AWS_SECURITY_TOKEN") ?? value("AWS_SESSION_TOKEN")
        return .credentials(
            Credentials(
                signing: SigningCredentials(
                    accessKeyID: key, secretAccessKey: Secret(secret), sessionToken: token.map { Secret($0) }),
                expiresAt: expiresAt, provider: name))
    }
}

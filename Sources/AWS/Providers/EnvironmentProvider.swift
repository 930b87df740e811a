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
/// botocore reads AWS_SECURITY_TOKEN before AWS_SESSION_TOKEN, takes an empty value for none, and passes over a
/// secret key without an access key (facts/aws.md 2.4).
struct EnvironmentProvider: CredentialProvider {
    let name = "environment"

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let environment = context.environment
        guard !context.isExplicit else { return .notConfigured("not asked: the profile is named explicitly") }
        guard let key = environment["AWS_ACCESS_KEY_ID"] else {
            return environment["AWS_SECRET_ACCESS_KEY"] == nil
                ? .notConfigured("AWS_ACCESS_KEY_ID is not set") : .incomplete(Self.half("AWS_ACCESS_KEY_ID"))
        }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            return .broken(Self.half("AWS_SECRET_ACCESS_KEY"))
        }
        var expiresAt: Date?
        if let text = environment["AWS_CREDENTIAL_EXPIRATION"] {
            guard let date = Timestamp.parse(text) else {
                return .broken(
                    AWSFailure(
                        "aws-config-broken",
                        "AWS_CREDENTIAL_EXPIRATION is not a time such as 2026-11-24T14:00:00Z",
                        do: "correct it or unset it"))
            }
            expiresAt = date
        }
        let token = environment["AWS_SECURITY_TOKEN"] ?? environment["AWS_SESSION_TOKEN"]
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: key, secretAccessKey: Secret(secret), sessionToken: token.map { Secret($0) }),
            expiresAt: expiresAt, provider: name,
            renewal: "set new keys in the environment and start pgfob again")
        credentials.accountID = environment["AWS_ACCOUNT_ID"]
        return .credentials(credentials)
    }

    private static func half(_ missing: String) -> AWSFailure {
        AWSFailure(
            "aws-partial-credentials", "the environment has half of an access key, \(missing) is missing",
            do: "set \(missing), or unset both to use a profile")
    }
}

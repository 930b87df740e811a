#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// Keys that stand in one of the two files; each file is looked at by itself, as botocore does.
struct StaticKeysProvider: CredentialProvider {
    enum File: Sendable { case credentials, config }

    let file: File

    var name: String {
        file == .credentials ? "static keys in the credentials file" : "static keys in the config file"
    }

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let profile = context.profileName
        let config = context.config
        let path = (file == .credentials ? config.credentialsPath : config.configPath).shown
        let section =
            file == .credentials ? config.credentials.sections[profile] : config.configSection(profile)
        func value(_ key: String) -> SharedFile.Value? {
            section?.values[key].flatMap { $0.text.isEmpty ? nil : $0 }
        }
        func half(_ missing: String, _ line: Int) -> AWSFailure {
            AWSFailure(
                "aws-partial-credentials",
                "\(path):\(line): profile \(profile.shown) has half of an access key, \(missing) is missing",
                do: "add \(missing) to the profile")
        }
        let secret = value("aws_secret_access_key")
        guard let key = value("aws_access_key_id") else {
            return secret.map { .incomplete(half("aws_access_key_id", $0.line)) }
                ?? .notConfigured("\(path) has no keys for profile \(profile.shown)")
        }
        guard let secret else { return .broken(half("aws_secret_access_key", key.line)) }
        let token = value("aws_security_token") ?? value("aws_session_token")
        return .credentials(
            Credentials(
                signing: SigningCredentials(
                    accessKeyID: key.text, secretAccessKey: Secret(secret.text),
                    sessionToken: token.map { Secret($0.text) }),
                // A key of one's own does not end, whatever else the section says.
                expiresAt: token == nil ? nil : expiry(value),
                provider: "static keys, profile \(profile.shown)",
                renewal: "put new session keys into \(path), which is read again by itself"))
    }

    /// Tools that write session credentials into the file note their end under names of their own
    /// (aws-vault, saml2aws, aws-mfa). A time that cannot be read is passed over: it is no key of AWS.
    private func expiry(_ value: (String) -> SharedFile.Value?) -> Date? {
        for key in ["aws_session_expiration", "x_security_token_expires", "aws_expiration", "expiration"] {
            if let date = value(key).flatMap({ Timestamp.parse($0.text) }) { return date }
        }
        return nil
    }
}

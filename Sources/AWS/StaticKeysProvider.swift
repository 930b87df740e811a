#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// Keys that stand in one of the two files; each file is looked at by itself.
struct StaticKeysProvider: CredentialProvider {
    enum File: Sendable { case credentials, config }

    let file: File

    var name: String { file == .credentials ? "static keys in the credentials file" : "static keys in the config file" }

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let profile = context.profileName
        let config = context.config
        let path = file == .credentials ? config.credentialsPath : config.configPath
        let section = file == .credentials ? config.credentials.sections[profile] : config.configSection(profile)
        func value(_ key: String) -> SharedFile.Value? {
            section?.values[key].flatMap { $0.text.isEmpty ? nil : $0 }
        }
        let key = value("aws_access_key_id")
        let secret = value("aws_secret_access_key")
        guard let place = key ?? secret else { return .notConfigured("\(path) has no keys for \(profile)") }
        guard let key, let secret else {
            let missing = key == nil ? "aws_access_key_id" : "aws_secret_access_key"
            return .broken(
                AWSFailure(
                    "aws-partial-credentials",
                    "\(path):\(place.line): profile \(profile) has half of an access key, \(missing) is missing",
                    do: "add \(missing) to the profile"))
        }
        let token = value("aws_session_token") ?? value("aws_security_token")
        return .credentials(
            Credentials(
                signing: SigningCredentials(
                    accessKeyID: key.text, secretAccessKey: Secret(secret.text),
                    sessionToken: token.map { Secret($0.text) }),
                expiresAt: expiry(value), provider: "static keys, profile \(profile)"))
    }

    /// Tools that write session credentials into the file note their end under names of their own.
    private func expiry(_ value: (String) -> SharedFile.Value?) -> Date? {
        for key in ["aws_session_expiration", "x_security_token_expires", "aws_expiration", "expiration"] {
            if let date = value(key).flatMap({ Timestamp.parse($0.text) }) { return date }
        }
        return nil
    }
}

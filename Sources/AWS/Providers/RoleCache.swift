#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// aws-cli's own cache of assumed roles, which is read and never written: an MFA code that was answered there is not
/// asked for again.
package struct RoleCache {
    /// Entries that end sooner are passed over, as aws-cli does, in seconds.
    private static let margin = 900.0

    let folder: String

    /// What aws-cli keeps for a call of AssumeRole.
    ///
    /// - Parameter parameters: of the call, without a session name that was made up.
    func entry(for parameters: [(String, String)], now: Date) -> Credentials? {
        let path = "\(folder)/\(Self.key(parameters)).json"
        guard let bytes = SmallFile.read(path, limit: 65_536), let tree = JSONTree(bytes),
            let entry = tree["Credentials"], let id = entry["AccessKeyId"]?.string,
            let secret = entry["SecretAccessKey"]?.string, let token = entry["SessionToken"]?.string,
            let end = entry["Expiration"]?.string.flatMap(Timestamp.parse),
            end.timeIntervalSince(now) >= Self.margin
        else { return nil }
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token)),
            expiresAt: end, provider: "aws-cli's cache", renewal: "try again: the role is assumed anew")
        credentials.accountID = entry["AccountId"]?.string
        credentials.arn = tree["AssumedRoleUser"]?["Arn"]?.string
        return credentials
    }

    /// SHA-1 over the parameters as Python's `json.dumps(…, sort_keys=True)` writes them (facts/aws.md 2.4).
    package static func key(_ parameters: [(String, String)]) -> String {
        let members = parameters.sorted { $0.0 < $1.0 }.map { name, value in
            let text = name == "DurationSeconds" ? value : JSONText.string(value).text
            return "\"\(name)\": \(text)"
        }
        return Digest.sha1("{\(members.joined(separator: ", "))}")
    }
}

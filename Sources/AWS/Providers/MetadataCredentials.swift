#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// What the endpoints on the machine's own link hand out: ECS, EKS Pod Identity and EC2 use one form.
enum MetadataCredentials {
    /// Nil where one of the parts is missing.
    static func read(_ tree: JSONTree?, provider: String) -> Credentials? {
        guard let tree, let id = tree["AccessKeyId"]?.string, let secret = tree["SecretAccessKey"]?.string,
            let token = tree["Token"]?.string, let end = tree["Expiration"]?.string.flatMap(Timestamp.parse)
        else { return nil }
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token)),
            expiresAt: end, provider: provider, renewal: "try again: they are renewed by themselves")
        credentials.accountID = tree["AccountId"]?.string
        credentials.isCostly = true
        return credentials
    }
}

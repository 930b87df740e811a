#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets

/// The bearer token of an Identity Center session, as aws-cli keeps it in a file of its own.
struct SSOToken {
    /// What renews it without the user.
    struct Renewal {
        var clientID: String
        var clientSecret: Secret
        var refreshToken: Secret
        var registrationEndsAt: Date
    }

    var accessToken: Secret
    var expiresAt: Date
    /// Nil where the file has not all that it takes.
    var renewal: Renewal?
    /// The whole file, so that what pgfob does not know is written back.
    private var members: [String: JSONTree]

    private static let limit = 262_144

    /// The file of a session: named after the sso-session, or after the start URL where the profile has none.
    static func path(in folder: String, session: String) -> String {
        "\(folder)/\(Digest.sha1(session)).json"
    }

    /// Nil where there is no such file, or it holds no token: a client's registration lies in the same folder.
    init?(path: String) {
        guard let bytes = SmallFile.read(path, limit: Self.limit), let members = JSONTree(bytes)?.members,
            let token = members["accessToken"]?.string, !token.isEmpty,
            let end = members["expiresAt"]?.string.flatMap(Timestamp.parse)
        else { return nil }
        self.members = members
        accessToken = Secret(token)
        expiresAt = end
        if let id = members["clientId"]?.string, let secret = members["clientSecret"]?.string,
            let refresh = members["refreshToken"]?.string,
            let registration = members["registrationExpiresAt"]?.string.flatMap(Timestamp.parse)
        {
            renewal = Renewal(
                clientID: id, clientSecret: Secret(secret), refreshToken: Secret(refresh),
                registrationEndsAt: registration)
        }
    }

    /// Whether it can be renewed without the user.
    func isRenewable(at now: Date) -> Bool { renewal.map { $0.registrationEndsAt > now } ?? false }

    /// The same session with a new token.
    func renewed(accessToken: String, expiresAt: Date, refreshToken: String?) -> SSOToken {
        var token = self
        token.accessToken = Secret(accessToken)
        token.expiresAt = expiresAt
        token.members["accessToken"] = .string(accessToken)
        token.members["expiresAt"] = .string(Timestamp.rfc3339(expiresAt))
        if let refreshToken {
            token.renewal?.refreshToken = Secret(refreshToken)
            token.members["refreshToken"] = .string(refreshToken)
        }
        return token
    }

    /// Writes it back for aws-cli and its kin.
    ///
    /// - Returns: false where it could not be; the old file stands then.
    func write(to path: String) -> Bool {
        SmallFile.replace(path, with: Array(JSONTree.object(members).written.text.utf8))
    }
}

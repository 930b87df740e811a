#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session that a person began in a browser and that credentials come from for as long as it lasts.
package struct LoginSession: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        /// IAM Identity Center, `aws sso login`.
        case sso = "SSO"
        /// The console's own sign-in, `aws login`.
        case login
    }

    package var kind: Kind
    /// As the configuration names it: the sso-session, the start URL, the session's ARN.
    package var name: String
    /// When it ends; nil where that is unknown.
    package var endsAt: Date?
    /// Whether it is renewed without the user: what ends then is the token of the moment, and the session goes on.
    package var renewsItself = false
    /// What begins it anew, by argv.
    package var command: [String]

    package init(kind: Kind, name: String, endsAt: Date?, renewsItself: Bool = false, command: [String]) {
        self.kind = kind
        self.name = name
        self.endsAt = endsAt
        self.renewsItself = renewsItself
        self.command = command
    }

    /// - Parameter profile: whose configuration aws-cli reads; its own choice where nil.
    static func command(_ kind: Kind, profile: String?) -> [String] {
        let words = kind == .sso ? ["aws", "sso", "login"] : ["aws", "login"]
        return words + (profile.map { ["--profile", $0] } ?? [])
    }
}

import Profiles

/// What a token is good for. Profiles with the same scope share one, and so one countdown.
struct TokenScope: Hashable, Sendable {
    var host: String
    var port: Int
    var user: String
    var region: String
    var awsProfile: String

    /// Nil where the profile does not log in with a token.
    init?(_ profile: Profile) {
        guard profile.auth == .iam else { return nil }
        host = HostName.normalised(profile.signingHost ?? profile.host)
        port = profile.port
        user = profile.user ?? ""
        region = profile.region?.rawValue ?? ""
        awsProfile = profile.awsProfile ?? ""
    }
}

/// What `pgfob token` was told, as text: judged where it is signed.
package struct AdHocToken: Sendable, Hashable {
    package var host: String?
    package var port: Int?
    package var user: String?
    package var region: String?
    package var awsProfile: String?
    /// Seconds.
    package var expires: Int?
    /// `YYYYMMDDTHHMMSSZ`.
    package var at: String?

    package init(
        host: String? = nil, port: Int? = nil, user: String? = nil, region: String? = nil,
        awsProfile: String? = nil, expires: Int? = nil, at: String? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.region = region
        self.awsProfile = awsProfile
        self.expires = expires
        self.at = at
    }
}

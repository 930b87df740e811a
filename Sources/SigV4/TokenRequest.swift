/// What a token is to be good for.
package struct TokenRequest: Sendable, Hashable {
    /// The service that will check it, and who logs in.
    package enum Kind: Sendable, Hashable {
        /// Aurora and RDS: the action `connect` for one database user.
        case rds(user: String)
        /// Aurora DSQL, any role but admin: the action `DbConnect`.
        case dsql
        /// Aurora DSQL as admin: the action `DbConnectAdmin`.
        case dsqlAdmin
    }

    /// RDS accepts no longer life (Aurora User Guide, "IAM database authentication").
    package static let rdsLimit = 900
    /// DSQL accepts a week (Aurora DSQL User Guide, "Generating an authentication token").
    package static let dsqlLimit = 604_800

    /// As typed: the token's text keeps its case, the signature is over its lower-cased form.
    package var host: String
    package var port: Int
    package var kind: Kind
    package var region: String
    /// Seconds.
    package var expires: Int

    package init(host: String, port: Int, kind: Kind, region: String, expires: Int = rdsLimit) {
        self.host = host
        self.port = port
        self.kind = kind
        self.region = region
        self.expires = expires
    }

    /// The longest life that the service accepts, in seconds.
    package var longestLife: Int {
        if case .rds = kind { Self.rdsLimit } else { Self.dsqlLimit }
    }

    /// Whether the service would accept its life.
    package var hasAcceptedLife: Bool { (1...longestLife).contains(expires) }
}

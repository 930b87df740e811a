/// A service that pgfob calls.
package enum AWSService: String, Sendable, Hashable, CaseIterable {
    case sts, rds
    /// Only to tell which regions are enabled.
    case ec2
    /// The portal of IAM Identity Center, which hands out the credentials of roles.
    case sso
    /// Its token endpoint.
    case oidc
    /// RDS's sibling without instances; only listed, its tokens are signed offline.
    case dsql

    /// The first part of its host name.
    var hostPrefix: String {
        switch self {
        case .sso: "portal.sso"
        case .sts, .rds, .ec2, .oidc, .dsql: rawValue
        }
    }

    /// As variables and settings name it: `AWS_ENDPOINT_URL_SSO_OIDC`, `sso_oidc = …`
    /// (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
    var settingName: String { self == .oidc ? "sso_oidc" : rawValue }
}

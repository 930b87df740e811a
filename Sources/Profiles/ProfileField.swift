/// The writable fields of a profile, named as in the JSON of design/cli.md and in the form's order.
///
/// One table for the form, `pgfob edit` and the import, so that a value is judged alike everywhere.
package enum ProfileField: String, Sendable, Hashable, CaseIterable {
    case name, host, port, database, user, environment, group, auth, service
    case awsProfile = "aws_profile"
    case region, sslmode, sslrootcert, tunnel, dial
    case signingHost = "signing_host"
    case confirm
    case readOnly = "read_only"
    case connectTimeout = "connect_timeout"
    case applicationName = "application_name"
    case parameters, tags, notes, pinned

    /// The label in the form.
    package var label: String {
        switch self {
        case .name: "Name"
        case .host: "Endpoint"
        case .port: "Port"
        case .database: "Database"
        case .user: "User"
        case .environment: "Env"
        case .group: "Group"
        case .auth: "Auth"
        case .service: "Service"
        case .awsProfile: "AWS profile"
        case .region: "Region"
        case .sslmode: "TLS"
        case .sslrootcert: "CA bundle"
        case .tunnel: "Tunnel"
        case .dial: "Dial"
        case .signingHost: "Sign for"
        case .confirm: "Confirm"
        case .readOnly: "Read-only"
        case .connectTimeout: "Timeout"
        case .applicationName: "App name"
        case .parameters: "Parameters"
        case .tags: "Tags"
        case .notes: "Notes"
        case .pinned: "Pinned"
        }
    }
}

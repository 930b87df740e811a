/// What IAM and the database need before a token is accepted: the policy for the caller, the SQL for the database
/// user, and what of it is not known yet.
///
/// The rules are those of the Aurora User Guide, "Creating and using an IAM policy for IAM database access" and
/// "Creating a database account using IAM authentication", and for DSQL of its own guide, "Authentication and
/// authorization".
package struct IAMPolicy: Sendable, Hashable {
    package let target: SigningTarget
    /// The account that owns the database; nil where it is not known.
    package var account: String?
    /// `cluster-...`, `db-...` or `prx-...`; nil where it is not known, and not for DSQL.
    package var resourceID: String?

    package init(target: SigningTarget, account: String? = nil, resourceID: String? = nil) {
        self.target = target
        self.account = account
        self.resourceID = resourceID
    }

    private var kind: EndpointKind { HostName(target.host).kind }
    private var isDSQL: Bool { target.kind != .rds }
    private var partition: String { Partition(region: target.region).rawValue }

    /// The one action that logs in.
    package var action: String {
        switch target.kind {
        case .rds: "rds-db:connect"
        case .dsql: "dsql:DbConnect"
        case .dsqlAdmin: "dsql:DbConnectAdmin"
        }
    }

    /// The ARN that the action is allowed on; what is not known stands in angle brackets.
    package var resource: String {
        let account = account ?? "<account>"
        if isDSQL {
            return "arn:\(partition):dsql:\(target.region):\(account):cluster/\(HostName(target.host).name)"
        }
        return
            "arn:\(partition):rds-db:\(target.region):\(account):dbuser:\(resourceID ?? resourcePlaceholder)/\(target.user)"
    }

    private var resourcePlaceholder: String {
        switch kind {
        case .proxy: "<prx-resource-id>"
        case .instance: "<cluster- or db-resource-id>"
        default: "<cluster-resource-id>"
        }
    }

    /// The policy for whoever signs, as JSON over several lines.
    package var json: String {
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": \(JSONText.string(action).text),
              "Resource": \(JSONText.string(resource).text)
            }
          ]
        }
        """
    }

    /// What a superuser of the database runs once; empty where nothing is needed.
    package var sql: [String] {
        let role = Self.identifier(target.user)
        switch target.kind {
        // A proxy checks the token itself, and logs in at the database by the password of its secret, which rds_iam would
        // stop (Aurora User Guide, "Setting up database credentials for RDS Proxy").
        case .rds where kind == .proxy: return ["CREATE USER \(role);"]
        case .rds: return ["CREATE USER \(role);", "GRANT rds_iam TO \(role);"]
        case .dsql:
            return [
                "CREATE ROLE \(role) WITH LOGIN;",
                "AWS IAM GRANT \(role) TO 'arn:\(partition):iam::\(account ?? "<account>"):role/<role of the caller>';",
            ]
        case .dsqlAdmin: return []
        }
    }

    /// What is still to be found out, and how.
    package var unknowns: [String] {
        var unknowns: [String] = []
        if account == nil {
            unknowns.append("the account that owns the database")
        }
        if !isDSQL, resourceID == nil {
            let what =
                switch kind {
                case .proxy: "the proxy's resource id (prx-...)"
                case .instance:
                    "the resource id: of the cluster (cluster-...) where the instance is in one, else of the instance (db-...)"
                default: "the cluster's resource id (cluster-...), which is not its name"
                }
            unknowns.append(what)
        }
        return unknowns
    }

    /// Worth knowing before it is tried.
    package var notes: [String] {
        if kind == .proxy {
            return [
                "the proxy itself has to be set to IAM authentication",
                "it logs in at the database by the password of its secret in Secrets Manager: the user keeps that one, and "
                    + "rds_iam would stop it",
                "only where its DefaultAuthScheme is IAM_AUTH the user needs no secret, and this: GRANT rds_iam TO "
                    + "\(Self.identifier(target.user));",
            ]
        }
        var notes: [String] = []
        if target.kind == .rds {
            notes.append("a member of rds_iam logs in by token alone: its password stops working")
            notes.append("IAM database authentication has to be switched on for the cluster")
        }
        return notes
    }

    /// All of it, for reading and copying: SQL comments carry the rest.
    package var text: String {
        var lines = ["-- IAM policy for whoever signs as \(target.user)", json, ""]
        if !sql.isEmpty { lines += ["-- in the database, by a superuser"] + sql + [""] }
        lines += unknowns.map { "-- unknown: \($0)" } + notes.map { "-- note: \($0)" }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// An identifier of SQL, always in double quotes: never folded, and never a reserved word (PostgreSQL
    /// documentation, "Identifiers and Key Words").
    static func identifier(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}

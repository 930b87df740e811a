import Profiles

extension CauseCode {
    func sessionAdvice(_ seen: Observation) -> Advice {
        let database = seen.database.isEmpty ? "the database" : seen.database
        let (user, named) = (Self.identifier(seen.user), Self.identifier(database))
        return switch self {
        case .databaseMissing:
            Advice(
                "the login is good, and there is no database \(database)",
                check: "psql -l lists them; names are exact",
                fix: "correct the profile's database", .edit(.database))
        case .databaseForbidden:
            Advice(
                "\(seen.user) has no CONNECT privilege on \(database)",
                check: "\\l \(database) shows its privileges",
                fix: "as its owner run: GRANT CONNECT ON DATABASE \(named) TO \(user)")
        case .databaseClosed:
            Advice(
                "\(database) takes no connections (datallowconn is off)",
                check: "select datallowconn from pg_database where datname = '\(database)'",
                fix: "choose another database", .edit(.database))
        case .tooManyConnections:
            Advice(
                "the server, the database or the role has as many connections as it may",
                check: "the message names which; pg_stat_activity shows who has them",
                fix: "close some, or have max_connections or the role's limit raised", .again)
        case .startingUp:
            Advice(
                "the server is starting up or recovering", check: "the cluster's events in the RDS console",
                fix: "test again in a minute", .again)
        case .shuttingDown:
            Advice(
                "the server is shutting down: a restart or a failover",
                check: "the cluster's events in the RDS console", fix: "test again in a minute", .again)
        case .wrongRole:
            Advice(
                "the server is not in the role that target_session_attrs asks for",
                check: "a reader endpoint without a replica leads to the writer",
                fix: "use the cluster's other endpoint, or take target_session_attrs out of the parameters",
                .drop(["target_session_attrs"]))
        case .readOnly:
            Advice(
                "the session may only read", check: "pg_is_in_recovery() is true on a reader",
                fix: "use the writer endpoint", .edit(.host))
        case .optionUnknown where seen.isForbiddenOption:
            Advice(
                "\(seen.user) may not have what one of the profile's startup options asks for",
                check:
                    "the message names it; `select context from pg_settings` tells who may set a parameter",
                fix: "take it out of the profile's options, or have the role allowed it", .edit(.parameters))
        case .optionUnknown:
            Advice(
                "the server does not know one of the profile's startup options",
                check: "the message names the parameter; RDS Proxy and DSQL take none at all",
                fix: "edit the profile's options", .edit(.parameters))
        case .sessionTimeout:
            Advice(
                "the login is good, and the first query got no answer",
                check: "CPU and locks of the server", fix: "look at the server's load", .again)
        default:
            Advice(
                "the login was good, and the connection was then lost",
                check: "an administrator, a failover, or a proxy or tunnel on the way ended it",
                fix: "test again in a minute", .again)
        }
    }
}

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
        case .tooManyConnections: limitAdvice(seen)
        case .startingUp:
            Advice(
                "the server is starting up or recovering, as after a restart, a failover or a pause",
                check: "the cluster's events in the RDS console",
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
        case _ where seen.sqlstate == "57P01":
            Advice(
                "the login was good, and the server then ended the session: a restart, a failover or an administrator",
                check: "the cluster's events in the RDS console", fix: "test again in a minute", .again)
        default:
            Advice(
                "the login was good, and the connection was then lost",
                check: "an administrator, a failover, or a proxy or tunnel on the way ended it",
                fix: "test again in a minute", .again)
        }
    }

    /// Whose limit it is stands in PostgreSQL's text (its `miscinit.c`, `postinit.c`, `proc.c`) or RDS Proxy's.
    private func limitAdvice(_ seen: Observation) -> Advice {
        if seen.isPoolInUse {
            return Advice(
                "RDS Proxy waited in vain for a connection to the database: its pool is in use",
                check: "DatabaseConnectionsBorrowLatency and ...CurrentlySessionPinned of the proxy",
                fix: "raise its MaxConnectionsPercent, or end sessions that are pinned to theirs", .again)
        }
        if seen.says("connections for role") {
            return Advice(
                "the role \(seen.user) has as many connections as its own limit allows",
                check: "select count(*) from pg_stat_activity where usename = current_user, in one of them",
                fix: "close some, or as an administrator run: ALTER ROLE \(Self.identifier(seen.user)) "
                    + "CONNECTION LIMIT -1", .again)
        }
        if seen.says("connections for database") {
            return Advice(
                "the database \(seen.database) has as many connections as its own limit allows",
                check: "pg_stat_activity shows who has them",
                fix: "close some, or as its owner run: ALTER DATABASE \(Self.identifier(seen.database)) "
                    + "CONNECTION LIMIT -1", .again)
        }
        return Advice(
            "the server has as many connections as max_connections allows",
            check: "pg_stat_activity shows who has them; RDS keeps some for its master user (rds_superuser)",
            fix:
                "log in as the master user and end idle ones (pg_terminate_backend), or have max_connections raised",
            .again)
    }
}

extension CauseCode {
    func loginAdvice(_ seen: Observation) -> Advice {
        let user = seen.user.isEmpty ? "the user" : seen.user
        return switch self {
        case .tokenRefused:
            Advice(
                "AWS refused the token: the identity that signed it may lack rds-db:connect for \(user) "
                    + "on this cluster",
                fix: "check that identity's policy; the reason is in the server's iam-db-auth-error log")
        case .tokenExpired:
            Advice("the token had ended before the login", fix: "test again: a new one is signed")
        case .tokenWrongEndpoint:
            Advice(
                "the token was signed for another host or port than the server's own",
                fix: "set signing_host to the real RDS endpoint where the host is an alias or custom endpoint"
            )
        case .tokenWrongRegion:
            Advice("the token was signed for another region", fix: "correct the profile's region")
        case .clockSkew:
            Advice("this machine's clock may be off by minutes", fix: "check it against a time server")
        case .roleNotIAM:
            Advice(
                "the server took the token for a password: \(user) is not a member of rds_iam, does not "
                    + "exist, or the cluster has IAM authentication off",
                fix: "as an administrator run: GRANT rds_iam TO \"\(user)\"")
        case .passwordRefused:
            seen.says("pam authentication")
                ? Advice(
                    "\(user) is a member of rds_iam, which takes tokens and no password",
                    fix: "edit the profile and set its authentication to iam")
                : Advice(
                    "wrong password, or no role \(user)", fix: "check the user and give the password again")
        case .noPassword:
            Advice(
                "the server asks for a password and there is none",
                fix: seen.auth == .pgpass
                    ? "add a line for this host to the password file, or check that its mode is 0600"
                    : "edit the profile and choose how it authenticates")
        case .plaintextRejected:
            Advice(
                "the server refuses connections without TLS",
                fix: "edit the profile and set sslmode to verify-full")
        case .noHBAEntry:
            Advice(
                "the server's pg_hba.conf has no line for \(user), \(seen.database) and this address",
                fix: "check user and database, then have the server's pg_hba.conf extended")
        case .roleNoLogin:
            Advice(
                "the role \(user) may not log in",
                fix: "as an administrator run: ALTER ROLE \"\(user)\" LOGIN, or use another user")
        case .channelBinding:
            Advice(
                "channel binding is required, and a token login cannot have it",
                fix: "edit the profile and take channel_binding out of its parameters")
        case .authMethodUnknown:
            Advice(
                "the server asks for a way of authentication that libpq or the profile does not allow",
                fix: "check require_auth in the profile's parameters, and libpq's version")
        default:
            transportAdvice(seen)
        }
    }

    private func transportAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .authTimeout:
            Advice(
                "TLS is up, and the login got no answer in the time allowed: an overloaded server, or a slow IAM "
                    + "check on a small instance",
                fix: "test again; if it stays, look at the instance's free memory")
        case .authClosed:
            Advice(
                "the server closed the connection during the login: a restart, a failover or a proxy",
                fix: "test again in a minute")
        case .iamThrottled:
            Advice(
                "too many IAM logins at once: RDS takes some 200 new ones a second",
                fix: "test again, with less at once")
        case .proxyRefused:
            Advice(
                "RDS Proxy refused the login: the token must be signed for the proxy's endpoint, and the "
                    + "policy must name its prx- id",
                fix: "check the host, the policy, and that the proxy allows IAM for this user")
        case .dsqlDenied:
            Advice(
                "DSQL refused the token: expired, or of the wrong kind for the user",
                fix: "check dsql:DbConnect for the user, or dsql:DbConnectAdmin for admin")
        default:
            Advice(
                "what answers after TLS does not speak PostgreSQL's protocol",
                fix: "check host and port in the profile")
        }
    }

    func sessionAdvice(_ seen: Observation) -> Advice {
        let database = seen.database.isEmpty ? "the database" : seen.database
        return switch self {
        case .databaseMissing:
            Advice(
                "the login is good, and there is no database \(database)",
                fix: "correct the profile's database")
        case .databaseForbidden:
            Advice(
                "\(seen.user) has no CONNECT privilege on \(database)",
                fix: "as its owner run: GRANT CONNECT ON DATABASE \"\(database)\" TO \"\(seen.user)\"")
        case .databaseClosed:
            Advice("\(database) takes no connections (datallowconn is off)", fix: "choose another database")
        case .tooManyConnections:
            Advice(
                "the server, the database or the role has as many connections as it may",
                fix: "close some, or have max_connections or the role's limit raised")
        case .startingUp:
            Advice("the server is starting up or recovering", fix: "test again in a minute")
        case .shuttingDown:
            Advice("the server is shutting down: a restart or a failover", fix: "test again in a minute")
        case .wrongRole:
            Advice(
                "the server is not in the role that target_session_attrs asks for",
                fix: "use the cluster's other endpoint, or take target_session_attrs out of the parameters")
        case .readOnly:
            Advice("the session may only read", fix: "use the writer endpoint")
        case .optionUnknown:
            Advice(
                "the server does not know one of the profile's startup options",
                fix: "edit the profile's options: the message names the parameter")
        case .sessionTimeout:
            Advice("the login is good, and the first query got no answer", fix: "look at the server's load")
        default:
            Advice("the login was good, and the connection was then lost", fix: "test again in a minute")
        }
    }
}

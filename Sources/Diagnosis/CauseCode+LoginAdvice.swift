import Profiles

extension CauseCode {
    func loginAdvice(_ seen: Observation) -> Advice {
        let user = seen.user.isEmpty ? "the user" : seen.user
        return switch self {
        case .tokenRefused, .tokenExpired, .tokenWrongEndpoint, .tokenWrongRegion, .clockSkew:
            tokenAdvice(seen, user)
        case .roleNotIAM where seen.isOtherMethod:
            Advice(
                "the server checks \(user) in another way than by a token: it is no member of rds_iam there, or no RDS",
                check: "the message names the way; pg_hba.conf and pg_ident.conf of the server decide",
                fix: "check the host, or as an administrator run: GRANT rds_iam TO \(Self.identifier(user))",
                .edit(.host))
        case .passwordRefused where seen.isOtherMethod:
            Advice(
                "the server checks \(user) in another way than by a password, and refused",
                check: "the message names the way; pg_hba.conf and pg_ident.conf of the server decide",
                fix: "check host and user, then have the server's pg_hba.conf corrected", .edit(.user))
        // Its user keeps the password that the proxy has (facts/aws.md 3.11).
        case .roleNotIAM where seen.endpointName.kind == .proxy:
            Advice(
                "the proxy took the token for a password: it does not ask for IAM of \(user)",
                check:
                    "`aws rds describe-db-proxies`: IAMAuth of the secret of \(user), DISABLED or REQUIRED",
                fix:
                    "have the proxy's IAM authentication of \(user) set to required; rds_iam would stop its password"
            )
        case .roleNotIAM where user != user.lowercased():
            Advice(
                "the server took the token for a password: there may be no role \(user), as names are exact and "
                    + "unquoted ones were made in small letters; or it is not a member of rds_iam",
                check: "as an administrator: \\du; it shows names as they are",
                fix:
                    "set the profile's user to \(user.lowercased()), or as an administrator run: GRANT rds_iam TO "
                    + Self.identifier(user), .set(.user, user.lowercased()))
        case .roleNotIAM:
            Advice(
                "the server took the token for a password: \(user) is not a member of rds_iam, does not "
                    + "exist, or the cluster has IAM authentication off",
                check:
                    "as an administrator: \\du \(user); and IAMDatabaseAuthenticationEnabled of the cluster",
                fix: "as an administrator run: GRANT rds_iam TO \(Self.identifier(user))")
        case .passwordRefused where seen.passwordFile != nil:
            Advice(
                "wrong password in \(seen.passwordFile ?? "the password file"), one that has ended, or no role \(user)",
                check:
                    "the file's first line that fits host, port, database and user counts; rolvaliduntil in pg_roles",
                fix: "correct the line for \(seen.host) in that file, or the profile's user", .edit(.user))
        case .passwordRefused:
            seen.says("pam authentication")
                ? Advice(
                    "\(user) is a member of rds_iam, which takes tokens and no password",
                    check: "as an administrator: \\du \(user); membership through another role counts too",
                    fix: "set the profile's authentication to iam", .set(.auth, "iam"))
                : Advice(
                    "wrong password, one that has ended, or no role \(user)",
                    check:
                        "rolvaliduntil in pg_roles; names are exact: unquoted ones were made in small letters",
                    fix: "check the user and give the password again", .edit(.user))
        case .noPassword:
            Advice(
                "the server asks for a password and there is none",
                check: "libpq takes it from the password file alone, whose mode must be 0600",
                fix: seen.auth == .pgpass
                    ? "add a line for this host to the password file, or check that its mode is 0600"
                    : seen.auth == .password
                        ? "give it where a terminal asks for it, or keep it in ~/.pgpass or the file that PGPASSFILE names"
                        : "edit the profile and choose how it authenticates", .edit(.auth))
        case .plaintextRejected:
            Advice(
                "the server refuses connections without TLS",
                check: "rds.force_ssl is on, or the role is a member of rds_iam",
                fix: "set the profile's sslmode to verify-full", .set(.sslmode, "verify-full"))
        case .noHBAEntry:
            Advice(
                "the server's pg_hba.conf has no line for \(user), \(seen.database) and this address",
                check: "on RDS it is fixed: a serverless cluster that wakes up says so for a moment",
                fix: "check user and database, then have the server's pg_hba.conf extended", .again)
        case .roleNoLogin where seen.says("does not exist"):
            Advice(
                "the server has no role \(user)",
                check:
                    "as an administrator: \\du; names are exact, and unquoted ones were folded to small letters",
                fix: "correct the profile's user, or as an administrator run: CREATE ROLE "
                    + "\(Self.identifier(user)) LOGIN", .edit(.user))
        case .roleNoLogin:
            Advice(
                "the token is good, and the role \(user) may not log in", check: "\\du says: Cannot login",
                fix:
                    "as an administrator run: ALTER ROLE \(Self.identifier(user)) LOGIN, or use another user",
                .edit(.user))
        case .channelBinding:
            Advice(
                "channel binding is required, and a token login cannot have it",
                check: "channel_binding of the parameters is require",
                fix: "take channel_binding out of the profile's parameters", .drop(["channel_binding"]))
        case .authMethodUnknown where seen.says("client certificate"):
            Advice(
                "the server asks for a client certificate",
                check: "clientcert or cert in the server's pg_hba.conf; RDS asks for none",
                fix: "check the host, or name sslcert and sslkey in the profile's parameters",
                .edit(.parameters))
        case .authMethodUnknown:
            Advice(
                "the server asks for a way of authentication that libpq or the profile does not allow",
                check: "require_auth in the profile's parameters, and libpq's version",
                fix: "take require_auth out of the parameters, or update libpq", .drop(["require_auth"]))
        default:
            transportAdvice(seen)
        }
    }

    /// A name as SQL wants it.
    static func identifier(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    private func tokenAdvice(_ seen: Observation, _ user: String) -> Advice {
        let token = seen.token
        let signer = token.map { " (\($0.signer))" } ?? ""
        switch self {
        case .tokenExpired:
            return Advice(
                "the token had ended before the login",
                check: token?.endsWithCredentials == true
                    ? "its AWS credentials ended, and a token with them" : "a token lives 15 minutes",
                fix: "test again: a new one is signed", .again)
        case .tokenWrongEndpoint where seen.mayBeAnother && !seen.isOfOtherEndpoint:
            return Advice(
                "another server than \(seen.endpoint.isEmpty ? seen.host : seen.endpoint) may have answered, and has the "
                    + "token: sslmode \(seen.sslmode.rawValue) does not check the server's name",
                check: "verify-full tells whose certificate the server shows",
                fix: "set the profile's sslmode to verify-full", .set(.sslmode, "verify-full"))
        case .tokenWrongEndpoint:
            let place = token?.place ?? "another name"
            let custom = token.map { HostName($0.host).kind == .custom } == true
            let right = seen.rightSigningHost
            return Advice(
                custom
                    ? "the token was signed for a custom endpoint, which some clusters do not take"
                    : "the token was signed for \(place), and the server has another name or port",
                check: seen.serverNames.isEmpty
                    ? "the server's certificate lists its names"
                    : "the server's certificate is for \(seen.serverNames.prefix(3).joined(separator: ", "))",
                fix: right.map {
                    $0.isEmpty ? "clear signing_host: the host itself is signed for then" : "sign for \($0)"
                }
                    ?? "set signing_host to the real RDS endpoint where the host is an alias or custom endpoint",
                right.map { .set(.signingHost, $0) } ?? .edit(.signingHost))
        case .tokenWrongRegion:
            let right = seen.rightRegion
            return Advice(
                "the token was signed for \(token?.region ?? "another region"), and the server is in "
                    + (right?.rawValue ?? "another"),
                check: "the endpoint's name tells the region",
                fix: right.map { "set the profile's region to \($0)" } ?? "correct the profile's region",
                right.map { .set(.region, $0.rawValue) } ?? .edit(.region))
        case .clockSkew:
            let seconds = Int(abs(token?.clockSkew ?? 0).rounded())
            return Advice(
                token?.isClockOff == true
                    ? "this machine's clock is \(seconds) s off, and the signature's time with it"
                    : "this machine's clock may be off by minutes",
                check: "`pgfob whoami --call` compares it with AWS's",
                fix: "set it by a time server, or let pgfob sign with AWS's time (correct_clock)")
        default:
            return Advice(
                "AWS refused the token: the identity that signed it\(signer) may lack rds-db:connect for \(user) "
                    + "on this cluster",
                check:
                    "the reason is in the server's iam-db-auth-error log; `\(seen.policyCommand)` shows the ARN",
                fix:
                    "have rds-db:connect allowed as `\(seen.policyCommand)` (P on the screen) prints it; or use another AWS profile",
                .edit(.awsProfile))
        }
    }

    private func transportAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .authTimeout:
            Advice(
                "TLS is up, and the login got no answer in the time allowed: an overloaded server, or a slow IAM "
                    + "check on a small instance",
                check: "FreeableMemory of the instance: IAM authentication needs 300 to 1000 MB"
                    + Self.pause(seen),
                fix: "test again; if it stays, look at the instance's free memory", .again)
        case .authClosed:
            Advice(
                "the server closed the connection during the login: a restart, a failover or a proxy",
                check: "the cluster's events in the RDS console",
                fix: "test again in a minute", .again)
        case .iamThrottled:
            Advice(
                "too many IAM logins at once: RDS takes some 200 new ones a second",
                check: "ThrottlingException in the iam-db-auth-error log",
                fix: "test again, with less at once (--jobs)", .again)
        case .proxyRefused where seen.says("credentials for the role"):
            Advice(
                "RDS Proxy has no secret for \(seen.user), and logs in at the database with that",
                check: "`aws rds describe-db-proxies`: Auth lists the secrets, each with its user name",
                fix: "add a secret of Secrets Manager with \(seen.user) and its password to the proxy", .again
            )
        case .proxyRefused:
            Advice(
                "RDS Proxy refused the login: the token must be signed for the proxy's endpoint, and the "
                    + "policy must name its prx- id",
                check: "the proxy's authentication of this user: IAM required, and a secret for it",
                fix: "check the host, the policy, and that the proxy allows IAM for this user",
                .edit(.signingHost))
        case .dsqlDenied:
            Advice(
                "DSQL refused the token: expired, or of the wrong kind for the user",
                check: "admin needs dsql:DbConnectAdmin, any other role dsql:DbConnect and AWS IAM GRANT",
                fix: seen.user == "admin"
                    ? "have dsql:DbConnectAdmin allowed for whoever signs the token"
                    : "have dsql:DbConnect allowed for whoever signs, and as admin run: AWS IAM GRANT "
                        + "\(Self.identifier(seen.user)) TO its ARN")
        default:
            Advice(
                "what answers after TLS does not speak PostgreSQL's protocol",
                check: "another service, or a proxy, may own the port",
                fix: "check host and port in the profile", .edit(.port))
        }
    }
}

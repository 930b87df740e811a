import Profiles

extension CauseCode {
    /// The words for this cause, with the names of what was observed in them. Every code has some.
    func advice(for seen: Observation) -> Advice {
        switch stage {
        case .profile: profileAdvice(seen)
        case .aws: awsAdvice
        case .dns: nameAdvice(seen)
        case .tcp: networkAdvice(seen)
        case .tls: tlsAdvice(seen)
        case .auth: loginAdvice(seen)
        case .session: sessionAdvice(seen)
        case .token, nil: generalAdvice(seen)
        }
    }

    private func generalAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .cancelled:
            Advice("the test was cancelled", check: "nothing is wrong", fix: "run it again", .again)
        case _ where seen.libraryMissing:
            Advice(
                "PostgreSQL's client library cannot be loaded", check: "`psql --version` loads it too",
                fix: "install libpq5 (apt-get install libpq5), on macOS libpq (brew install libpq)")
        case _ where seen.network == .noDescriptor || seen.says("too many open files"):
            Advice(
                "pgfob has no file descriptor left: nobody was asked",
                check: "`ulimit -n` in the shell, and how many tests run at once",
                fix: "allow more with `ulimit -n`, or test fewer at once with --jobs", .again)
        // PostgreSQL documentation, "PostgreSQL Error Codes": insufficient resources.
        case _ where seen.sqlstate?.hasPrefix("53") == true:
            Advice(
                "the server has run out of something: the message says of what",
                check: "FreeableMemory and FreeLocalStorage of the instance",
                fix: "end what uses it up, or take a larger instance class, then test again", .again)
        default:
            Advice(
                "pgfob does not know this failure at \(seen.stage.rawValue)",
                check: "the server's own log says more than it tells a client",
                fix: "read the server's message; a report of it to pgfob's authors would help the next one")
        }
    }

    private func profileAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .regionUnknown:
            Advice(
                "the region of the database is in neither the host name nor the profile",
                check: "the RDS console names it; for a global database it is the writer's",
                fix: "edit the profile and set its region", .edit(.region))
        case .hostNotSignable:
            Advice(
                "no token can be signed for this host name: RDS does not serve it",
                check: "RDS takes tokens only for names that end in rds.amazonaws.com and their like",
                fix: "edit the profile: name the RDS endpoint as host, or set signing_host to it",
                .edit(.signingHost))
        case .hostInvalid:
            Advice(
                "the host name is not one", check: "it holds what no host name may",
                fix: "edit the profile and correct its host", .edit(.host))
        case .tlsRequiredByToken:
            Advice(
                "a token may only be sent over TLS, and the profile's sslmode allows a plain connection",
                check: "with prefer libpq goes on without TLS where the server has none",
                fix: "set the profile's sslmode to verify-full", .set(.sslmode, "verify-full"))
        case _ where seen.says(Self.pipeWords):
            Advice(
                "a file that the profile names is a pipe, at which libpq would wait for ever",
                check: "`ls -l` shows it with a p in front",
                fix: "put what it gives into a file, and name that in the profile",
                seen.text?.hasPrefix(ProfileField.sslrootcert.rawValue) == true
                    ? .edit(.sslrootcert) : .edit(.parameters))
        default:
            Advice(
                "libpq refuses the profile's settings", check: "the message names the setting",
                fix: "edit the profile and correct it", .edit(.parameters))
        }
    }

    /// How it is said of a path that leads to a pipe.
    package static let pipeWords = "is no file but a pipe"

    private var awsAdvice: Advice {
        switch self {
        case .awsNoCredentials:
            Advice(
                "no AWS credentials were found", check: "`pgfob whoami` lists what every provider said",
                fix: "set the profile's aws_profile, or AWS_PROFILE, or run `aws configure`",
                .edit(.awsProfile))
        case .awsPartialCredentials:
            Advice(
                "an access key was found without its secret key",
                check: "`pgfob whoami` names the place",
                fix: "complete it where it is set: the environment or the AWS credentials file")
        case .awsExpired:
            Advice(
                "the AWS session has ended", check: "`pgfob whoami` says when",
                fix: "renew the AWS credentials and test again", .login)
        case .awsSSOLoginNeeded:
            Advice(
                "the AWS profile needs a single sign-on login", check: "`pgfob whoami` says when it ended",
                fix: "run `aws sso login` for that profile", .login)
        case .awsMFANeeded:
            Advice(
                "the role asks for an MFA code", check: "mfa_serial of the AWS profile names the device",
                fix: "log in with the code in a terminal, then test again", .again)
        case .awsProfileMissing:
            Advice(
                "the AWS profile is in neither of the AWS files",
                check: "`aws configure list-profiles` lists those that are",
                fix: "correct aws_profile in the profile, or add it with `aws configure --profile NAME`",
                .edit(.awsProfile))
        case .awsConfigBroken:
            Advice(
                "the AWS config or credentials file cannot be read", check: "the message names file and line",
                fix: "correct the line that is named")
        default:
            Advice(
                "AWS refused the credentials", check: "`pgfob whoami --call` asks AWS whose they are",
                fix: "get good ones: a deleted key, a changed role or an opt-in region is refused like this")
        }
    }
}

extension CauseCode {
    /// The words for this cause, with the names of what was observed in them. Every code has some.
    func advice(for seen: Observation) -> Advice {
        switch stage {
        case .profile: profileAdvice
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
            Advice("the test was cancelled", fix: "run it again")
        case _ where seen.libraryMissing:
            Advice(
                "PostgreSQL's client library cannot be loaded",
                fix: "install libpq5 (apt-get install libpq5), on macOS libpq (brew install libpq)")
        default:
            Advice(
                "pgfob does not know this failure at \(seen.stage.rawValue)",
                fix: "read the server's message; a report of it to pgfob's authors would help the next one")
        }
    }

    private var profileAdvice: Advice {
        switch self {
        case .regionUnknown:
            Advice(
                "the region of the database is in neither the host name nor the profile",
                fix: "edit the profile and set its region")
        case .hostNotSignable:
            Advice(
                "no token can be signed for this host name: RDS does not serve it",
                fix: "edit the profile: name the RDS endpoint as host, or set signing_host to it")
        case .hostInvalid:
            Advice("the host name is not one", fix: "edit the profile and correct its host")
        case .tlsRequiredByToken:
            Advice(
                "a token may only be sent over TLS, and the profile's sslmode allows a plain connection",
                fix: "edit the profile and set sslmode to verify-full")
        default:
            Advice(
                "libpq refuses the profile's settings",
                fix: "edit the profile: the message names the setting")
        }
    }

    private var awsAdvice: Advice {
        switch self {
        case .awsNoCredentials:
            Advice(
                "no AWS credentials were found",
                fix: "set the profile's aws_profile, or AWS_PROFILE, or run `aws configure`")
        case .awsPartialCredentials:
            Advice(
                "an access key was found without its secret key",
                fix: "complete it where it is set: the environment or the AWS credentials file")
        case .awsExpired:
            Advice("the AWS session has ended", fix: "renew the AWS credentials and test again")
        case .awsSSOLoginNeeded:
            Advice(
                "the AWS profile needs a single sign-on login", fix: "run `aws sso login` for that profile")
        case .awsMFANeeded:
            Advice(
                "the role asks for an MFA code", fix: "log in with the code in a terminal, then test again")
        case .awsProfileMissing:
            Advice(
                "the AWS profile is in neither of the AWS files",
                fix: "correct aws_profile in the profile, or add it with `aws configure --profile NAME`")
        case .awsConfigBroken:
            Advice("the AWS config or credentials file cannot be read", fix: "correct the line that is named")
        default:
            Advice(
                "AWS refused the credentials",
                fix: "check with `aws sts get-caller-identity` whether they are still good")
        }
    }
}

import Profiles

/// What helps a tunnel depends on what it is: an ssh, a session of AWS's Session Manager, or a program of the user's.
extension CauseCode {
    func tunnelAdvice(_ seen: Observation) -> Advice {
        if self == .tunnelRefused, seen.says("cannot be started: ") {
            return Advice(
                "the system has no room for the tunnel's program", check: "`ulimit -a` shows what it allows",
                fix: "close some programs, or allow more, then try again", .again)
        }
        return switch seen.tunnel {
        case .ssm: sessionManagerAdvice(seen)
        case .command: programAdvice(seen)
        default: bastionAdvice(seen)
        }
    }

    private func bastionAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .tunnelAuth:
            Advice(
                "the bastion refused the login", check: "`ssh -v` to it",
                fix: seen.says("nobody can be asked")
                    ? "unlock the key in an ssh agent (ssh-add), or open it once where there is a terminal"
                    : "check the ssh key, that an agent has it unlocked, and the bastion's user")
        case .tunnelHostkey where seen.says("has changed"):
            Advice(
                "the bastion shows another host key than the known one: it was set up anew, or somebody is in between",
                check: "ask whoever runs it for its fingerprint",
                fix: "verify it, then correct known_hosts")
        case .tunnelHostkey:
            Advice(
                "the bastion's host key is not known", check: "ask whoever runs it for its fingerprint",
                fix: "open the tunnel on a terminal and verify what it shows, or add it to known_hosts")
        case .tunnelRefused
        where !seen.failedFarAway && seen.says("connect to host", "connection reset", "connection closed by"):
            Advice(
                "the bastion is there and takes no ssh connection", check: "`ssh -v` to it",
                fix: "check the bastion's address and port, and that its sshd runs", .again)
        case .tunnelRefused where seen.says("the jump host does not reach"):
            Advice(
                "the jump host cannot connect to the bastion", check: "`ssh -v` to the bastion",
                fix: "check the bastion's address and port, and whether the jump host may reach it", .again)
        case .tunnelRefused where seen.says("was killed by signal", "ended with", "has ended"):
            Advice(
                "ssh ended before it had logged in, and said nothing", check: "`ssh -v` to it",
                fix: "try again; where it ends again, see what `ssh` says by hand", .again)
        case .tunnelRefused where seen.says("cannot be noted in"):
            Advice(
                "what ssh would forward cannot be written down, and nobody would end it after a pgfob that is killed",
                check: "`df` of that folder",
                fix: "make room there, or set XDG_RUNTIME_DIR to a folder that has some", .again)
        case .tunnelRefused:
            seen.failedFarAway
                ? Advice(
                    "the bastion cannot connect to \(seen.host): a security group between them, or a wrong port",
                    check: "ssh's own message says who refused",
                    fix: "check host and port in the profile, and the security group's rule for the bastion",
                    .edit(.port))
                : Advice(
                    "the bastion may not forward to \(seen.host)",
                    check: "ssh's own message says who refused",
                    fix: "check the bastion's PermitOpen and its network")
        case .tunnelTimeout where seen.says("is asked: "):
            Advice(
                "another pgfob of yours logs in at the bastion, and what it is asked has no answer yet",
                check: "the terminal that it names",
                fix: "answer it there and try again, or end that pgfob to log in here", .again)
        case .tunnelTimeout where seen.says("could not resolve hostname"):
            Advice(
                "no DNS knows the bastion", check: "`ssh -G` shows the name that ssh looks for",
                fix: "correct the bastion's name in the tunnel, then check the VPN", .edit(.tunnel))
        case .tunnelTimeout:
            Advice(
                "the bastion does not answer", check: "whether ssh itself reaches it",
                fix: "check the VPN and the bastion's address", .again)
        default:
            Advice("ssh was not found", check: "whether PATH holds it", fix: "install ssh (openssh-client)")
        }
    }

    private func sessionManagerAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .tunnelAuth:
            Advice(
                "AWS refused the session, or there are no credentials to ask with",
                check: "`pgfob whoami` shows whose credentials they are",
                fix:
                    "log in to AWS as the tunnel's or the profile's AWS profile; the role needs ssm:StartSession"
            )
        case .tunnelRefused:
            seen.failedFarAway
                ? Advice(
                    "the instance cannot connect to \(seen.host): a security group between them, or a wrong port",
                    check: "the plugin's own message says so",
                    fix: "check host and port in the profile, and the security group's rule for the instance",
                    .edit(.port))
                : Advice(
                    "the session ended before it led anywhere",
                    check: "`aws ssm start-session --target` with the instance alone",
                    fix:
                        "check the instance's SSM agent, and that AWS-StartPortForwardingSessionToRemoteHost is allowed"
                )
        case .tunnelTimeout:
            seen.says("targetnotconnected")
                ? Advice(
                    "the instance is not connected to the Session Manager",
                    check: "`aws ssm describe-instance-information` lists those that are",
                    fix: "check that the instance runs with its SSM agent, its id, and the tunnel's region",
                    .edit(.tunnel))
                : Advice(
                    "the Session Manager does not answer", check: "whether the aws program itself reaches it",
                    fix: "check the network and the tunnel's region", .again)
        default:
            seen.says("sessionmanagerplugin")
                ? Advice(
                    "the aws program does not find its session-manager-plugin",
                    check: "whether PATH holds it",
                    fix: "install the Session Manager plugin")
                : Advice(
                    "the aws program was not found", check: "whether PATH holds it",
                    fix: "install the AWS CLI and its Session Manager plugin")
        }
    }

    private func programAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .tunnelAuth, .tunnelHostkey:
            Advice(
                "the tunnel's program was refused where it leads",
                check: "run it by hand with a port of yours",
                fix: "check what it logs in with")
        case .tunnelRefused where seen.says("ended with 0"):
            Advice(
                "the tunnel's program ended well before its port took connections, as one does that goes into the "
                    + "background",
                check: "run it by hand with a port of yours",
                fix: "have it stay in the foreground, as ssh does without -f", .edit(.tunnel))
        case .tunnelRefused:
            seen.failedFarAway
                ? Advice(
                    "the tunnel's program cannot connect to \(seen.host)", check: "its own message says why",
                    fix: "check host and port in the profile, and the network where the program leads",
                    .edit(.port))
                : Advice(
                    "the tunnel's program ended before its port took connections",
                    check: "run it by hand with a port of yours",
                    fix: "correct the program or its arguments in the profile's tunnel", .edit(.tunnel))
        case .tunnelTimeout:
            Advice(
                "the tunnel's program takes no connections at its port",
                check: "run it by hand with a port of yours",
                fix: "see that it listens on 127.0.0.1 at {port}, and reaches where it leads", .again)
        default:
            Advice(
                "the tunnel's program was not found", check: "whether PATH holds it",
                fix: "install it, or correct the profile's tunnel", .edit(.tunnel))
        }
    }
}

extension Observation {
    /// Whether the way held as far as its end, and nobody let it in there.
    fileprivate var failedFarAway: Bool { says("connect failed", "destination port failed") }
}

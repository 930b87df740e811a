import Profiles
import Tunnels

/// The logins at bastions that all pgfob of this user share.
extension Doctor {
    var logins: [DoctorCheck] {
        let (logins, untrusted) = SharedLogin.all(environment: surroundings.environment)
        let checks = untrusted.map { folder in
            DoctorCheck(
                "ssh logins", .warning, "\(folder) is not yours alone, and nothing is shared in it",
                fix: "remove it, or chmod 700 where it is yours")
        }
        guard !logins.isEmpty else {
            return checks.isEmpty ? [DoctorCheck("ssh logins", .ok, "none is held")] : checks
        }
        let words: [String] = logins.map { login in
            let tunnel = login.tunnel.map { DialAddress.shown($0) } ?? "ssh"
            let programs = "\(login.programs) program\(login.programs == 1 ? "" : "s")"
            return "\(tunnel), \(programs)\(Self.words(login.state))"
        }
        let told: String = words.joined(separator: "; ")
        guard logins.contains(where: { $0.state == .silent }) else {
            return checks + [DoctorCheck("ssh logins", .ok, told)]
        }
        let fix = "whoever comes next logs in anew; it ends with those who have it"
        return checks + [DoctorCheck("ssh logins", .warning, told, fix: fix)]
    }

    private static func words(_ state: SharedLogin.State) -> String {
        switch state {
        case .up: ""
        case .loggingIn: ", logging in"
        case .silent: ", does not answer"
        }
    }
}

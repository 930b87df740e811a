import Postgres
import Profiles
import Secrets

/// A profile by service with what the service says. libpq lets what a conninfo names stand over a service, and so a
/// profile's own fields do.
extension Profile {
    /// The profile with the service's settings as its own, so that the guard, the audit and every program see what libpq
    /// would: the service's values stand over variables, and another program gets variables alone.
    ///
    /// Where neither it nor the service says how far TLS is checked, that is verify-full: no password goes over plain
    /// TCP without anybody having said so.
    ///
    /// - Returns: the profile as it is, and no password, where it does not log in by a service; and what the user has to
    ///   know of a service that is not followed.
    /// - Throws: ``Refusal`` with libpq's complaint about the service.
    func withService() throws(Refusal) -> (profile: Profile, password: Secret?, notice: String?) {
        guard auth == .service else { return (self, nil, nil) }
        let contents: ServiceSettings.Contents
        do throws(ConninfoProblem) {
            var own = conninfo()
            if !says(.sslmode) { own["sslmode"] = nil }
            contents = try ServiceSettings.contents(beyond: own)
        } catch {
            throw Refusal(
                .failed, "the service of \(name) cannot be used: \(error.message)",
                do: "correct ~/.pg_service.conf or the profile's service", cause: .profileIncomplete)
        }
        var profile = self
        var notice: String?
        let isElsewhere = dial != nil || tunnel != nil
        for setting in contents.settings.settings {
            switch setting.keyword {
            case "user": profile.user = setting.value
            case "dbname": profile.database = setting.value
            case "sslmode" where tunnel != nil:
                guard setting.value != SSLMode.verifyFull.rawValue else { continue }
                notice =
                    "the service's sslmode \(DialAddress.shown(setting.value)) would trust the tunnel's far end: "
                    + "verify-full holds"
            case "sslmode": profile.sslmode = SSLMode(rawValue: setting.value) ?? .verifyFull
            case "port" where Int(setting.value) != nil: profile.port = Int(setting.value) ?? profile.port
            case "sslrootcert": profile.sslrootcert = setting.value
            case "hostaddr" where isElsewhere: break
            default: profile.parameters[setting.keyword] = setting.value
            }
        }
        if profile.sslmode == .verifyFull { profile.ownDefaults.insert(.sslmode) }
        return (profile, contents.password, notice)
    }

    /// The same; as it is where the service cannot be read, which the login tells.
    var opened: Profile { (try? withService().profile) ?? self }

    /// The profile as it is written into a conninfo that names the service: with verify-full where that does not say how
    /// far TLS is checked, or cannot be read.
    var insistingOnTLS: Profile {
        guard !decidesSSLMode else { return self }
        var profile = self
        let contents = try? ServiceSettings.contents(beyond: conninfo())
        if contents?.settings["sslmode"] == nil { profile.ownDefaults.insert(.sslmode) }
        return profile
    }
}

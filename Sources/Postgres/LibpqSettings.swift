import Diagnosis
import Profiles
import TLS
import Workers

/// What libpq is given for an attempt, beyond the password.
enum LibpqSettings {
    /// Files that libpq reads while it connects.
    private static let files = ["sslrootcert", "sslcert", "sslkey", "sslcrl"]

    /// Why libpq must not be given a conninfo: at a pipe it would wait for ever, whatever the deadline. Nil where it may.
    static func obstacle(in conninfo: Conninfo) -> String? {
        for keyword in files {
            guard let path = conninfo[keyword], Descriptors.isPipe(path) else { continue }
            return "\(keyword) \(VisibleText.line(path)) \(CauseCode.pipeWords)"
        }
        return nil
    }

    /// The plan's conninfo with the address that was found.
    ///
    /// `service` goes: its settings have been taken over, and libpq would read it once more. GSSAPI encryption is
    /// off unless the profile asks for it, as it costs a round trip and an unknown ticket cache.
    static func of(_ plan: LoginPlan, address: ResolvedAddress?) -> [(keyword: String, value: String)] {
        var conninfo = plan.conninfo
        conninfo["service"] = nil
        if let address {
            conninfo["hostaddr"] = address.text
            conninfo["host"] = plan.host.isEmpty ? address.text : plan.host
        }
        if conninfo["port"] != nil || plan.dial != nil { conninfo["port"] = plan.port }
        if conninfo["gssencmode"] == nil { conninfo["gssencmode"] = "disable" }
        return conninfo.settings.map { ($0.keyword, $0.value) }
    }
}

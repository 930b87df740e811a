import Profiles
import Screen

/// What can be copied of a profile; the token only after the key was pressed twice.
struct CopyState: Sendable {
    let profile: Profile
    /// The token's key was pressed once.
    var asksForToken = false

    /// A line of the menu.
    struct Line {
        var key: String
        var label: String
        var text: String
        var role = Role.muted
    }

    var host: String { "\(profile.host):\(profile.port)" }

    /// Without what could hold a secret.
    var conninfo: Conninfo {
        var shown = profile
        shown.parameters = profile.parameters.filter { !Parameters.secret.contains($0.key) }
        return shown.conninfo(at: shown.knownAddress, readOnly: profile.startsReadOnly)
    }

    func lines(_ model: Model) -> [Line] {
        func key(_ action: Action) -> String { model.options.keys.name(of: action, in: .copy) }
        // Where a service names the host, nothing here knows it.
        var lines = profile.host.isEmpty ? [] : [Line(key: key(.copyHost), label: "host", text: host)]
        lines += [
            Line(key: key(.copyURI), label: "URI", text: conninfo.uriText),
            Line(key: key(.copyPsql), label: "psql command", text: conninfo.psqlText),
            Line(key: key(.copyConninfo), label: "conninfo", text: conninfo.keywordText),
        ]
        guard profile.auth == .iam else { return lines }
        let words =
            asksForToken
            ? "press again: it can log anybody in"
            : "a secret, good for 15 min at most"
        lines.append(
            Line(key: key(.copyToken), label: "token", text: words, role: asksForToken ? .warning : .muted))
        return lines
    }
}

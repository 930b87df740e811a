import Diagnosis
import Postgres
import Profiles

/// What a test was of, for a ticket: everything that decides how it ends, and no secret.
struct TestSubject {
    let profile: Profile
    /// With what its service says, where it logs in by one.
    let opened: Profile
    let bundle: CABundle

    var lines: [String] {
        var lines = [
            "libpq          \(Self.libpq)",
            "login          \(profile.auth.rawValue), \(profile.user ?? "libpq's user") on \(profile.databaseWords)",
        ]
        if profile.host.isEmpty {
            lines.append("service        \(profile.service ?? "-")")
        } else {
            lines.append(
                "endpoint       \(profile.host):\(profile.port) (\(HostName(profile.host).kind.words))")
        }
        if let dial = profile.dial { lines.append("dials          \(dial)") }
        if let signed = profile.signingHost { lines.append("signed for     \(signed)") }
        if let region = profile.region { lines.append("region         \(region), of the profile") }
        if let name = profile.awsProfile { lines.append("aws profile    \(name)") }
        let roots = bundle.file(for: opened)
        lines.append("tls            \(opened.sslmode.rawValue)\(roots.map { ", roots of \($0)" } ?? "")")
        let shown = profile.parameters.filter { !Parameters.secret.contains($0.key) }
        if !shown.isEmpty {
            lines.append("parameters     \(Conninfo(shown.sorted { $0.key < $1.key }).keywordText)")
        }
        return lines.map { SecretText.redacted(VisibleText.line($0)) }
    }

    /// `15.18`, or `18.1`.
    private static var libpq: String {
        let number = Libpq.version
        return number == 0 ? "not loaded" : "\(number / 10_000).\(number % 10_000)"
    }
}

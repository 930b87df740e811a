#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import Profiles
import Secrets

extension SessionPreparer {
    /// The lines of `pgfob env`: `export NAME='…'` for a shell's eval, the token among them. What a profile has no value
    /// for is unset where that shell has it, or the last profile's would stay.
    ///
    /// - Parameter allowing: called once nothing speaks against the profile itself, before its secret is had; where it has
    ///   none, never.
    /// - Throws: ``Refusal`` where no token can be minted; what `allowing` throws.
    package func environmentLines(
        _ profile: Profile, now: Date, options: SignerOptions = SignerOptions(),
        allowing: () throws(Refusal) -> Void = {}
    ) throws(Refusal) -> Secret {
        try check(profile)
        guard profile.tunnel == nil else {
            throw Refusal(
                .failed, "\(profile.name) goes through a tunnel, which would end with pgfob",
                do:
                    "keep one open with `pgfob tunnel \(profile.name)`, or use `pgfob connect` or `pgfob exec`"
            )
        }
        if profile.auth == .iam { try allowing() }
        let token = profile.auth == .iam ? try mint.mint(profile, now: now, options: options) : nil
        var (profile, secret) = (mint.followed(profile, options), token?.text)
        let opened = profile.opened
        if profile.auth == .service { try bundle.check(for: opened) }
        let isOverService = profile.auth == .service && Self.contradictsService(profile)
        if isOverService {
            // The service's values would stand over the variables: it is left out, and what it says spelt out.
            (profile, secret, _) = try profile.withService()
            if secret != nil { try allowing() }
        } else {
            profile = profile.insistingOnTLS
        }
        var conninfo = compose(
            profile, opened: opened, address: try DialResolver.address(of: opened, options.wait))
        if isOverService { conninfo["service"] = nil }
        var pairs: [(String, String?)] = [
            ("RDSHOST", profile.host.isEmpty ? nil : profile.host), ("PGSERVICE", conninfo["service"]),
            ("PGHOST", conninfo["host"]), ("PGHOSTADDR", conninfo["hostaddr"]),
            ("PGPORT", conninfo["port"]), ("PGUSER", conninfo["user"]), ("PGDATABASE", conninfo["dbname"]),
            ("PGSSLMODE", conninfo["sslmode"]), ("PGSSLROOTCERT", conninfo["sslrootcert"]),
            ("PGPASSWORD", secret?.reveal()),
        ]
        if isOverService {
            let known = Set(pairs.map(\.0))
            pairs += LibpqEnvironment.variables(for: conninfo).variables.filter { !known.contains($0.key) }
                .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        let missing = pairs.filter { $0.1 == nil && surroundings.environment[$0.0] != nil }.map(\.0)
        let unset = missing.isEmpty ? [] : ["unset \(missing.joined(separator: " "))"]
        return Secret(
            (unset
                + pairs.compactMap { name, value in value.map { "export \(name)=\(ShellWords.quoted($0))" } })
                .joined(separator: "\n"))
    }

    /// Whether the service of a profile says otherwise than the profile itself, or may do so of where to dial.
    private static func contradictsService(_ profile: Profile) -> Bool {
        guard profile.dial == nil else { return true }
        let own = profile.conninfo()
        var alone = Conninfo()
        alone["service"] = own["service"]
        guard let contents = try? ServiceSettings.contents(beyond: alone) else { return false }
        return contents.settings.settings.contains { own[$0.keyword] != nil && own[$0.keyword] != $0.value }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets

/// Composes what psql and other libpq programs need: the conninfo, the environment and the secret.
package final class SessionPreparer: Sendable {
    private let surroundings: Surroundings
    private let mint: TokenMint
    private let bundle: CABundle

    package init(_ surroundings: Surroundings, mint: TokenMint) {
        self.surroundings = surroundings
        self.mint = mint
        bundle = CABundle(folder: surroundings.caFolder)
    }

    /// The conninfo as a session would get it, without any secret: no password file, and where the profile dials
    /// a name, that is not resolved. Blocks on DNS where the host may be an alias of an endpoint.
    package func conninfo(_ profile: Profile) -> Conninfo {
        let profile = mint.followed(mint.effective(profile))
        let dial = profile.dial.flatMap { DialAddress($0, defaultPort: profile.port) }
        return compose(
            profile, address: dial.flatMap { HostName($0.host).isNumeric ? $0 : nil },
            readOnly: profile.startsReadOnly)
    }

    /// Makes psql ready to start.
    ///
    /// May block: on the AWS files and, where the profile dials a name, on its resolution.
    ///
    /// - Parameters:
    ///   - readOnly: whether transactions start read-only, by libpq's `options`.
    ///   - database: another database than the profile's.
    ///   - arguments: further ones for psql, after the conninfo.
    /// - Throws: ``Refusal`` where the profile, its credentials, the CA bundle or psql itself stand in the way.
    package func prepare(
        _ profile: Profile, readOnly: Bool, database: String? = nil, arguments: [String] = [], now: Date,
        options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> PreparedSession {
        let profile = mint.effective(profile)
        try check(profile)
        let psql = try PsqlLocator(environment: surroundings.environment, named: surroundings.psql).locate()
        let token = profile.auth == .iam ? try mint.mint(profile, now: now, options: options) : nil
        let followed = mint.followed(profile, options)
        var conninfo = compose(
            followed, address: try DialResolver.address(of: followed, options.wait), readOnly: readOnly,
            database: database)
        var environment = PsqlCommand.environment(from: surroundings.environment, profile: profile)
        var passfile: Passfile?
        if let token {
            let line = passwordLine(token.text, conninfo)
            if let made = Passfile(line: line) {
                passfile = made
                conninfo["passfile"] = Passfile.path(inheritedAs: made.readOnlyDescriptor)
            } else {
                // No files in memory on this system: the environment of the child is what is left.
                environment["PGPASSWORD"] = token.text.reveal()
            }
        }
        let command = PsqlCommand(
            executable: psql, arguments: arguments + [conninfo.keywordText], environment: environment,
            passfileDescriptor: passfile?.readOnlyDescriptor)
        return PreparedSession(
            profile: profile, command: command, passfile: passfile, token: token?.clock,
            banner: banner(profile, followed, token: token?.clock, readOnly: readOnly, now: now))
    }

    /// Writes a new token into a running session's password file, before the old one ends.
    ///
    /// - Returns: the new token's life.
    /// - Throws: ``Refusal`` where no token can be had now; the session itself goes on.
    package func renew(_ session: PreparedSession, now: Date) throws(Refusal) -> TokenClock? {
        guard let passfile = session.passfile, session.token != nil else { return nil }
        let options = SignerOptions(fresh: true)
        let token = try mint.mint(session.profile, now: now, options: options)
        let profile = mint.followed(session.profile, options)
        let conninfo = compose(profile, address: try DialResolver.address(of: profile, options.wait))
        passfile.write(passwordLine(token.text, conninfo))
        return token.clock
    }

    /// The lines of `pgfob env`: `export NAME='…'` for a shell's eval, the token among them.
    ///
    /// - Throws: ``Refusal`` where no token can be minted.
    package func environmentLines(
        _ profile: Profile, now: Date, options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> Secret {
        try check(profile)
        let token = profile.auth == .iam ? try mint.mint(profile, now: now, options: options) : nil
        let profile = mint.followed(profile, options)
        let conninfo = compose(profile, address: try DialResolver.address(of: profile, options.wait))
        let pairs: [(String, String?)] = [
            ("RDSHOST", profile.host), ("PGHOST", conninfo["host"]), ("PGHOSTADDR", conninfo["hostaddr"]),
            ("PGPORT", conninfo["port"]), ("PGUSER", conninfo["user"]), ("PGDATABASE", conninfo["dbname"]),
            ("PGSSLMODE", conninfo["sslmode"]), ("PGSSLROOTCERT", conninfo["sslrootcert"]),
            ("PGPASSWORD", token?.text.reveal()),
        ]
        return Secret(
            pairs.compactMap { name, value in value.map { "export \(name)=\(ShellWords.quoted($0))" } }
                .joined(separator: "\n"))
    }

    private func check(_ profile: Profile) throws(Refusal) {
        if let problem = profile.problems().first(where: { $0.severity == .error }) { throw Refusal(problem) }
        try bundle.check(for: profile)
    }

    private func compose(
        _ profile: Profile, address: DialAddress?, readOnly: Bool = false, database: String? = nil
    ) -> Conninfo {
        var conninfo = profile.conninfo(
            hostaddr: address?.host, sslrootcert: bundle.file(for: profile), readOnly: readOnly,
            database: database)
        if let address, conninfo["port"] != nil { conninfo["port"] = String(address.port) }
        return conninfo
    }

    /// Any database: psql's `\c otherdb` asks the same file again.
    private func passwordLine(_ secret: Secret, _ conninfo: Conninfo) -> Secret {
        PasswordFile.line(
            host: conninfo["host"] ?? "*", port: conninfo["port"] ?? "*", database: "*",
            user: conninfo["user"] ?? "*", secret: secret)
    }

    private func banner(
        _ profile: Profile, _ followed: Profile, token: TokenClock?, readOnly: Bool, now: Date
    ) -> String {
        var words = ["-- pgfob: \(profile.name)"]
        if let environment = profile.environment { words.append("[\(environment.badge)]") }
        words.append("\(profile.user.map { "\($0)@" } ?? "")\(profile.database)")
        if let region = followed.region ?? HostName(followed.host).region { words.append("via \(region)") }
        var line = words.joined(separator: " ")
        if let token {
            let left = max(0, Int(token.expiresAt.timeIntervalSince(now)))
            line += ", token valid \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
        }
        if readOnly { line += ", read-only" }
        if followed.host != profile.host { line += ", \(profile.host) is an alias of \(followed.host)" }
        return line + " --"
    }
}

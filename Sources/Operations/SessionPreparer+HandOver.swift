#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Postgres
import Profiles
import Secrets
import Tunnels
import Workers

/// The connection and the secret as any program of libpq's gets them.
extension SessionPreparer {
    /// What a program is handed over, whatever it is.
    struct HandOver {
        /// The profile as it is opened: with what its service says, where it logs in by one.
        var profile: Profile
        /// The same with the endpoint's own name, where its host is an alias.
        var followed: Profile
        /// With the password file, where there is one.
        var conninfo: Conninfo
        /// What the program sees, beyond what is its own.
        var environment: [String: String]
        var passfile: Passfile?
        /// Keeps the tunnel up.
        var tunnel: OpenTunnel?
        var token: MintedToken?
        /// The service's; psql has it by the service's name.
        var password: Secret?
        /// When all of it was there.
        var now: Date
        var run: RuntimeFolder?
        var warnings: [String] = []

        var descriptors: [Int32] { [passfile?.readOnlyDescriptor].compactMap { $0 } }

        /// Puts the secret where the program finds it.
        mutating func give(_ secret: Secret, line: Secret, inEnvironment: Bool) {
            if !inEnvironment, let made = Passfile(line: line) {
                passfile = made
                conninfo["passfile"] = made.path
            } else {
                // Asked for, or there are no files in memory on this system: the child's environment is what is left.
                environment["PGPASSWORD"] = secret.reveal()
            }
        }
    }

    /// - Parameters:
    ///   - keepsAlive: adds the keepalives of ``Profile/keptAlive``: they have no environment variables.
    ///   - secretInEnvironment: hands the secret over as PGPASSWORD: for programs that close what they inherit.
    func handOver(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice, keepsAlive: Bool = true,
        secretInEnvironment: Bool = false, now: Date, options: SignerOptions
    ) throws(Refusal) -> HandOver {
        let start = ContinuousClock.now
        var options = options
        options.comes(to: .aws, of: profile)
        var token = profile.auth == .iam ? try mint.mint(profile, now: now, options: options) : nil
        options.giveBack(since: start)
        let (profile, password, notice) = try profile.withService()
        if profile.auth == .service { try bundle.check(for: profile) }
        options.comes(to: profile.tunnel == nil ? .dns : .tunnel, of: profile)
        let followed = mint.followed(profile, options)
        let routing = ContinuousClock.now
        let route = try routes.route(for: followed, options)
        options.giveBack(since: routing)
        // A tunnel may have asked its user something, who took their time.
        let now = now.addingTimeInterval((ContinuousClock.now - start).milliseconds / 1000)
        if route.tunnel != nil, token != nil { token = try mint.mint(profile, now: now, options: options) }
        // A program that logs in at once takes its turn like the tests and statements of this process.
        if let token { mint.pacer.takeTurn(token, cancellation: options.wait.cancellation) }
        var conninfo = compose(
            keepsAlive ? followed.keptAlive : followed, address: route.address, readOnly: readOnly,
            choice: choice)
        // Of a large bundle libpq is handed what it needs alone.
        if conninfo["sslrootcert"] != nil { conninfo["sslrootcert"] = bundle.trimmed(for: followed) }
        var environment = PsqlCommand.environment(from: surroundings.environment, profile: profile)
        let run = surroundings.run.folder(surroundings.environment)
        environment[RuntimeFolder.mark] = run?.path
        if conninfo["connect_timeout"] == nil {
            environment["PGCONNECT_TIMEOUT"] = String(Self.secondsAnAddress)
        }
        var handOver = HandOver(
            profile: profile, followed: followed, conninfo: conninfo, environment: environment,
            tunnel: route.tunnel, token: token, password: password, now: now, run: run,
            warnings: [notice].compactMap { $0 })
        if let token {
            handOver.give(token.text, line: passwordLine(token, conninfo), inEnvironment: secretInEnvironment)
        }
        return handOver
    }

    /// How long libpq waits for each address of a host whose profile says nothing of it: for ever, the first one that
    /// swallows packets (IPv6 without a way there, a node that has gone) would keep it from the others for minutes. A
    /// paused Aurora Serverless wakes up in less (Aurora User Guide, "Scaling to zero ACUs").
    private static let secondsAnAddress = 30

    func check(_ profile: Profile) throws(Refusal) {
        if let problem = profile.problems().first(where: { $0.severity == .error }) { throw Refusal(problem) }
        // Which roots one by service needs is known once that is read.
        if profile.auth != .service { try bundle.check(for: profile) }
    }

    /// - Parameters:
    ///   - opened: the profile with what its service says, where it is not that already.
    ///   - address: where to connect instead of the endpoint, with the port.
    func compose(
        _ profile: Profile, opened: Profile? = nil, address: DialAddress?, readOnly: Bool = false,
        choice: SessionChoice = SessionChoice()
    ) -> Conninfo {
        profile.conninfo(
            at: address, sslrootcert: bundle.file(for: opened ?? profile), readOnly: readOnly,
            settings: choice.settings(readOnly: readOnly), database: choice.database)
    }

    /// Any database: psql's `\c otherdb` asks the same file again.
    func passwordLine(_ token: MintedToken, _ conninfo: Conninfo) -> Secret {
        let line = PasswordFile.line(
            host: conninfo["host"] ?? "*", port: conninfo["port"] ?? "*", database: "*",
            user: conninfo["user"] ?? "*", secret: token.text)
        let end = Int(token.clock.expiresAt.timeIntervalSince1970)
        return Secret("\(line.reveal())\(PasswordFile.lifeMark)\(end)\n")
    }

    /// What the audit keeps of a session.
    func record(
        _ profile: Profile, program: String, _ conninfo: Conninfo, readOnly: Bool, _ choice: SessionChoice
    ) -> SessionRecord {
        var profile = profile
        if profile.host.isEmpty { profile.host = conninfo["host"] ?? "" }
        return SessionRecord(
            profile: profile, program: program, database: conninfo["dbname"] ?? profile.database,
            role: choice.role, readOnly: readOnly, openedBy: openedBy)
    }

    /// Who has the process, by the system's word: variables say what anybody likes. Who came by sudo is added.
    private var openedBy: String {
        let user = Self.userName(getuid()) ?? "uid \(getuid())"
        guard let before = surroundings.environment["SUDO_USER"], !before.isEmpty, before != user else {
            return user
        }
        return "\(user) (sudo: \(DialAddress.shown(before)))"
    }

    private static func userName(_ user: uid_t) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return String(cString: entry.pw_name)
    }

    // MARK: Other programs

    /// Makes any libpq program ready to start: the connection is in its environment, the secret in the file in memory
    /// that PGPASSFILE names.
    ///
    /// - Parameters:
    ///   - program: by argv; the first word is a path, or a name that PATH finds.
    ///   - secretInEnvironment: hands the secret over as PGPASSWORD instead.
    ///   - neverAsks: whether there is no terminal: PostgreSQL's own programs would take their input for the answer to a
    ///     question.
    /// - Throws: ``Refusal``, `programNotFound` or `programNotRunnable` for the program.
    package func prepare(
        program: [String], _ profile: Profile, readOnly: Bool, choice: SessionChoice = SessionChoice(),
        secretInEnvironment: Bool = false, neverAsks: Bool = false, now: Date,
        options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> PreparedSession {
        let profile = mint.effective(profile)
        try check(profile)
        let executable = try executable(program.first ?? "")
        let name = executable.split(separator: "/").last.map(String.init) ?? ""
        var handOver = try handOver(
            profile, readOnly: readOnly, choice: choice, keepsAlive: false,
            secretInEnvironment: secretInEnvironment, now: now, options: options)
        if neverAsks, LibpqEnvironment.asksForPassword(name) {
            try checkPassword(handOver, options, of: [.password, .pgpass])
        }
        let settings = choice.settings(readOnly: readOnly)
        if !settings.isEmpty, !handOver.followed.takesStartupOptions {
            handOver.warnings.append(Self.unguarded(settings, "only psql can be told to set it"))
        }
        if profile.auth == .service {
            // libpq would let the service's values stand over the variables.
            handOver.conninfo["service"] = nil
            handOver.conninfo["dbname"] = handOver.conninfo["dbname"] ?? handOver.profile.database
            if let password = handOver.password {
                let line = PasswordFile.line(
                    host: "*", port: "*", database: "*", user: handOver.profile.user ?? "*", secret: password)
                handOver.give(password, line: line, inEnvironment: secretInEnvironment)
            }
        }
        let (variables, left) = LibpqEnvironment.variables(for: handOver.conninfo)
        if !left.isEmpty {
            handOver.warnings.append(
                "\(left.joined(separator: ", ")) of the profile has no environment variable and is left out")
        }
        if let warning = LibpqEnvironment.warning(for: name, variables, profile: profile.name) {
            handOver.warnings.append(warning)
        }
        let command = PsqlCommand(
            executable: executable, arguments: Array(program.dropFirst()),
            environment: handOver.environment.merging(variables) { $1 }, descriptors: handOver.descriptors)
        var banner = "-- pgfob: \(program.joined(separator: " ")) on \(profile.name)"
        if let environment = profile.environment { banner += " [\(environment.badge)]" }
        if let endpoint = choice.endpoint { banner += ", \(endpoint.rawValue) endpoint" }
        if readOnly { banner += ", read-only" }
        return PreparedSession(
            profile: profile, command: command, passfile: handOver.passfile, log: ProgramLog(surroundings),
            token: handOver.token?.clock, tunnel: handOver.tunnel, banner: banner + " --",
            warnings: handOver.warnings,
            isInteractive: false,
            record: record(
                handOver.profile, program: name, handOver.conninfo, readOnly: readOnly, choice),
            run: handOver.run)
    }

    private func executable(_ word: String) throws(Refusal) -> String {
        guard let path = ProgramFinder(environment: surroundings.environment).program(word) else {
            throw Refusal(
                .programNotFound, "\(DialAddress.shown(word)) was not found in PATH",
                do: "install it, or name it by its path")
        }
        return path
    }
}

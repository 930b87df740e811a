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
import Profiles
import Secrets

/// Composes what psql and other libpq programs need: the conninfo, the environment and the secret.
package final class SessionPreparer: Sendable {
    let surroundings: Surroundings
    let mint: TokenMint
    let bundle: CABundle
    package let routes: Routes

    package init(_ surroundings: Surroundings, mint: TokenMint, routes: Routes? = nil) {
        self.surroundings = surroundings
        self.routes = routes ?? Routes(surroundings, mint: mint)
        self.mint = mint
        bundle = CABundle(folder: surroundings.caFolder)
    }

    /// The conninfo as a session would get it, without any secret: no password file. Blocks on DNS where the host may be
    /// an alias of an endpoint, and where the profile dials a name.
    ///
    /// - Throws: ``Refusal`` where that name has no address: the endpoint itself would be another place.
    package func conninfo(
        _ profile: Profile, options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> Conninfo {
        let profile = mint.followed(mint.effective(profile), options).insistingOnTLS
        let opened = profile.opened
        var address = opened.knownAddress
        if address == nil, profile.tunnel == nil {
            address = try DialResolver.address(of: opened, options.wait)
        }
        return compose(profile, opened: opened, address: address, readOnly: profile.startsReadOnly)
    }

    /// The same for a tunnel that is up.
    package func conninfo(_ profile: Profile, through tunnel: OpenTunnel) -> Conninfo {
        let profile = mint.followed(mint.effective(profile)).insistingOnTLS
        return compose(
            profile, opened: profile.opened, address: Routes.address(of: tunnel),
            readOnly: profile.startsReadOnly)
    }

    /// Makes psql ready to start, or the other program that the choice names.
    ///
    /// May block: on the AWS files and, where the profile dials a name, on its resolution.
    ///
    /// - Parameters:
    ///   - readOnly: whether transactions start read-only.
    ///   - choice: what the session is opened with beyond the profile. Its endpoint is only shown: whoever knows the other
    ///     profiles has moved the profile to it.
    ///   - arguments: further ones for psql, behind the conninfo.
    ///   - keepsHistory: whether psql keeps what is typed, in the profile's own file: not where the profile is not saved.
    ///   - neverAsks: whether there is no terminal: psql would take its input for the answer to a question.
    /// - Throws: ``Refusal`` where the profile, its credentials, the CA bundle or psql itself stand in the way.
    package func prepare(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice = SessionChoice(), arguments: [String] = [],
        keepsHistory: Bool = true, neverAsks: Bool = false, now: Date,
        options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> PreparedSession {
        let more = try Self.words(choice.arguments)
        if let program = choice.program {
            return try prepare(
                program: try Self.words(program) + more + arguments, profile, readOnly: readOnly,
                choice: choice,
                now: now, options: options)
        }
        let arguments = more + arguments
        let read = PsqlArguments(arguments)
        if let word = read.elsewhere {
            throw Refusal(
                .usage,
                "\"\(DialAddress.shown(word))\" among psql's arguments would name a server, a database or a user: "
                    + "those are the profile's",
                do: "give pgfob the database: --dbname NAME before the --",
                onScreen: "write the database into its own line")
        }
        let profile = mint.effective(profile)
        try check(profile)
        let psql = try PsqlLocator(
            environment: surroundings.environment, named: surroundings.settings.values.psql
        ).locate()
        var handOver = try handOver(profile, readOnly: readOnly, choice: choice, now: now, options: options)
        if neverAsks { try checkPassword(handOver, options) }
        let settings = choice.settings(readOnly: readOnly)
        let (lost, trouble) = (MemoryFile(), MemoryFile())
        let tunnelTrouble = handOver.tunnel == nil ? nil : MemoryFile()
        let guarded = settings.isEmpty || handOver.followed.takesStartupOptions ? nil : MemoryFile()
        var watch: PsqlPromptWatch?
        if let lost, let trouble {
            watch = PsqlPromptWatch(lostFile: lost.inheritedPath, troubleFile: trouble.inheritedPath)
            watch?.tunnelFile = tunnelTrouble?.inheritedPath
            let words =
                settings.contains(.readOnly)
                ? "not read-only" : "without \(settings.first?.name ?? "its settings")"
            watch?.guarded = guarded.map { (words, $0.inheritedPath) }
        }
        let startup = startup(
            handOver, profile, choice, readOnly: readOnly, settings: settings, psql: psql, watch)
        var environment = handOver.environment
        if let startup { environment["PSQLRC"] = startup.inheritedPath }
        // Who wants none has said so.
        if !keepsHistory {
            environment["PSQL_HISTORY"] = "/dev/null"
        } else if surroundings.environment["PSQL_HISTORY"] != "/dev/null",
            let history = HistoryFolder(surroundings.stateFolder).file(of: profile)
        {
            environment["PSQL_HISTORY"] = history
        }
        // A token that is missing is no reason to ask somebody for a password.
        let first = profile.auth == .iam || neverAsks ? ["--no-password"] : []
        // By its option, and first: no word, no `--` and no option that lacks its value can take its place.
        let connection = ["--dbname=\(handOver.conninfo.keywordText)"]
        let command = PsqlCommand(
            executable: psql, arguments: first + connection + arguments,
            environment: environment,
            descriptors: handOver.descriptors
                + [startup, lost, trouble, tunnelTrouble, guarded].compactMap { $0?.readOnlyDescriptor })
        if !settings.isEmpty, !handOver.followed.takesStartupOptions, read.skipsStartup || startup == nil {
            handOver.warnings.append(Self.unguarded(settings, "-X leaves out the file that sets it"))
        }
        return PreparedSession(
            profile: profile, command: command, passfile: handOver.passfile, startup: startup, lost: lost,
            trouble: trouble, tunnelTrouble: tunnelTrouble, guarded: guarded, log: ProgramLog(surroundings),
            token: handOver.token?.clock, tunnel: handOver.tunnel,
            banner: banner(handOver, choice, readOnly: readOnly),
            warnings: handOver.warnings, isInteractive: !read.isBatch,
            record: record(handOver.profile, program: "psql", handOver.conninfo, readOnly: readOnly, choice),
            run: handOver.run)
    }

    private func startup(
        _ handOver: HandOver, _ profile: Profile, _ choice: SessionChoice, readOnly: Bool,
        settings: [ServerSetting], psql: String, _ watch: PsqlPromptWatch?
    ) -> MemoryFile? {
        guard let file = MemoryFile() else { return nil }
        var startup = PsqlStartup(
            name: profile.name, environment: profile.environment, conninfo: handOver.conninfo)
        startup.endpoint = choice.endpoint
        startup.isOpened = profile.startsReadOnly && !readOnly
        startup.watch = watch
        startup.watch?.inheritedSockets = Self.inheritedSockets
        let host = handOver.conninfo["host"] ?? ""
        startup.watch?.isOverTCP = !host.isEmpty && !["/", "@"].contains(host.prefix(1))
        startup.isColoured = isColoured
        startup.settings = handOver.followed.takesStartupOptions ? [] : settings
        startup.ownFiles = UserStartupFiles(environment: surroundings.environment, psql: psql).paths()
        if surroundings.settings.values.promptShowsTimeLeft { startup.timeLeftFile = handOver.passfile?.path }
        return file.write(startup.text) ? file : nil
    }

    /// Sockets that this program was given and its children get as well.
    private static var inheritedSockets: [Int32] {
        (3..<256).filter { number in
            let flags = fcntl(number, F_GETFD)
            var status = stat()
            return flags >= 0 && flags & FD_CLOEXEC == 0 && fstat(number, &status) == 0
                && status.st_mode & S_IFMT == S_IFSOCK
        }
    }

    /// Whether the terminal takes colours and the user wants them (https://no-color.org).
    private var isColoured: Bool {
        let terminal = surroundings.environment["TERM"] ?? ""
        let isPlain = ["", "dumb"].contains(terminal) || terminal.hasPrefix("vt")
        return !isPlain && (surroundings.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// The folders in which a change means other credentials.
    package var credentialFolders: [String] { mint.folders }

    /// Writes a new token into a running session's password file, before the old one ends.
    ///
    /// - Returns: the new token's life.
    /// - Throws: ``Refusal`` where no token can be had now; the session itself goes on.
    package func renew(_ session: PreparedSession, now: Date) throws(Refusal) -> TokenClock? {
        guard let passfile = session.passfile, session.token != nil else { return nil }
        let options = SignerOptions(fresh: true)
        let token = try mint.mint(session.profile, now: now, options: options)
        let profile = mint.followed(session.profile, options)
        let address: DialAddress?
        if let tunnel = session.tunnel {
            address = Routes.address(of: tunnel)
        } else {
            address = try DialResolver.address(of: profile, options.wait)
        }
        let conninfo = compose(profile, address: address)
        passfile.write(passwordLine(token, conninfo))
        return token.clock
    }

    static func words(_ text: String?) throws(Refusal) -> [String] {
        guard let text else { return [] }
        guard let words = ShellWords.split(text) else {
            throw Refusal(
                .usage, "\"\(DialAddress.shown(text))\" has a quote that is not closed", do: "close it")
        }
        return words
    }

    /// Why settings of the session do not hold.
    static func unguarded(_ settings: [ServerSetting], _ reason: String) -> String {
        let names = settings.map(\.name).joined(separator: ", ")
        let guardWords = settings.contains(.readOnly) ? "the read-only guard does not hold here: " : ""
        return "\(guardWords)\(names) is not set, as this endpoint takes no startup options and \(reason)"
    }

    private func banner(_ handOver: HandOver, _ choice: SessionChoice, readOnly: Bool)
        -> String
    {
        let (profile, followed) = (handOver.profile, handOver.followed)
        var words = ["-- pgfob: \(profile.name)"]
        if let environment = profile.environment { words.append("[\(environment.badge)]") }
        let database = handOver.conninfo["dbname"] ?? profile.database
        words.append("\(profile.user.map { "\($0)@" } ?? "")\(database)")
        if let region = followed.region ?? HostName(followed.host).region { words.append("via \(region)") }
        var line = words.joined(separator: " ")
        if let endpoint = choice.endpoint { line += ", \(endpoint.rawValue) endpoint" }
        if let token = handOver.token?.clock {
            let left = max(0, Int(token.expiresAt.timeIntervalSince(handOver.now)))
            line += ", token valid \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
        }
        if profile.startsReadOnly, !readOnly { line += ", read-write" }
        if readOnly {
            line +=
                followed.takesStartupOptions
                ? ", read-only" : ", read-only until \\c (:reconnect brings it back)"
        }
        if followed.host != profile.host { line += ", \(profile.host) is an alias of \(followed.host)" }
        return line + " --"
    }
}

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
import CSystem
import Profiles
import Proxy
import Secrets
import TLS
import Tunnels
import Workers

/// `pgfob proxy`: clients without a password on this side, a token for each session on the other.
package final class DatabaseProxy: Sendable {
    /// Where it is told to listen.
    package enum Listening: Sendable, Hashable {
        /// A socket in a folder of this user's, by the profile's name.
        case standard
        /// `127.0.0.1:PORT`, the path of the socket, or that of a folder for it: one that is there, or that ends in `/`.
        case at(String)
    }

    /// How the history calls it.
    package static let program = "pgfob proxy"

    private let server: ProxyServer
    private let profile: Profile
    /// What clients have to give at a port; nil for a socket.
    package let password: Secret?
    /// What does not hold as firmly as it should, a line each.
    package let warnings: [String]
    private let tunnel: TunnelLease?
    /// Where the socket lies, unless it was told.
    private let folder: RuntimeFolder?

    /// Opens it. The profile's tunnel is opened, and one token is minted, so that what stands in the way is told now
    /// and not to the first client.
    ///
    /// - Parameters:
    ///   - options: who is asked now.
    ///   - later: who is asked when a client logs in: the tunnel may have died, or the credentials ended. Asked for once for
    ///     each that may need it, on any thread; what is asked ends with the cancellation.
    ///   - tell: called on any thread with what happens: clients that were refused, a line each.
    ///   - session: called on any thread with what became of one.
    /// - Throws: ``Refusal``.
    package init(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice, at listening: Listening,
        preparer: SessionPreparer, options: SignerOptions,
        later: @escaping @Sendable (Cancellation) -> SignerOptions,
        tell: @escaping @Sendable (String) -> Void,
        session: @escaping @Sendable (ProxySession.Event) -> Void
    ) throws(Refusal) {
        let (mint, routes, bundle) = (preparer.mint, preparer.routes, preparer.bundle)
        let profile = mint.effective(profile)
        guard profile.auth == .iam, let user = profile.user else {
            throw Refusal(
                .failed, "the proxy logs in with IAM tokens, and \(profile.name) by \(profile.auth.rawValue)",
                do: "use `pgfob connect` or `pgfob exec`")
        }
        try preparer.check(profile)
        options.comes(to: .aws, of: profile)
        let start = ContinuousClock.now
        _ = try mint.mint(profile, now: Date(), options: options)
        var options = options
        options.giveBack(since: start)
        let followed = mint.followed(profile, options)
        if profile.tunnel != nil { options.comes(to: .tunnel, of: profile) }
        tunnel = profile.tunnel == nil ? nil : try routes.open(followed, options)
        let environment = preparer.surroundings.environment
        folder = listening == .standard ? try Self.folder(profile, environment) : nil
        let listener = try Self.listener(listening, folder, environment)
        if listening != .standard, case .socket(let path) = listener.place {
            preparer.surroundings.run.folder(environment)?.note(socket: path, madeFolder: listener.madeFolder)
        }
        var rules = ProxyRules(
            user: user,
            applicationName: profile.applicationName ?? profile.ownApplicationName)
        rules.database = profile.database
        let settings = choice.settings(readOnly: readOnly)
        if followed.takesStartupOptions {
            rules.settings = settings.map { ($0.name, $0.value) }
        } else {
            rules.statements = settings.map(\.statement)
        }
        if readOnly {
            rules.againstReplication =
                "the read-only guard does not bind a replication connection: `pgfob proxy --write` allows them"
        }
        var warnings = rules.statements.isEmpty ? [] : [Self.loose(settings)]
        let left = Set(profile.parameters.keys).subtracting(TLSLimits.keywords).subtracting(
            Self.followedOrIdle)
        if !left.isEmpty {
            warnings.append(
                "\(left.sorted().joined(separator: ", ")) of the profile does not hold here: the proxy does not know it"
            )
        }
        self.warnings = warnings
        rules.options = profile.parameters["options"]
        if case .port = listener.place { rules.password = Self.password() }
        password = rules.password
        var limits = profile.parameters
        // What libpq would look at too.
        let revoked = "\(environment["HOME"] ?? "")/.postgresql/root.crl"
        if limits["sslcrl"] == nil, limits["sslcrldir"] == nil, access(revoked, R_OK) == 0 {
            limits["sslcrl"] = revoked
        }
        let trust = TrustStore(
            bundle: Self.roots(bundle.file(for: profile), environment), limits: TLSLimits(limits))
        do throws(TrustStore.Failure) { try trust.check() } catch {
            throw Refusal(.failed, error.text, do: "`pgfob edit \(profile.name)` changes the profile")
        }
        let questions = ProxyQuestions(later)
        let seldom = SeldomTold(tell)
        let server = ProxyServer.start(
            listener, rules: rules, trust: trust,
            upstream: { (fresh, client) throws(ProxyRefusal) in
                var options = SignerOptions(fresh: fresh)
                options.wait = client.wait
                guard profile.tunnel != nil || mint.wantsCode(awsProfile: profile.awsProfile) else {
                    return try Self.upstream(profile, mint, routes, options)
                }
                return try client.attended { wait throws(ProxyRefusal) in
                    var options = questions.options(wait.cancellation)
                    (options.fresh, options.wait) = (fresh, wait)
                    return try Self.upstream(profile, mint, routes, options)
                }
            },
            tell: { event in
                switch event {
                case .session(let event): session(event)
                case .refused(let line): seldom.tell(line)
                }
            })
        guard let server else {
            throw Refusal(.failed, "no descriptor or thread is left", do: "close some programs and try again")
        }
        (self.server, self.profile) = (server, profile)
    }

    /// Ends all sessions.
    package func stop() { server.stop() }

    package var sessions: Int { server.sessions }

    /// How clients connect: a connection string without a secret. Of a socket that libpq does not find it is none: its path
    /// is called `socket` there.
    package var connection: String {
        var settings: [(String, String)] = []
        switch server.place {
        case .socket(let path):
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            if let port = ProxyListener.port(ofSocket: path) {
                settings = [("host", parts.dropLast().joined(separator: "/")), ("port", String(port))]
            } else {
                settings = [("socket", path)]
            }
        case .port(let port):
            settings = [("host", "127.0.0.1"), ("port", String(port)), ("sslmode", "disable")]
        }
        return Conninfo(settings + [("dbname", profile.database), ("user", profile.user ?? "")]).keywordText
    }

    /// Whether libpq finds the socket by its name.
    package var suitsLibpq: Bool {
        guard case .socket(let path) = server.place else { return true }
        return ProxyListener.port(ofSocket: path) != nil
    }

    /// libpq's keywords that the proxy follows, that its clients say themselves, or that ask for what it does anyway.
    private static let followedOrIdle: Set<String> = [
        "options", "client_encoding", "fallback_application_name", "keepalives", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "sslcompression", "gssencmode",
        "requiressl", "requirepeer", "krbsrvname", "gsslib", "gssdelegation",
    ]

    private static func loose(_ settings: [ServerSetting]) -> String {
        let names = settings.map(\.name).joined(separator: ", ")
        let what = settings.contains(.readOnly) ? "the read-only guard is loose here: " : ""
        return "\(what)this endpoint takes no startup options, so \(names) is a SET after the login, which a "
            + "client's RESET ALL or DISCARD ALL takes off"
    }

    // MARK: The server's side

    private static func upstream(
        _ profile: Profile, _ mint: TokenMint, _ routes: Routes, _ options: SignerOptions
    ) throws(ProxyRefusal) -> ProxyUpstream {
        do throws(Refusal) {
            let followed = mint.followed(profile, options)
            let start = ContinuousClock.now
            let route = try routes.route(for: followed, options)
            var options = options
            options.giveBack(since: start)
            // Behind the tunnel, which may have had to be opened anew.
            let token = try mint.mint(profile, now: Date(), options: options)
            let host = HostName.normalised(followed.host)
            return ProxyUpstream(
                host: host, address: route.address?.host ?? host,
                port: UInt16(clamping: route.address?.port ?? followed.port), password: token.text,
                keeping: route.tunnel)
        } catch {
            throw ProxyRefusal("08001", error.line)
        }
    }

    /// What libpq would take: the profile's bundle, else the user's own roots, else the system's.
    private static func roots(_ file: String?, _ environment: [String: String]) -> String? {
        if let file { return file == "system" ? nil : file }
        let own = "\(environment["HOME"] ?? "")/.postgresql/root.crt"
        return access(own, R_OK) == 0 ? own : nil
    }

    // MARK: This side

    private static func listener(
        _ listening: Listening, _ folder: RuntimeFolder?, _ environment: [String: String]
    ) throws(Refusal) -> ProxyListener {
        let place: ProxyListener.Wish
        switch listening {
        case .standard: place = .folder(folder?.path ?? "")
        case .at(let text):
            place = try read(text)
            // What a killed proxy has left there, the folder that it had made too, is made anew.
            if case .folder(let path) = place, ProxyListener.isFolder(path) {
                RuntimeFolder.sweep(environment: environment)
            }
        }
        do throws(ProxyListener.Failure) { return try ProxyListener(place) } catch {
            throw Refusal(.failed, error.what, do: error.remedy)
        }
    }

    private static func read(_ text: String) throws(Refusal) -> ProxyListener.Wish {
        if text.contains("/") {
            let path = whole(text)
            return path.hasSuffix("/") || ProxyListener.isFolder(path) ? .folder(path) : .socket(path)
        }
        guard let colon = text.lastIndex(of: ":"), ["127.0.0.1", "localhost"].contains(text[..<colon]),
            let port = UInt16(text[text.index(after: colon)...])
        else {
            throw Refusal(
                .usage,
                "--listen \(DialAddress.shown(text)) is not 127.0.0.1:PORT, a socket's path, or FOLDER/ for the socket",
                do: "the proxy serves this machine alone; a path has a / in it")
        }
        return .port(Int(port))
    }

    /// libpq takes a path that does not begin at the root for a host's name.
    private static func whole(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let here = FileManager.default.currentDirectoryPath
        return "\(here)/\(path.hasPrefix("./") ? String(path.dropFirst(2)) : path)"
    }

    /// A folder of this user's alone whose path stays the same, so that other programs can be told of it once.
    private static func folder(
        _ profile: Profile, _ environment: [String: String]
    ) throws(Refusal) -> RuntimeFolder {
        guard RuntimeFolder.base(environment: environment) != nil else {
            throw Refusal(
                .failed, "no folder of mode 0700 can be made in XDG_RUNTIME_DIR or /tmp",
                do: "name a socket with --listen")
        }
        let name = profile.name.unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-"
                    || scalar == "_")
                ? Character(scalar) : "_"
        }
        // Names that differ in other signs alone have folders of their own.
        let full = "proxy-\(String(name.prefix(22)))-\(profile.id.uuidString.prefix(8).lowercased())"
        guard let folder = RuntimeFolder(environment: environment, named: full) else {
            throw Refusal(
                .failed, "a proxy to \(profile.name) runs already",
                do: "use it, end it, or name another socket with --listen")
        }
        return folder
    }

    /// 32 letters and digits, some 190 bits, of the system's own chance.
    private static func password() -> Secret {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return Secret(String((0..<32).map { _ in letters.randomElement(using: &generator) ?? "x" }))
    }
}

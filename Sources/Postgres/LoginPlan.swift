import Diagnosis
import Profiles
import Secrets
import TLS
import Workers

/// All that one login attempt needs to know.
package struct LoginPlan: Sendable {
    /// Without a secret. Its `host` is the name that TLS and the server know; its `port` is the one to dial.
    package var conninfo: Conninfo
    /// The token or the password; nil leaves it to libpq and the user's files.
    package var password: Secret?
    /// Where to dial instead of the host.
    package var dial: DialAddress?
    package var auth: Authentication
    /// The life of the token in ``password``.
    package var tokenClock: TokenClock?
    /// What the program of a tunnel says of a connection that came to nothing; nil without a tunnel.
    package var tunnelComplaint: (@Sendable () -> String?)?
    /// The tunnel that it goes through.
    package var tunnel: TunnelDefinition?
    /// What that token says of itself.
    package var token: TokenEvidence?
    /// The endpoint that the profile means, whatever is dialled.
    package var endpoint = ""
    package var endpointPort: Int?
    /// Whether the profile's dial says the port, too.
    package var dialNamesPort = true
    /// The profile's name, for commands in the texts; empty for none.
    package var profile = ""
    /// The profile names a file of root certificates of its own.
    package var hasOwnRoots = false
    /// The bundle by which a certificate is judged that libpq refused, where libpq was handed a part of it.
    package var judgedBy: String?
    /// Names that were looked up for others of the same batch.
    package var names: NameBook?
    /// Whether the servers of the cluster are asked for after the login.
    package var asksTopology = false

    package init(
        conninfo: Conninfo, password: Secret? = nil, dial: DialAddress? = nil, auth: Authentication,
        tokenClock: TokenClock? = nil
    ) {
        self.conninfo = conninfo
        self.password = password
        self.dial = dial
        self.auth = auth
        self.tokenClock = tokenClock
    }

    /// The name that TLS checks: the first, where a service names several.
    var host: String { first("host") ?? "" }
    var port: String { dial.map { String($0.port) } ?? first("port") ?? String(Profile.defaultPort) }
    var portNumber: UInt16 { UInt16(port) ?? UInt16(Profile.defaultPort) }
    var user: String { conninfo["user"] ?? "" }

    /// The addresses of a name, from what many logins share where there is such a thing.
    func resolve(_ name: String, _ wait: Wait) -> NameResolver.Resolution {
        names?.resolve(name, wait: wait) ?? NameResolver.resolve(name, wait: wait)
    }

    var database: String { conninfo["dbname"] ?? "" }

    var sslmode: SSLMode { conninfo["sslmode"].flatMap(SSLMode.init(rawValue:)) ?? .prefer }

    /// What is dialled.
    enum Target: Sendable, Hashable {
        case name(String)
        case address(ResolvedAddress)
        /// A Unix socket in that folder; empty for libpq's own place.
        case socket(String)
    }

    var target: Target {
        let place = dial?.host ?? first("hostaddr") ?? host
        if place.isEmpty || HostSyntax.isSocket(place) { return .socket(place) }
        return ResolvedAddress(literal: place).map { .address($0) } ?? .name(place)
    }

    /// How the place reads in a message.
    var place: String {
        switch target {
        case .name(let name): name
        case .address(let address): address.text
        case .socket(let folder): folder.isEmpty ? "the local socket" : folder
        }
    }

    /// Whether TLS is out of the question: libpq never uses it over a Unix socket (PostgreSQL documentation,
    /// "SSL Support").
    var skipsTLS: Bool {
        if case .socket = target { return true }
        return sslmode == .disable
    }

    private func first(_ keyword: String) -> String? {
        guard let value = conninfo[keyword] else { return nil }
        return value.split(separator: ",", omittingEmptySubsequences: false).first.map(String.init)
    }
}

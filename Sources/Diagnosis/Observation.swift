import Profiles

/// What was seen when a login attempt ended without success: facts only. ``CauseFinder`` concludes from them.
package struct Observation: Sendable, Hashable {
    /// How the stage ended.
    package enum Ending: Sendable, Hashable {
        case failed
        /// Nothing came until the deadline.
        case timedOut
    }

    /// Where the attempt stood on the wire; the cause may belong to another stage.
    package var stage: Stage
    package var ending: Ending
    /// libpq's or the server's text, sanitised; nil where neither said anything.
    package var text: String?
    /// The server's SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes").
    package var sqlstate: String?
    package var network: NetworkFault?
    package var certificate: CertificateVerdict?
    /// libpq itself could not be loaded.
    package var libraryMissing = false
    /// The server asked for a password and there was none.
    package var needsPassword: Bool
    package var auth: Authentication
    /// The token had ended by the time of the login.
    package var tokenExpired: Bool
    /// What is known of the token that was sent, or would have been.
    package var token: TokenEvidence?
    /// The names in the server's certificate, where it was verified.
    package var serverNames: [String] = []
    /// The endpoint that the profile means, whatever was dialled; empty for none.
    package var endpoint = ""
    /// The port of that endpoint.
    package var endpointPort: Int?
    /// How far TLS was to check the server.
    package var sslmode = SSLMode.verifyFull
    /// The profile names a file of root certificates of its own.
    package var hasOwnRoots = false
    /// What the connection went through, a name of config.toml resolved; nil where it was dialled straight.
    package var tunnel: TunnelDefinition?
    /// Where the profile has it dialled instead of at the endpoint, as `HOST:PORT`; nil where it dials that.
    package var dial: String?
    /// The profile's dial says the port, too; where it does not, that is the profile's own.
    package var dialNamesPort = true
    /// Whether all addresses that the name has are of private networks; nil where none is known.
    package var isPrivate: Bool?
    /// Whether all of them are of IPv6.
    package var isIPv6 = false
    /// The profile's name, for commands in the texts; empty for none.
    package var profile = ""
    /// How long the name took to resolve, in words, where that was most of the time that there was.
    package var nameTook: String?
    /// Where it was dialled, for the texts.
    package var host: String
    package var port: String
    package var user: String
    package var database: String

    package init(
        stage: Stage, ending: Ending = .failed, text: String? = nil, sqlstate: String? = nil,
        network: NetworkFault? = nil, certificate: CertificateVerdict? = nil, needsPassword: Bool = false,
        auth: Authentication = .iam, tokenExpired: Bool = false, host: String = "", port: String = "",
        user: String = "", database: String = ""
    ) {
        self.stage = stage
        self.ending = ending
        self.text = text
        self.sqlstate = sqlstate
        self.network = network
        self.certificate = certificate
        self.needsPassword = needsPassword
        self.auth = auth
        self.tokenExpired = tokenExpired
        self.host = host
        self.port = port
        self.user = user
        self.database = database
    }

    /// Whether an IAM token stood in for the password.
    package var usesToken: Bool { auth == .iam }

    /// Whether the server may be another than the endpoint, which nobody looked at.
    var mayBeAnother: Bool { usesToken && sslmode < .verifyFull }

    /// The endpoint's name taken apart.
    var endpointName: HostName { HostName(endpoint.isEmpty ? host : endpoint) }

    /// Whether what was dialled is an endpoint of RDS's own, at the addresses that its name has.
    var dialsEndpoint: Bool { dial == nil && tunnel == nil && endpointName.isSignable }
    /// What to look at in the profile where the wrong thing answered or none: `dial` where it has one.
    var placeFields: String { dial == nil ? "host and port" : dialNamesPort ? "dial" : "dial and port" }
    /// Where the port that was dialled stands.
    var portField: ProfileField { dial != nil && dialNamesPort ? .dial : .port }
    /// The place in the texts, with what was dialled for it: behind a tunnel not at the port that this end of it has.
    var placeWords: String {
        let number = tunnel == nil ? port : endpointPort.map(String.init) ?? port
        let words = dial.map { "\($0), dialled for \(host)," } ?? "\(host):\(number)"
        return tunnel == nil ? words : "\(words) behind the tunnel"
    }

    /// The socket that libpq looked for, where it was to be one of this machine's (libpq documentation, `host`).
    var socket: String? {
        if let text, let start = text.firstRange(of: "on socket \"")?.upperBound {
            return String(text[start...].prefix { $0 != "\"" })
        }
        return HostSyntax.isSocket(host) ? "\(host)/.s.PGSQL.\(port)" : nil
    }

    /// Whether the text has one of these words in it, without regard to case.
    func says(_ words: String...) -> Bool {
        guard let lowered = text?.lowercased() else { return false }
        return words.contains { lowered.contains($0) }
    }
}

import Diagnosis
import Profiles
import Testing

/// A row of facts/fleet.md 3.3 that a server plays on the wire, after a real TLS handshake where there is one: what
/// the stage and the cause must be.
struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    /// Of Tests/Servers/faults.py.
    var mode: String
    var code: CauseCode
    var parameters: [(key: String, value: String)] = []
    /// It never answers: the time that is allowed runs out.
    var stalls = false
    /// There is no password to send.
    var hasPassword = true
    /// What libpq's or the server's text has to hold.
    var says = ""

    var testDescription: String { name }

    static let beforeTLS = [
        Row(name: "SYN dropped", mode: "blackhole", code: .tcpTimeout, stalls: true),
        Row(name: "accepts and is silent", mode: "silent", code: .tlsTimeout, stalls: true),
        Row(name: "S, then stalls", mode: "sslstall", code: .tlsTimeout, stalls: true),
        Row(name: "EOF at accept", mode: "eof", code: .tlsClosed, says: "server closed the connection"),
        Row(name: "RST at accept", mode: "rst", code: .tlsClosed, says: "server closed the connection"),
        Row(name: "EOF at SSLRequest", mode: "readeof", code: .tlsClosed, says: "server closed"),
        Row(name: "RST at SSLRequest", mode: "readrst", code: .tlsClosed),
        Row(name: "EOF after S", mode: "ssleof", code: .tlsClosed),
        Row(name: "RST after S", mode: "sslrst", code: .tlsClosed),
        Row(name: "plain HTTP server", mode: "http", code: .notPostgres, says: "SSL negotiation: H"),
        Row(name: "garbage byte", mode: "sslgarbage", code: .notPostgres, says: "SSL negotiation: \\x15"),
        Row(name: "E to SSLRequest", mode: "sslerror", code: .notPostgres, says: "SSL exchange"),
        Row(name: "N", mode: "sslno", code: .tlsNotSupported, says: "does not support SSL"),
        Row(name: "garbage for ServerHello", mode: "tlsgarbage", code: .tlsVersion, says: "wrong version"),
        Row(name: "TLS 1.1 only", mode: "ok,tlsmax=1.1", code: .tlsVersion, says: "protocol version"),
        Row(
            name: "certificate expired", mode: "ok,cert=expired", code: .certExpired,
            says: "certificate verify failed"),
        Row(name: "certificate not valid yet", mode: "ok,cert=future", code: .certNotYetValid),
        Row(
            name: "certificate of an unknown CA", mode: "ok,cert=unknownca", code: .caUnknown,
            says: "certificate verify failed"),
        Row(
            name: "certificate for another host", mode: "ok,cert=wronghost", code: .certNameMismatch,
            says: "does not match host name"),
        Row(
            name: "root file missing", mode: "ok", code: .caMissing,
            parameters: [("sslrootcert", "/nonexistent/roots.pem")], says: "does not exist"),
        Row(
            name: "root file no PEM", mode: "ok", code: .caUnreadable,
            parameters: [("sslrootcert", "/etc/passwd")], says: "no certificate"),
    ]

    static let afterTLS = [
        Row(name: "stalls after the startup packet", mode: "startstall", code: .authTimeout, stalls: true),
        Row(name: "stalls after the password", mode: "pwstall", code: .authTimeout, stalls: true),
        Row(name: "EOF after TLS", mode: "starteof", code: .authClosed, says: "EOF detected"),
        Row(name: "EOF after the password", mode: "pweof", code: .authClosed, says: "EOF detected"),
        Row(name: "RST after TLS", mode: "startrst", code: .authClosed),
        Row(name: "RST after the password", mode: "pwrst", code: .authClosed),
        Row(name: "garbage after TLS", mode: "startgarbage", code: .protocolError, says: "expected authent"),
        Row(name: "unknown method", mode: "authunknown", code: .authMethodUnknown, says: "42 not supported"),
        Row(
            name: "channel_binding=require", mode: "ok", code: .channelBinding,
            parameters: [("channel_binding", "require")], says: "channel binding required"),
        Row(name: "no password", mode: "ok", code: .noPassword, hasPassword: false, says: "no password"),
        Row(
            name: "token refused",
            mode: "pwerror,code=28000,msg=PAM authentication failed for user \"u\"", code: .tokenRefused,
            says: "PAM authentication failed"),
        Row(
            name: "no hba line",
            mode: "error,code=28000,msg=no pg_hba.conf entry for host \"10.0.0.1\" user \"u\" SSL encryption",
            code: .noHBAEntry),
        Row(
            name: "plain connection to RDS",
            mode: "error,code=28000,msg=pg_hba.conf rejects connection for host \"10.0.0.1\" no encryption",
            code: .plaintextRejected),
        Row(
            name: "auth took too long",
            mode: "pwerror,code=57014,msg=canceling authentication due to timeout", code: .authTimeout),
        Row(
            name: "starting", mode: "error,code=57P03,msg=the database system is starting up",
            code: .startingUp),
        Row(
            name: "not yet accepting",
            mode:
                "error,code=57P03,msg=the database system is not yet accepting connections,detail=Consistent",
            code: .startingUp),
        Row(
            name: "stopping", mode: "error,code=57P03,msg=the database system is shutting down",
            code: .shuttingDown),
        Row(
            name: "too many clients", mode: "error,code=53300,msg=sorry too many clients already",
            code: .tooManyConnections),
        Row(
            name: "session is read-only", mode: "ok,standby=1", code: .wrongRole,
            parameters: [("target_session_attrs", "primary")], says: "hot standby"),
        Row(
            name: "server is not in hot standby", mode: "ok", code: .wrongRole,
            parameters: [("target_session_attrs", "standby")], says: "not in hot standby"),
    ]

    static let queries = [
        Row(name: "query: stalled", mode: "qstall", code: .sessionTimeout, stalls: true),
        Row(name: "query: backend killed", mode: "qeof", code: .sessionLost, says: "EOF detected"),
        Row(name: "query: RST", mode: "qrst", code: .sessionLost),
        Row(
            name: "query: terminated",
            mode: "qerror,code=57P01,msg=terminating connection due to administrator command",
            code: .sessionLost, says: "administrator command"),
        Row(
            name: "query: statement_timeout",
            mode: "qerror,code=57014,msg=canceling statement due to statement timeout",
            code: .sessionTimeout),
        Row(
            name: "write on a reader",
            mode: "qerror,code=25006,msg=cannot execute CREATE TABLE in a read-only transaction",
            code: .readOnly),
    ]
}

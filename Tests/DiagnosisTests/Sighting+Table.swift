import Diagnosis

private let closed = """
    server closed the connection unexpectedly
    \tThis probably means the server terminated abnormally
    \tbefore or while processing the request.
    """

extension Sighting {
    /// What ends before or during TLS.
    static let wire: [Sighting] = [
        Sighting(.dns, nil, .dnsTimeout) { $0.ending = .timedOut },
        Sighting(.dns, "Name or service not known", .dnsNotFound) { $0.network = .nameNotFound },
        Sighting(.dns, "Temporary failure in name resolution", .dnsTemporary) { $0.network = .nameTemporary },
        Sighting(.dns, "Too many open files", .unknown) { $0.network = .noDescriptor },
        Sighting(.tcp, nil, .tcpTimeout) { $0.ending = .timedOut },
        Sighting(.tcp, "Too many open files", .unknown) { $0.network = .noDescriptor },
        Sighting(.tcp, "could not create socket: Too many open files", .unknown),
        Sighting(.tcp, "Connection refused\n\tIs the server running on that host?", .tcpRefused),
        Sighting(.tcp, "irgendein Text", .tcpRefused) { $0.network = .refused },
        Sighting(.tcp, "No route to host", .tcpUnreachable) { $0.network = .unreachable },
        Sighting(.tls, nil, .tlsTimeout) { $0.ending = .timedOut },
        Sighting(.tls, closed, .tlsClosed),
        Sighting(.tls, closed + "\nSSL SYSCALL error: Connection reset by peer", .tlsClosed),
        Sighting(.tls, "received invalid response to SSL negotiation: H", .notPostgres),
        Sighting(.tls, "received invalid response to SSL negotiation: \\x15", .notPostgres),
        Sighting(.tls, "server sent an error response during SSL exchange", .notPostgres),
        Sighting(.tls, "server does not support SSL, but SSL was required", .tlsNotSupported),
        Sighting(.tls, "SSL error: wrong version number\nThis may indicate that the server", .tlsVersion),
        Sighting(.tls, "SSL error: tlsv1 alert protocol version\nThis may indicate", .tlsVersion),
        Sighting(.tls, "SSL error: certificate verify failed", .certExpired) {
            $0.certificate = .expired(subject: "/CN=orders", since: "2026-01-01T00:00:00Z")
        },
        Sighting(.tls, "SSL error: certificate verify failed", .certExpired) {
            $0.certificate = .rootExpired(subject: "/CN=Old CA", since: "2026-01-01T00:00:00Z")
        },
        Sighting(.tls, "SSL error: certificate verify failed", .caUnknown) {
            $0.certificate = .other("certificate revoked", subject: "/CN=orders")
        },
        Sighting(.tls, "SSL error: certificate verify failed", .caUnknown) {
            $0.certificate = .unknownAuthority(issuer: "/CN=Other CA")
        },
        Sighting(.tls, "SSL error: certificate verify failed", .certNotYetValid) {
            $0.certificate = .notYetValid(subject: "/CN=orders", from: "2030-01-01T00:00:00Z")
        },
        Sighting(.tls, "SSL error: certificate verify failed", .caUnknown),
        Sighting(.tls, "server certificate for \"A\" does not match host name \"B\"", .certNameMismatch),
        Sighting(.tls, "server certificate for \"A\" (and 2 other names) does not match", .certNameMismatch) {
            $0.certificate = .nameMismatch(names: ["A", "C", "D"])
        },
        Sighting(.tls, "could not load private key file \"F\": bad decrypt", .clientKeyUnusable),
        Sighting(.tls, "certificate present, but not private key file \"F\"", .clientKeyUnusable),
        Sighting(.tls, "private key file \"F\" has group or world access", .clientKeyUnusable),
        Sighting(.tls, "certificate does not match private key file \"F\": mismatch", .clientKeyUnusable) {
            $0.certificate = .good
        },
        Sighting(.tls, "could not read certificate file \"F\": no start line", .clientKeyUnusable),
        Sighting(.tls, "root certificate file \"F\" does not exist\nEither provide the file", .caMissing),
        Sighting(
            .tls, "could not read root certificate file \"F\": no certificate or crl found", .caUnreadable),
    ]

    /// What ends between TLS and the first query.
    static let login: [Sighting] = [
        Sighting(.auth, nil, .authTimeout) { $0.ending = .timedOut },
        Sighting(.auth, "SSL SYSCALL error: EOF detected", .authClosed),
        Sighting(.auth, closed + "\n" + closed, .authClosed),
        Sighting(.auth, "expected authentication request from server, but received ", .protocolError),
        Sighting(.auth, "authentication method 42 not supported", .authMethodUnknown),
        Sighting(
            .auth, "authentication method requirement \"password\" failed: server requested SASL",
            .authMethodUnknown),
        Sighting(.auth, "channel binding required but not supported by server's request", .channelBinding),
        Sighting(.auth, "fe_sendauth: no password supplied", .noPassword),
        Sighting(.auth, "kein Passwort angegeben", .noPassword) { $0.needsPassword = true },
        Sighting(.auth, "FATAL:  PAM authentication failed for user \"u\"", "28000", .tokenRefused),
        Sighting(.auth, "FATAL:  PAM-Authentifizierung fehlgeschlagen", "28000", .tokenRefused),
        Sighting(.auth, "FATAL:  role \"u\" does not exist", "28000", .roleNoLogin),
        Sighting(.auth, "FATAL:  role \"u\" does not exist", "28000", .roleNoLogin) { $0.auth = .password },
        Sighting(.auth, "FATAL:  Peer authentication failed for user \"u\"", "28000", .roleNotIAM),
        Sighting(.auth, "FATAL:  LDAP authentication failed for user \"u\"", "28000", .passwordRefused) {
            $0.auth = .password
        },
        Sighting(
            .auth, "FATAL:  connection requires a valid client certificate", "28000", .authMethodUnknown),
        Sighting(.auth, "FATAL:  must be superuser to connect in binary upgrade mode", "28000", .unknown),
        Sighting(.auth, "FATAL:  PAM authentication failed for user \"u\"", "28000", .tokenExpired) {
            $0.tokenExpired = true
        },
        Sighting(.auth, "FATAL:  PAM authentication failed for user \"u\"", "28000", .passwordRefused) {
            $0.auth = .password
        },
        Sighting(
            .auth,
            "FATAL:  pg_hba.conf rejects connection for host \"IP\", user \"u\", database \"d\", no encryption",
            "28000", .plaintextRejected),
        Sighting(
            .auth, "FATAL:  no pg_hba.conf entry for host \"IP\", user \"u\", database \"d\", SSL encryption",
            "28000",
            .noHBAEntry),
        Sighting(
            .auth, "FATAL:  no pg_hba.conf entry for host \"IP\", user \"u\", database \"d\", SSL off",
            "28000",
            .plaintextRejected),
        Sighting(.auth, "FATAL:  role \"u\" is not permitted to log in", "28000", .roleNoLogin),
        Sighting(.auth, "FATAL:  Authentifizierung fehlgeschlagen", "28000", .tokenRefused),
        Sighting(.auth, "FATAL:  password authentication failed for user \"u\"", "28P01", .roleNotIAM),
        Sighting(.auth, "FATAL:  password authentication failed for user \"u\"", "28P01", .passwordRefused) {
            $0.auth = .password
        },
        Sighting(.auth, "FATAL:  canceling authentication due to timeout", "57014", .authTimeout),
        Sighting(
            .auth, "FATAL:  IAM authentication failed for the role u. Check the IAM token", .proxyRefused),
        Sighting(
            .auth, "FATAL:  IAM authentication is allowed only with SSL connections.", .plaintextRejected),
        Sighting(.auth, "FATAL:  the request failed: too many competing requests", .iamThrottled),
        Sighting(.auth, "FATAL:  unable to accept connection, access denied", .dsqlDenied),
        Sighting(.auth, "FATAL:  something nobody has seen", "XX000", .unknown),
        Sighting(.auth, "FATAL:  database \"d\" does not exist", "3D000", .databaseMissing),
        Sighting(
            .auth,
            "FATAL:  permission denied for database \"d\"\nDETAIL:  User does not have CONNECT privilege.",
            "42501", .databaseForbidden),
        Sighting(
            .auth, "FATAL:  database \"d\" is not currently accepting connections", "55000", .databaseClosed),
        Sighting(.auth, "FATAL:  sorry, too many clients already", "53300", .tooManyConnections),
        Sighting(.auth, "FATAL:  remaining connection slots are reserved", "53300", .tooManyConnections),
        Sighting(.auth, "FATAL:  too many connections for role \"u\"", "53300", .tooManyConnections),
        Sighting(.auth, "FATAL:  the database system is starting up", "57P03", .startingUp),
        Sighting(.auth, "FATAL:  the database system is not yet accepting connections", "57P03", .startingUp),
        Sighting(.auth, "FATAL:  the database system is shutting down", "57P03", .shuttingDown),
        Sighting(.auth, "FATAL:  unrecognized configuration parameter \"x\"", "42704", .optionUnknown),
        Sighting(
            .auth, "FATAL:  permission denied to set parameter \"log_statement\"", "42501", .optionUnknown),
        Sighting(.auth, "FATAL:  permission denied to set role \"dba\"", "42501", .optionUnknown),
        Sighting(
            .auth, "FATAL:  must be superuser or replication role to start walsender", "42501", .optionUnknown
        ),
        Sighting(
            .auth, "FATAL:  permission denied for database \"replication\"", "42501", .databaseForbidden),
        Sighting(.auth, "FATAL:  Keine Berechtigung f\u{fc}r Datenbank", "42501", .databaseForbidden),
        Sighting(.auth, "FATAL:  invalid value for parameter \"x\": \"y\"", "22023", .optionUnknown),
        Sighting(
            .auth, "FATAL:  parameter \"shared_buffers\" cannot be changed without restarting the server",
            "55P02", .optionUnknown),
        Sighting(
            .auth,
            "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "53300",
            .tooManyConnections),
        Sighting(.auth, "session is read-only", .wrongRole),
        Sighting(.auth, "session is not read-only", .wrongRole),
        Sighting(.auth, "server is in hot standby mode", .wrongRole),
        Sighting(.session, nil, .sessionTimeout) { $0.ending = .timedOut },
        Sighting(.session, "ERROR:  canceling statement due to statement timeout", "57014", .sessionTimeout),
        Sighting(
            .session, "FATAL:  terminating connection due to administrator command", "57P01", .sessionLost),
        Sighting(.session, "SSL SYSCALL error: EOF detected", .sessionLost),
        Sighting(
            .session, "ERROR:  cannot execute CREATE TABLE in a read-only transaction", "25006", .readOnly),
        Sighting(.session, "ERROR:  division by zero", "22012", .unknown),
        Sighting(.profile, "invalid sslmode value: \"x\"", .profileIncomplete),
        Sighting(.profile, "libpq.so.5: cannot open shared object file", .unknown) {
            $0.libraryMissing = true
        },
    ]
}

/// The codes that scripts rely on, exactly as design/cli.md fixes them; ``stage`` is the row of its table.
package enum CauseCode: String, Sendable, Hashable, CaseIterable {
    // profile
    case regionUnknown = "region-unknown"
    case hostNotSignable = "host-not-signable"
    case hostInvalid = "host-invalid"
    case profileIncomplete = "profile-incomplete"
    case tlsRequiredByToken = "tls-required-by-token"
    // aws
    case awsNoCredentials = "aws-no-credentials"
    case awsPartialCredentials = "aws-partial-credentials"
    case awsExpired = "aws-expired"
    case awsSSOLoginNeeded = "aws-sso-login-needed"
    case awsMFANeeded = "aws-mfa-needed"
    case awsProfileMissing = "aws-profile-missing"
    case awsConfigBroken = "aws-config-broken"
    case awsRefused = "aws-refused"
    // dns
    case dnsNotFound = "dns-not-found"
    case dnsTemporary = "dns-temporary"
    case dnsTimeout = "dns-timeout"
    // tcp
    case tcpRefused = "tcp-refused"
    case tcpTimeout = "tcp-timeout"
    case tcpUnreachable = "tcp-unreachable"
    case tunnelAuth = "tunnel-auth"
    case tunnelHostkey = "tunnel-hostkey"
    case tunnelRefused = "tunnel-refused"
    case tunnelTimeout = "tunnel-timeout"
    case tunnelMissing = "tunnel-missing"
    // tls
    case notPostgres = "not-postgres"
    case tlsNotSupported = "tls-not-supported"
    case tlsVersion = "tls-version"
    case tlsTimeout = "tls-timeout"
    case tlsClosed = "tls-closed"
    case caMissing = "ca-missing"
    case caUnreadable = "ca-unreadable"
    case caUnknown = "ca-unknown"
    case certExpired = "cert-expired"
    case certNotYetValid = "cert-not-yet-valid"
    case certNameMismatch = "cert-name-mismatch"
    case clientKeyUnusable = "client-key-unusable"
    // auth
    case tokenRefused = "token-refused"
    case tokenExpired = "token-expired"
    case tokenWrongEndpoint = "token-wrong-endpoint"
    case tokenWrongRegion = "token-wrong-region"
    case clockSkew = "clock-skew"
    case roleNotIAM = "role-not-iam"
    case passwordRefused = "password-refused"
    case noPassword = "no-password"
    case plaintextRejected = "plaintext-rejected"
    case noHBAEntry = "no-hba-entry"
    case roleNoLogin = "role-no-login"
    case channelBinding = "channel-binding"
    case authMethodUnknown = "auth-method-unknown"
    case authTimeout = "auth-timeout"
    case authClosed = "auth-closed"
    case protocolError = "protocol-error"
    case iamThrottled = "iam-throttled"
    case proxyRefused = "proxy-refused"
    case dsqlDenied = "dsql-denied"
    // session
    case databaseMissing = "database-missing"
    case databaseForbidden = "database-forbidden"
    case databaseClosed = "database-closed"
    case tooManyConnections = "too-many-connections"
    case startingUp = "starting-up"
    case shuttingDown = "shutting-down"
    case wrongRole = "wrong-role"
    case readOnly = "read-only"
    case optionUnknown = "option-unknown"
    case sessionTimeout = "session-timeout"
    case sessionLost = "session-lost"
    // any
    case cancelled, unknown

    /// The stage at which a test with this cause is reported as failed; nil for those of any stage.
    package var stage: Stage? {
        switch self {
        case .regionUnknown, .hostNotSignable, .hostInvalid, .profileIncomplete,
            .tlsRequiredByToken:
            .profile
        case .awsNoCredentials, .awsPartialCredentials, .awsExpired, .awsSSOLoginNeeded,
            .awsMFANeeded, .awsProfileMissing, .awsConfigBroken, .awsRefused:
            .aws
        case .dnsNotFound, .dnsTemporary, .dnsTimeout:
            .dns
        case .tcpRefused, .tcpTimeout, .tcpUnreachable, .tunnelAuth, .tunnelHostkey,
            .tunnelRefused, .tunnelTimeout, .tunnelMissing:
            .tcp
        case .notPostgres, .tlsNotSupported, .tlsVersion, .tlsTimeout, .tlsClosed, .caMissing,
            .caUnreadable, .caUnknown, .certExpired, .certNotYetValid, .certNameMismatch,
            .clientKeyUnusable:
            .tls
        case .tokenRefused, .tokenExpired, .tokenWrongEndpoint, .tokenWrongRegion, .clockSkew,
            .roleNotIAM, .passwordRefused, .noPassword, .plaintextRejected, .noHBAEntry,
            .roleNoLogin, .channelBinding, .authMethodUnknown, .authTimeout, .authClosed,
            .protocolError, .iamThrottled, .proxyRefused, .dsqlDenied:
            .auth
        case .databaseMissing, .databaseForbidden, .databaseClosed, .tooManyConnections,
            .startingUp, .shuttingDown, .wrongRole, .readOnly, .optionUnknown, .sessionTimeout,
            .sessionLost:
            .session
        case .cancelled, .unknown:
            nil
        }
    }
}

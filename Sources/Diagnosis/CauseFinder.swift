import Profiles
/// From what was seen to why: the one table.
///
/// Rows are tried in order, and the first that holds decides. Within a stage the facts come first (a deadline,
/// an errno, OpenSSL's verdict), then the SQLSTATE, and libpq's or the server's English text last. The rows are
/// those of facts/fleet.md 3.3; which code each has is fixed by design/cli.md, "How faults on the wire map".
package enum CauseFinder {
    /// Ranked, the likeliest first; never empty.
    package static func causes(for observation: Observation) -> [Cause] {
        var codes = codes(for: observation)
        // What took most of the time may be why there was none left.
        if observation.nameTook != nil, observation.ending == .timedOut || observation.network == .timedOut {
            codes.append(.dnsTimeout)
        }
        // Not the endpoint's own answer, perhaps: a further cause, as the first is the table's.
        if observation.mayBeAnother, let first = codes.first, answers.contains(first),
            !codes.contains(.tokenWrongEndpoint)
        {
            codes.insert(.tokenWrongEndpoint, at: 1)
        }
        // What is proven to be right is no further cause.
        let first = codes.first
        codes.removeAll { code in
            guard code != first else { return false }
            return code == .tokenWrongEndpoint && observation.isEndpointProven
                || code == .clockSkew && observation.isClockProven
        }
        return codes.map { cause($0, for: observation) }
    }

    /// What any server may have answered to a token that is not for it.
    private static let answers: Set<CauseCode> = [.tokenRefused, .authClosed, .roleNotIAM]

    /// The cause of a failure that was found before anything was dialled: those of `profile` and `aws` come
    /// with their own words; what they leave open is the table's.
    package static func cause(
        _ code: CauseCode, message: String, fix: String? = nil, remedy: Remedy? = nil,
        tunnel: TunnelDefinition? = nil
    ) -> Cause {
        var seen = Observation(stage: code.stage ?? .profile, text: message)
        seen.tunnel = tunnel
        let advice = code.advice(for: seen)
        return Cause(
            code, text: message, check: advice.check, fix: fix ?? advice.fix, remedy: remedy ?? advice.remedy)
    }

    /// The stage that a failure is reported at: the row of its cause, else where it was seen.
    package static func stage(of observation: Observation) -> Stage {
        codes(for: observation).first?.stage ?? observation.stage
    }

    private static func cause(_ code: CauseCode, for observation: Observation) -> Cause {
        let advice = code.advice(for: observation)
        return Cause(
            code, text: advice.text, check: advice.check, fix: advice.fix, remedy: advice.remedy)
    }

    // MARK: The table

    private struct Row: Sendable {
        let codes: [CauseCode]
        let holds: @Sendable (Observation) -> Bool

        init(_ codes: CauseCode..., where holds: @escaping @Sendable (Observation) -> Bool) {
            self.codes = codes
            self.holds = holds
        }
    }

    private static func codes(for observation: Observation) -> [CauseCode] {
        let rows = table(observation.stage)
        return rows.first { $0.holds(observation) }?.codes ?? [.unknown]
    }

    private static func table(_ stage: Stage) -> [Row] {
        switch stage {
        case .profile, .aws: profile
        case .dns: dns
        case .tcp: tcp
        case .tls: tls
        case .token, .auth: auth
        case .session: session
        }
    }

    /// libpq refuses the settings before it dials.
    private static let profile = [
        Row(.unknown) { $0.libraryMissing },
        Row(.profileIncomplete) { $0.text != nil },
    ]

    private static let dns = [
        Row(.unknown) { $0.network == .noDescriptor },
        Row(.dnsTimeout) { $0.ending == .timedOut },
        Row(.dnsTemporary) { $0.network == .nameTemporary },
        Row(.dnsNotFound) { $0.network == .nameNotFound },
        Row(.dnsTemporary) { $0.says("temporary failure") },
        Row(.dnsNotFound) { $0.says("could not translate host name") },
    ]

    private static let tcp = [
        Row(.unknown) { $0.network == .noDescriptor || $0.says("too many open files") },
        Row(.tcpTimeout) { $0.ending == .timedOut || $0.network == .timedOut },
        Row(.tcpRefused) { $0.network == .refused },
        Row(.tcpUnreachable) { $0.network == .unreachable },
        Row(.tcpRefused) { $0.says("connection refused", "no such file or directory") },
        Row(.tcpTimeout) { $0.says("timeout expired", "timed out") },
        Row(.tcpUnreachable) { $0.says("unreachable", "no route to host", "permission denied") },
    ]

    private static let tls = [
        Row(.tlsTimeout) { $0.ending == .timedOut },
        Row(.clientKeyUnusable) {
            $0.says("private key file", "could not read certificate file", "could not open certificate file")
        },
        Row(.caMissing) { if case .rootsMissing = $0.certificate { true } else { false } },
        Row(.caUnreadable) { if case .rootsUnreadable = $0.certificate { true } else { false } },
        Row(.certExpired) { if case .expired = $0.certificate { true } else { false } },
        Row(.certExpired) { if case .rootExpired = $0.certificate { true } else { false } },
        // There is no code for each of OpenSSL's words: what it says is in the text.
        Row(.caUnknown) { if case .other = $0.certificate { true } else { false } },
        Row(.certNotYetValid) { if case .notYetValid = $0.certificate { true } else { false } },
        Row(.caUnknown) { if case .unknownAuthority = $0.certificate { true } else { false } },
        Row(.certNameMismatch) { if case .nameMismatch = $0.certificate { true } else { false } },
        Row(.tlsNotSupported) { $0.says("does not support ssl") },
        Row(.notPostgres) {
            $0.says(
                "invalid response to ssl negotiation", "error response during ssl exchange",
                "unencrypted data after ssl response")
        },
        Row(.caMissing) { $0.says("root certificate file") && $0.says("does not exist") },
        Row(.caUnreadable) { $0.says("could not read root certificate file", "could not load system root") },
        Row(.certNameMismatch) { $0.says("does not match host name", "certificate's name") },
        // The chain could not be looked at a second time: an unknown root is by far the likeliest, and the
        // other reading of the same text comes second.
        Row(.caUnknown, .certExpired) { $0.says("certificate verify failed") },
        Row(.tlsVersion) {
            $0.says(
                "wrong version number", "protocol version", "unsupported protocol", "no protocols available",
                "packet length too long", "handshake failure", "no shared cipher", "record layer",
                "bad record type", "unexpected message", "http request", "unknown protocol",
                "invalid ssl protocol", "bad extension", "length mismatch")
        },
        Row(.tunnelRefused) { $0.text?.hasPrefix("tunnel: ") == true },
        Row(.tlsClosed) {
            $0.says(
                "server closed the connection", "connection reset", "eof", "broken pipe", "ssl syscall",
                "close notify", "connection has been closed")
        },
    ]

    /// What the server's own refusals mean, whichever moment of the login they came at.
    private static let sqlstates = [
        // RDS Proxy's own words, whatever code it sends with them (facts/aws.md section 3, row 23).
        Row(.iamThrottled) { $0.says("too many competing requests") },
        Row(.tooManyConnections) { $0.isPoolInUse },
        Row(.databaseMissing) { $0.sqlstate == "3D000" },
        // The same code for a startup option that the role may not set (PostgreSQL's guc.c, superuser.c and postinit.c).
        Row(.optionUnknown) { $0.isForbiddenOption },
        Row(.databaseForbidden) { $0.sqlstate == "42501" },
        Row(.databaseClosed) { $0.sqlstate == "55000" },
        Row(.tooManyConnections) { $0.sqlstate == "53300" },
        Row(.shuttingDown) { $0.sqlstate == "57P03" && $0.says("shutting down") },
        Row(.startingUp) { $0.sqlstate == "57P03" },
        Row(.shuttingDown) { ["57P01", "57P02"].contains($0.sqlstate) },
        Row(.optionUnknown) { ["42704", "22023", "55P02", "42601"].contains($0.sqlstate) },
        Row(.optionUnknown) { $0.says("unsupported startup parameter", "startup options") },
        Row(.wrongRole) {
            $0.sqlstate == nil
                && $0.says(
                    "session is read-only", "session is not read-only", "server is in hot standby mode",
                    "server is not in hot standby mode")
        },
    ]

    private static let auth =
        [
            Row(.authTimeout) { $0.ending == .timedOut || $0.sqlstate == "57014" },
            Row(.noPassword) { $0.needsPassword && $0.sqlstate == nil },
        ] + sqlstates + [
            // RDS Proxy and DSQL say it in their own words (facts/aws.md section 3, rows 20 to 23 and 32).
            Row(.iamThrottled) { $0.says("throttl", "rate exceeded") },
            Row(.plaintextRejected) { $0.says("only with ssl connections", "requires tls connections") },
            Row(.proxyRefused) {
                $0.says("rds proxy", "iam authentication failed for the role", "credentials for the role")
            },
            Row(.dsqlDenied) { $0.says("unable to accept connection, access denied") },
            Row(.roleNotIAM) { $0.sqlstate == "28P01" && $0.usesToken },
            Row(.passwordRefused) { $0.sqlstate == "28P01" },
            // One answer for every token that is not taken: what is known of the token decides.
            Row(.tokenExpired, .clockSkew) { $0.isTokenRefused && $0.tokenExpired },
            Row(.tokenWrongRegion, .tokenRefused) { $0.isTokenRefused && $0.isOfOtherRegion },
            Row(.tokenWrongEndpoint, .tokenRefused) { $0.isTokenRefused && $0.isOfOtherEndpoint },
            Row(.clockSkew, .tokenRefused) { $0.isTokenRefused && $0.token?.isClockOff == true },
            Row(.tokenRefused, .tokenWrongEndpoint, .clockSkew) {
                $0.isTokenRefused && $0.says("pam authentication")
            },
            Row(.passwordRefused) { $0.sqlstate == "28000" && $0.says("pam authentication") },
            Row(.plaintextRejected) {
                $0.sqlstate == "28000" && $0.says("pg_hba.conf") && $0.says("no encryption", "ssl off")
            },
            Row(.noHBAEntry) { $0.sqlstate == "28000" && $0.says("pg_hba.conf") },
            Row(.roleNoLogin) {
                $0.sqlstate == "28000" && $0.says("not permitted to log in", "does not exist")
            },
            Row(.authMethodUnknown) { $0.sqlstate == "28000" && $0.says("client certificate") },
            // The line of pg_hba.conf that RDS has for members of rds_iam was not the one that held.
            Row(.roleNotIAM) { $0.sqlstate == "28000" && $0.usesToken && $0.isOtherMethod },
            Row(.passwordRefused) { $0.sqlstate == "28000" && $0.isOtherMethod },
            Row(.unknown) { $0.sqlstate == "28000" && $0.isOtherRefusal },
            // A server that speaks another language leaves only its code.
            Row(.tokenRefused) { $0.sqlstate == "28000" && $0.usesToken },
            Row(.passwordRefused) { $0.sqlstate == "28000" },
            Row(.protocolError) { $0.sqlstate == "08P01" || $0.sqlstate == "0A000" },
            Row(.unknown) { $0.sqlstate != nil },
            Row(.noPassword) { $0.says("no password supplied") },
            Row(.channelBinding) { $0.says("channel binding") },
            Row(.authMethodUnknown) {
                ($0.says("authentication method") && $0.says("not supported"))
                    || $0.says(
                        "authentication method requirement", "authentication not supported", "sasl auth")
            },
            Row(.protocolError) {
                $0.says(
                    "expected authentication request", "lost synchronization", "unexpected message",
                    "unexpected response", "invalid authentication request", "message contents", "malformed",
                    "insufficient data", "unexpected async", "protocol", "invalid message",
                    "unsupported result format")
            },
            Row(.authClosed) {
                $0.says(
                    "eof detected", "server closed the connection", "connection reset", "broken pipe",
                    "ssl syscall", "connection has been closed", "unexpected eof")
            },
        ]

    /// After a good login: what the one query met.
    private static let session = [
        Row(.sessionTimeout) { $0.ending == .timedOut || $0.sqlstate == "57014" },
        Row(.readOnly) { $0.sqlstate == "25006" },
        Row(.tooManyConnections) { $0.isPoolInUse },
        Row(.sessionLost) { ["57P01", "57P02", nil].contains($0.sqlstate) },
    ]
}

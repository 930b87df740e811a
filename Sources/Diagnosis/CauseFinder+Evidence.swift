import Profiles

/// What the facts about a refused token point to: RDS gives one and the same answer to all of them, and the reason
/// stays in the server's log (facts/aws.md section 3, number 14).
extension Observation {
    /// Whether the server refused a token, in RDS's words or by its code alone.
    package var isTokenRefused: Bool {
        sqlstate == "28000" && usesToken && (says("pam authentication") || !isOtherRefusal)
    }

    /// RDS Proxy waited in vain for a connection to the database, in its own words (facts/aws.md section 3, row 23).
    var isPoolInUse: Bool { says("waiting to acquire database connection") }

    /// The file that libpq says it has the password from.
    var passwordFile: String? {
        guard let text, let start = text.firstRange(of: "password retrieved from file \"")?.upperBound else {
            return nil
        }
        return String(text[start...].prefix { $0 != "\"" && $0 != "\n" })
    }

    /// The command that prints what the token needs.
    var policyCommand: String { "pgfob policy \(profile.isEmpty ? "NAME" : ShellWords.word(profile))" }

    /// The server refused with the code of a refused token, and says another reason (PostgreSQL's `auth.c` and
    /// `miscinit.c`).
    var isOtherRefusal: Bool {
        says(
            "pg_hba.conf", "not permitted to log in", "does not exist", "client certificate",
            "must be superuser", "replication")
            || isOtherMethod
    }

    /// The login was good, and the role may not have what the profile asks to start with.
    var isForbiddenOption: Bool {
        sqlstate == "42501" && !says("permission denied for database")
            && says(
                "to set ", "wal sender", "walsender", "replication", "binary upgrade", "must be superuser")
    }

    /// The server checked the user in another way than by a token or a password.
    var isOtherMethod: Bool {
        says("authentication failed for user")
            && says("peer", "ident", "gssapi", "sspi", "ldap", "radius", "bsd", "certificate", "trust")
    }

    /// The token is of another region than the endpoint's name, or its certificate's names, tell.
    var isOfOtherRegion: Bool { rightRegion != nil }

    /// The region that the token should have been signed for, where it was another.
    var rightRegion: Region? {
        guard let token else { return nil }
        let names = [token.host, endpoint] + serverNames
        let regions = names.compactMap { HostName($0).region }
        guard let known = regions.first, known.rawValue != token.region else { return nil }
        return known
    }

    /// The token is for a name or a port that the server does not have.
    var isOfOtherEndpoint: Bool {
        guard let token else { return false }
        let signed = HostName.normalised(token.host)
        let kind = HostName(signed).kind
        if kind == .custom || kind == .loopback || kind == .address || kind == .other { return true }
        if let port = token.port, let endpointPort, port != endpointPort { return true }
        // A verified certificate lists every name of the server's own (facts/aws.md section 3, number 10).
        if serverNames.contains(where: { HostName($0).isSignable }) {
            return !serverNames.contains { Self.covers($0, signed) }
        }
        let endpoint = HostName.normalised(endpoint)
        return HostName(endpoint).isSignable && endpoint != signed
    }

    /// The token is for the name and the port that were dialled, and the server's verified certificate has that name.
    var isEndpointProven: Bool {
        guard let token, dial == nil, tunnel == nil, sslmode == .verifyFull, !isOfOtherEndpoint,
            HostName(token.host).kind != .custom, token.port == nil || token.port == endpointPort
        else { return false }
        let signed = HostName.normalised(token.host)
        return signed == HostName.normalised(endpoint)
            && serverNames.contains { Self.covers($0, signed) }
    }

    /// AWS's time is known, and the token was signed with it.
    var isClockProven: Bool { token.map { $0.clockSkew != nil && $0.isClockCorrected } ?? false }

    /// What `signing_host` should be, where the token was for another name: empty where the host itself is right.
    var rightSigningHost: String? {
        guard isOfOtherEndpoint, let token else { return nil }
        let names = serverNames.map(HostName.normalised)
        let endpoint = HostName.normalised(endpoint)
        let port = endpointPort.map { token.port == nil || token.port == $0 } ?? true
        if HostName(endpoint).isSignable, HostName(endpoint).kind != .custom,
            names.isEmpty || names.contains(where: { Self.covers($0, endpoint) }),
            HostName.normalised(token.host) != endpoint || !port
        {
            return ""
        }
        return names.first { HostName($0).kind == .clusterWriter } ?? names.first { HostName($0).isSignable }
    }

    private static func covers(_ pattern: String, _ name: String) -> Bool {
        let pattern = HostName.normalised(pattern)
        guard pattern.hasPrefix("*.") else { return pattern == name }
        guard let dot = name.firstIndex(of: ".") else { return false }
        return name[dot...] == pattern.dropFirst()
    }
}

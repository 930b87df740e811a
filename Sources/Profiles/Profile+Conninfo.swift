extension Profile {
    /// The connection string of this profile, without any secret.
    ///
    /// The order is that of AWS's documented command and of design/cli.md: host, port, sslmode, sslrootcert,
    /// dbname, user, then hostaddr, connect_timeout, application_name, options, further parameters by name.
    /// A service comes before all, for the fields that are set to stand over it.
    ///
    /// - Parameters:
    ///   - hostaddr: the resolved address to dial instead of the endpoint.
    ///   - port: the port to dial there, whatever the profile or its service says.
    ///   - sslrootcert: the file of root certificates, the profile's own or pgfob's bundle.
    ///   - readOnly: whether transactions start read-only, through `options`.
    ///   - settings: of the server, through `options`; left out where the endpoint takes none.
    ///   - database: another database than the profile's.
    ///   - knownKeywords: what the loaded libpq knows; keywords beyond are left out. Nil keeps all.
    package func conninfo(
        hostaddr: String? = nil, port dialled: Int? = nil, sslrootcert: String? = nil,
        passfile: String? = nil, readOnly: Bool = false,
        settings more: [ServerSetting] = [], database: String? = nil, knownKeywords: Set<String>? = nil
    ) -> Conninfo {
        var settings: [Conninfo.Setting] = []
        func add(_ keyword: String, _ value: String?) {
            guard let value else { return }
            settings.append(Conninfo.Setting(keyword, value))
        }
        if auth == .service { add("service", service) }
        if !host.isEmpty { add("host", HostName.normalised(host)) }
        if let port = dialled ?? (says(.port) ? port : nil) { add("port", String(port)) }
        if decidesSSLMode { add("sslmode", sslmode.rawValue) }
        add("sslrootcert", sslrootcert ?? self.sslrootcert)
        if let database {
            add("dbname", database)
        } else if says(.database) {
            add("dbname", self.database)
        }
        add("user", user)
        add("hostaddr", hostaddr)
        add("connect_timeout", connectTimeout.map(String.init))
        add("application_name", applicationName)
        let more = readOnly && !more.contains(.readOnly) ? [.readOnly] + more : more
        add("options", options(more))
        let isGuarded = more.contains(.readOnly) && takesStartupOptions
        for (keyword, value) in furtherParameters {
            add(keyword, isGuarded ? Self.guarded(keyword, value) : value)
        }
        add("passfile", passfile)
        if let knownKeywords { settings.removeAll { !knownKeywords.contains($0.keyword) } }
        return Conninfo(settings: settings)
    }

    /// The same with an address that is dialled: its port stands in the place of the profile's and of its service's.
    package func conninfo(
        at address: DialAddress?, sslrootcert: String? = nil, readOnly: Bool = false,
        settings: [ServerSetting] = [], database: String? = nil
    ) -> Conninfo {
        conninfo(
            hostaddr: address?.host, port: address.flatMap { $0.port == 0 ? nil : $0.port },
            sslrootcert: sslrootcert, readOnly: readOnly, settings: settings, database: database)
    }

    /// What is dialled in the endpoint's place, as far as that is known before anything is opened: a name has no address
    /// yet, and a tunnel no port. Port 0 where only the service tells it.
    package var knownAddress: DialAddress? {
        guard tunnel == nil, let dial,
            let address = DialAddress(dial, defaultPort: says(.port) ? port : 0),
            HostName(address.host).isNumeric
        else { return nil }
        return address
    }

    /// With TCP keepalives where the profile says nothing of them: NAT gateways and load balancers drop what is idle
    /// for some minutes, without a word, and the system's own keepalives wait for two hours (facts/libpq.md).
    package var keptAlive: Profile {
        var profile = self
        let defaults = ["keepalives_idle": "60", "keepalives_interval": "10", "keepalives_count": "3"]
        profile.parameters.merge(defaults) { own, _ in own }
        return profile
    }

    /// The database, or where only the service's file tells it, the service as that file writes it: `[orders]`.
    package var databaseWords: String {
        guard let service, !says(.database) else { return database }
        return "[\(service)]"
    }

    /// Whether the endpoint takes startup options: RDS Proxy and DSQL refuse them (design/decisions.md).
    package var takesStartupOptions: Bool {
        // Of a profile by service the host may be the service's.
        let name = host.isEmpty ? parameters["host"] ?? "" : host
        let kind = HostName(signingHost ?? name).kind
        return kind != .proxy && kind != .dsql
    }

    private func options(_ more: [ServerSetting]) -> String? {
        guard takesStartupOptions else { return parameters["options"] }
        let all = [parameters["options"]].compactMap { $0 } + more.map(\.startupOption)
        return all.isEmpty ? nil : all.joined(separator: " ")
    }

    /// libpq judges a server by what it says of itself, and with the guard every server says that it is read-only:
    /// whoever asks for one that can write means the primary, and for one that cannot, a standby
    /// (facts/libpq.md 3.3).
    package static func guarded(_ keyword: String, _ value: String) -> String {
        guard keyword == "target_session_attrs" else { return value }
        switch value {
        case "read-write": return "primary"
        case "read-only": return "standby"
        default: return value
        }
    }

    private var furtherParameters: [(String, String)] {
        parameters.filter { $0.key != "options" }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// `pgfob/NAME`, cut to the 63 bytes that PostgreSQL keeps, in ASCII as it shows them: it replaces every other byte.
    ///
    /// What is not ASCII is one `?` in a row; where nothing would be left to read, the first word of the host stands for
    /// the name.
    package var ownApplicationName: String {
        var words = Self.ascii(name)
        if !words.contains(where: { $0.isLetter || $0.isNumber }) {
            let isName = !host.hasPrefix("/") && !HostName(host).isNumeric
            words = Self.ascii(String(isName ? host.prefix { $0 != "." } : host[...]))
        }
        return String((words.isEmpty ? "pgfob" : "pgfob/\(words)").prefix(63))
    }

    private static func ascii(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isPlain = (0x20..<0x7f).contains(scalar.value)
            if isPlain || result.last != "?" { result.unicodeScalars.append(isPlain ? scalar : "?") }
        }
        return result
    }
}

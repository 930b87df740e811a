extension Profile {
    /// The connection string of this profile, without any secret.
    ///
    /// The order is that of AWS's documented command and of design/cli.md: host, port, sslmode, sslrootcert,
    /// dbname, user, then hostaddr, connect_timeout, application_name, options, further parameters by name.
    /// A service comes before all, for the fields that are set to stand over it.
    ///
    /// - Parameters:
    ///   - hostaddr: the resolved address to dial instead of the endpoint.
    ///   - sslrootcert: the file of root certificates, the profile's own or pgfob's bundle.
    ///   - readOnly: whether transactions start read-only, through `options`.
    ///   - database: another database than the profile's.
    ///   - knownKeywords: what the loaded libpq knows; keywords beyond are left out. Nil keeps all.
    package func conninfo(
        hostaddr: String? = nil, sslrootcert: String? = nil, passfile: String? = nil, readOnly: Bool = false,
        database: String? = nil, knownKeywords: Set<String>? = nil
    ) -> Conninfo {
        var settings: [Conninfo.Setting] = []
        func add(_ keyword: String, _ value: String?) {
            guard let value else { return }
            settings.append(Conninfo.Setting(keyword, value))
        }
        let viaService = auth == .service
        if viaService { add("service", service) }
        if !host.isEmpty { add("host", HostName.normalised(host)) }
        // What a profile by service leaves at its default is the service's to say.
        if !viaService || port != Self.defaultPort { add("port", String(port)) }
        if !viaService || sslmode != .verifyFull { add("sslmode", sslmode.rawValue) }
        add("sslrootcert", sslrootcert ?? self.sslrootcert)
        if let database {
            add("dbname", database)
        } else if !viaService || self.database != Self.defaultDatabase {
            add("dbname", self.database)
        }
        add("user", user)
        add("hostaddr", hostaddr)
        add("connect_timeout", connectTimeout.map(String.init))
        add("application_name", applicationName)
        add("options", options(readOnly: readOnly))
        for (keyword, value) in furtherParameters { add(keyword, value) }
        add("passfile", passfile)
        if let knownKeywords { settings.removeAll { !knownKeywords.contains($0.keyword) } }
        return Conninfo(settings: settings)
    }

    /// Whether the endpoint takes startup options: RDS Proxy and DSQL refuse them (design/decisions.md).
    package var takesStartupOptions: Bool {
        let kind = HostName(signingHost ?? host).kind
        return kind != .proxy && kind != .dsql
    }

    private func options(readOnly: Bool) -> String? {
        let own = parameters["options"]
        guard readOnly, takesStartupOptions else { return own }
        let guardOption = "-c default_transaction_read_only=on"
        return own.map { "\($0) \(guardOption)" } ?? guardOption
    }

    private var furtherParameters: [(String, String)] {
        parameters.filter { $0.key != "options" }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// `pgfob/NAME`, cut to the 63 bytes that PostgreSQL keeps, in ASCII as it shows them.
    static func applicationName(for name: String) -> String {
        var text = "pgfob/"
        for scalar in name.unicodeScalars {
            text.unicodeScalars.append((0x20..<0x7f).contains(scalar.value) ? scalar : "?")
            if text.utf8.count == 63 { break }
        }
        return text
    }
}

extension Profile {
    /// Takes over what libpq read from a URI or a connection string.
    ///
    /// Keywords with a field fill it, others become parameters. A secret is dropped, a weaker sslmode is not
    /// taken for an RDS name, and both are said (design/decisions.md, "Refusals that protect").
    ///
    /// - Parameter settings: libpq's keywords with their values.
    /// - Returns: what was changed or left out, one line each.
    package mutating func apply(settings: [String: String]) -> [String] {
        var settings = settings
        var notes = WrittenHost.settle(&settings)
        // First: by it what is said is told from what is left to the service.
        if settings["service"] != nil, settings["host"] == nil { auth = .service }
        for (keyword, value) in settings.sorted(by: { $0.key < $1.key }) {
            if Parameters.secret.contains(keyword) {
                notes.append("\(keyword) dropped: pgfob stores no secret")
                continue
            }
            if keyword == "sslmode" { continue }
            do throws(FieldProblem) {
                if let field = Parameters.fields[keyword] {
                    try set(field, to: value)
                } else {
                    try FieldReader.judge(parameter: keyword, value: value)
                    parameters[keyword] = value
                }
            } catch {
                notes.append("\(error.field.rawValue) not taken: \(error.message)")
            }
        }
        notes += take(sslmode: settings["sslmode"])
        if auth == .iam, let login = Self.login(settings, to: host) { auth = login }
        return notes
    }

    /// Where and as whom to connect must be right in what libpq read, or it would be another connection than the one that
    /// was meant; what else is wrong is left out and told by ``apply(settings:)``.
    ///
    /// - Throws: ``FieldProblem`` for the first of them that cannot be.
    package func judge(placeIn settings: [String: String]) throws(FieldProblem) {
        for keyword in ["host", "port", "dbname", "user"] {
            guard let field = Parameters.fields[keyword], let value = settings[keyword] else { continue }
            var probe = self
            try probe.set(field, to: value)
        }
    }

    /// How a login that named a secret is made again without it; nil where it named none, or the host is one of RDS or
    /// DSQL, where the password may well have been a token.
    private static func login(_ settings: [String: String], to host: String) -> Authentication? {
        if settings["passfile"] != nil { return .pgpass }
        guard settings["password"] != nil, !host.isEmpty, !HostName(host).isSignable else { return nil }
        return .password
    }

    /// What is to be said of how the profile logs in, where what was pasted held a password, which is dropped.
    ///
    /// - Parameter settings: those that ``apply(settings:)`` took.
    package func remarks(onLoginOf settings: [String: String]) -> [String] {
        guard settings["password"] != nil else { return [] }
        return switch auth {
        case .iam where HostName(host).isSignable:
            [
                "auth is iam, as the host is of AWS: a token stands in the password's place (auth password asks for one)"
            ]
        case .password: ["auth is password: it is asked for where ~/.pgpass has none"]
        default: []
        }
    }

    /// Takes over what AWS's command for a token names; the login is IAM's.
    ///
    /// - Throws: ``FieldProblem`` for what cannot be read; the profile is unchanged then.
    package mutating func apply(token fields: [ProfileField: String]) throws(FieldProblem) {
        var profile = self
        profile.auth = .iam
        for field in ProfileField.allCases {
            if let text = fields[field] { try profile.set(field, to: text) }
        }
        self = profile
    }

    /// Takes over what signs a login whose place is known already; the endpoint that a token is for stands beside the host
    /// where they differ, as behind a tunnel.
    ///
    /// - Throws: ``FieldProblem`` for what cannot be read; the profile is unchanged then.
    package mutating func apply(signer fields: [ProfileField: String]) throws(FieldProblem) {
        var fields = fields
        let (endpoint, port) = (fields.removeValue(forKey: .host), fields.removeValue(forKey: .port))
        if let endpoint, HostName.normalised(endpoint) != HostName.normalised(host) {
            fields[.signingHost] = port.map { "\(endpoint):\($0)" } ?? endpoint
        }
        if user != nil { fields[.user] = nil }
        try apply(token: fields)
    }

    private mutating func take(sslmode text: String?) -> [String] {
        guard let text else { return [] }
        guard let mode = SSLMode(rawValue: text) else {
            return ["sslmode \"\(DialAddress.shown(text))\" not taken: unknown"]
        }
        guard HostName(host).isSignable, mode < sslmode else {
            try? set(.sslmode, to: mode.rawValue)
            return []
        }
        return ["sslmode \(mode.rawValue) not taken: \(sslmode.rawValue) protects the token"]
    }

    /// A name for one that has none: of the host, or of the service where that is all it has.
    package var suggestedName: String {
        host.isEmpty ? service ?? "" : Self.suggestedName(for: host)
    }

    /// A name made from the host, for profiles that were pasted without one: `orders-writer`, `orders-reader`,
    /// else the first label.
    package static func suggestedName(for host: String) -> String {
        let name = HostName(host)
        switch name.kind {
        case .clusterWriter, .globalWriter: return "\(name.name)-writer"
        case .clusterReader: return "\(name.name)-reader"
        case .custom: return "\(name.name)-custom"
        case .address, .loopback: return host
        default: return name.name.isEmpty ? host : name.name
        }
    }

    /// With the file of root certificates named as every folder finds it: a relative one was meant from `folder`.
    ///
    /// - Parameter old: what was saved before; a file that stands there already stays as it is.
    package func placed(in folder: String, from old: Profile? = nil) -> Profile {
        guard let file = sslrootcert, file != old?.sslrootcert, file != "system", !folder.isEmpty,
            !file.hasPrefix("/"), !file.hasPrefix("~")
        else { return self }
        var profile = self
        profile.sslrootcert = "\(folder)/\(file.hasPrefix("./") ? file.dropFirst(2) : file[...])"
        return profile
    }
}

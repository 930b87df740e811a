extension Profile {
    /// A field's value as text: what the form shows and ``set(_:to:)`` reads back.
    package func text(of field: ProfileField) -> String {
        switch field {
        case .name: name
        case .host: host
        case .port: says(.port) ? String(port) : ""
        case .database: says(.database) ? database : ""
        case .user: user ?? ""
        case .environment: environment?.word ?? ""
        case .group: group ?? ""
        case .auth: auth.rawValue
        case .service: service ?? ""
        case .awsProfile: awsProfile ?? ""
        case .region: region?.rawValue ?? ""
        case .sslmode: says(.sslmode) ? sslmode.rawValue : ""
        case .sslrootcert: sslrootcert ?? ""
        case .tunnel: tunnel ?? ""
        case .dial: dial ?? ""
        case .signingHost: signingHost ?? ""
        case .confirm: confirm?.rawValue ?? ""
        case .readOnly: readOnly.map { $0 ? "yes" : "no" } ?? ""
        case .connectTimeout: connectTimeout.map(String.init) ?? ""
        case .applicationName: applicationName ?? ""
        case .parameters: Conninfo(parameters.sorted { $0.key < $1.key }).keywordText
        case .tags: tags.joined(separator: ", ")
        case .notes: notes
        case .pinned: pinned ? "yes" : "no"
        }
    }

    /// Reads a field from text; an empty text clears what may be absent and resets what has a default.
    ///
    /// What a profile by service says although it is the default is told from what it leaves to the service only where
    /// ``auth`` was set before.
    ///
    /// - Throws: ``FieldProblem`` that says what was expected; the profile is unchanged then.
    package mutating func set(_ field: ProfileField, to text: String) throws(FieldProblem) {
        let reader = FieldReader(field: field, text: text)
        switch field {
        case .name: name = try reader.label(limit: 100) ?? ""
        case .host: host = try reader.host() ?? ""
        case .port:
            let given = try reader.port()
            port = given ?? Self.defaultPort
            note(field, given == Self.defaultPort)
        case .database:
            let given = try reader.database()
            database = given ?? Self.defaultDatabase
            note(field, given == Self.defaultDatabase)
        case .user: user = try reader.user()
        case .environment: environment = Environment(try reader.label(limit: 40) ?? "")
        case .group: group = try reader.line(limit: 100)
        case .auth: auth = try reader.choice() ?? .iam
        case .service: service = try reader.label(limit: 200)
        case .awsProfile: awsProfile = try reader.label(limit: 200)
        case .region: region = try reader.region()
        case .sslmode:
            let given: SSLMode? = try reader.choice()
            sslmode = given ?? .verifyFull
            note(field, given == .verifyFull)
        case .sslrootcert: sslrootcert = try reader.line(limit: 4096)
        case .tunnel: tunnel = try reader.tunnel()
        case .dial: dial = try reader.address()
        case .signingHost: signingHost = try reader.address()
        case .confirm: confirm = try reader.choice()
        case .readOnly: readOnly = try reader.flag()
        case .connectTimeout: connectTimeout = try reader.number(0...86_400)
        case .applicationName: applicationName = try reader.line(limit: 63)
        case .parameters: parameters = try reader.parameters()
        case .tags: tags = try reader.tags()
        case .notes: notes = try reader.notes()
        case .pinned: pinned = try reader.flag() ?? false
        }
    }

    private mutating func note(_ field: ProfileField, _ isSaidDefault: Bool) {
        if auth == .service, isSaidDefault { ownDefaults.insert(field) } else { ownDefaults.remove(field) }
    }

    /// Whether the profile itself decides a field. One by service leaves port, database and sslmode to the service where
    /// nobody has told it otherwise.
    package func says(_ field: ProfileField) -> Bool {
        guard auth == .service, !ownDefaults.contains(field) else { return true }
        return switch field {
        case .port: port != Self.defaultPort
        case .database: database != Self.defaultDatabase
        case .sslmode: sslmode != .verifyFull
        default: true
        }
    }

    /// Whether a service has no say in how far the certificate is checked: through a tunnel that is verify-full
    /// (design/decisions.md).
    package var decidesSSLMode: Bool { says(.sslmode) || tunnel != nil }

    /// What holds where the form's sslmode is left empty, for people. Short: at 80 columns 13 of them are its.
    package var unsaidSSLMode: String {
        auth == .service && tunnel == nil ? Self.byService : "(\(SSLMode.verifyFull.rawValue))"
    }

    private static let byService = "by service"

    /// How far the certificate is checked, for people; a service may say otherwise than verify-full.
    package var sslmodeWords: String { decidesSSLMode ? sslmode.rawValue : Self.byService }
}

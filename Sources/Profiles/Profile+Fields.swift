extension Profile {
    /// A field's value as text: what the form shows and ``set(_:to:)`` reads back.
    package func text(of field: ProfileField) -> String {
        switch field {
        case .name: name
        case .host: host
        case .port: String(port)
        case .database: database
        case .user: user ?? ""
        case .environment: environment?.word ?? ""
        case .group: group ?? ""
        case .auth: auth.rawValue
        case .service: service ?? ""
        case .awsProfile: awsProfile ?? ""
        case .region: region?.rawValue ?? ""
        case .sslmode: sslmode.rawValue
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
    /// - Throws: ``FieldProblem`` that says what was expected; the profile is unchanged then.
    package mutating func set(_ field: ProfileField, to text: String) throws(FieldProblem) {
        let reader = FieldReader(field: field, text: text)
        switch field {
        case .name: name = try reader.label(limit: 100) ?? ""
        case .host: host = try reader.host() ?? ""
        case .port: port = try reader.port() ?? Self.defaultPort
        case .database: database = try reader.database() ?? Self.defaultDatabase
        case .user: user = try reader.user()
        case .environment: environment = Environment(try reader.label(limit: 40) ?? "")
        case .group: group = try reader.line(limit: 100)
        case .auth: auth = try reader.choice() ?? .iam
        case .service: service = try reader.label(limit: 200)
        case .awsProfile: awsProfile = try reader.label(limit: 200)
        case .region: region = try reader.region()
        case .sslmode: sslmode = try reader.choice() ?? .verifyFull
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
}

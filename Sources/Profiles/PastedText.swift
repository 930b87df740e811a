/// What a paste into the form or an argument of `pgfob add` turns out to be.
package enum PastedText: Sendable, Hashable {
    /// A URI or keyword=value text, for libpq itself to read.
    case conninfo(String)
    /// What AWS's command for a token names; the login is IAM's.
    case token([ProfileField: String])
    /// An endpoint's host name, with a port where one was given.
    case endpoint(host: String, port: Int?)
    case unrecognised

    /// Longer texts are nothing that this reads.
    package static let limit = 20_000

    /// Recognises connection URIs (JDBC's too), `psql` command lines, keyword=value text, the documented
    /// `aws rds generate-db-auth-token` call and bare endpoints.
    package static func read(_ text: String) -> PastedText {
        guard text.utf8.count <= limit else { return .unrecognised }
        let trimmed = text.trimmingBlanks()
        guard !trimmed.isEmpty else { return .unrecognised }
        if let address = jdbc(trimmed) { return .conninfo(address.conninfo) }
        if let uri = uri(trimmed) { return .conninfo(uri) }
        let words = ShellWords.split(trimmed)
        if let inner = assigned(words ?? []) { return read(inner) }
        if let words = ShellWords.split(trimmed, ofFirstCommand: true), let command = command(words) {
            return isOpen(command) && ShellWords.expands(trimmed) ? .unrecognised : command
        }
        if trimmed.contains("="), let settings = Conninfo.read(trimmed), !settings.isEmpty,
            settings.contains(where: { Parameters.fields[$0.keyword] != nil })
        {
            return .conninfo(trimmed)
        }
        if words?.count == 1 { return endpoint(trimmed) }
        return .unrecognised
    }

    /// Why ``read(_:)`` does not recognise a text, as the end of a sentence that names it, and what to paste instead, where
    /// there is more to say than that it is none of all these.
    package static func refusal(of text: String) -> (what: String, remedy: String?) {
        guard !ShellWords.expands(text) else {
            return (
                "has a $ or a ` in it that only a shell fills in", "put the values themselves in their place"
            )
        }
        guard !text.trimmingBlanks().lowercased().hasPrefix("arn:") else {
            return WrittenHost.refusal(of: text)
        }
        return ("is no URI, psql command or endpoint", nil)
    }

    /// What a `psql` line signs its login with: the fields of AWS's command for a token that its password comes from; nil
    /// where it comes from elsewhere.
    package static func signer(of text: String) -> [ProfileField: String]? {
        guard text.utf8.count <= limit, text.contains("generate-db-auth-token"),
            let words = ShellWords.split(text.trimmingBlanks(), ofFirstCommand: true)
        else { return nil }
        for word in words where word.hasPrefix("PGPASSWORD=") {
            // `$(aws rds …)` or the same between backticks.
            let command = word.dropFirst(11).drop { "$(`".contains($0) || $0.isWhitespace }
                .split(whereSeparator: { ")`".contains($0) }).first
            guard let inner = command.flatMap({ ShellWords.split(String($0)) }),
                inner.contains("generate-db-auth-token"),
                case .token(let fields) = token(inner, [:])
            else { continue }
            return fields.filter { !ShellWords.expands($0.value) }
        }
        return nil
    }

    /// What ``read(_:)`` leaves out of a text that it recognises, one line each.
    package static func remarks(on text: String) -> [String] {
        guard text.utf8.count <= limit else { return [] }
        let trimmed = text.trimmingBlanks()
        return jdbc(assigned(ShellWords.split(trimmed) ?? []) ?? trimmed)?.remarks ?? []
    }

    /// A JDBC address; its parameters are the driver's, which libpq would refuse.
    private static func jdbc(_ text: String) -> JDBCAddress? {
        text.contains(where: \.isWhitespace) ? nil : JDBCAddress(text)
    }

    /// `DATABASE_URL=postgresql://…`, as `.env` files and `export` have it.
    private static func assigned(_ words: [String]) -> String? {
        let rest = words.first == "export" ? words.dropFirst() : words[...]
        guard rest.count == 1, let word = rest.first, let equals = word.firstIndex(of: "="),
            word[..<equals].contains(where: { $0.isASCII && $0.isUppercase }),
            word[..<equals].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else { return nil }
        let value = String(word[word.index(after: equals)...])
        return jdbc(value) != nil || uri(value) != nil ? value : nil
    }

    private static func uri(_ text: String) -> String? {
        guard !text.contains(where: \.isWhitespace) else { return nil }
        let lowered = text.lowercased()
        for scheme in ["postgresql+psycopg2://", "postgresql+psycopg://", "postgresql+asyncpg://"]
        where lowered.hasPrefix(scheme) {
            return "postgresql://" + text.dropFirst(scheme.count)
        }
        for scheme in ["postgresql://", "postgres://"] where lowered.hasPrefix(scheme) {
            return scheme + text.dropFirst(scheme.count)
        }
        return nil
    }

    /// Whether a part of where to connect may be what only a shell knows; a password is dropped anyhow.
    private static func isOpen(_ command: PastedText) -> Bool {
        let settings: [Conninfo.Setting] =
            switch command {
            case .conninfo(let text): Conninfo.read(text) ?? [.init("", text)]
            case .token(let fields): fields.map { .init($0.key.rawValue, $0.value) }
            case .endpoint, .unrecognised: []
            }
        return settings.contains {
            !Parameters.secret.contains($0.keyword) && ($0.value.contains("$") || $0.value.contains("`"))
        }
    }

    private static func command(_ all: [String]) -> PastedText? {
        var words = all[...]
        var settings: [Conninfo.Setting] = []
        // What a shell shows, and what people put before a command, is not the command.
        words = words.drop { ["$", "%", "env", "exec", "command", "time"].contains($0) }
        // Assignments before the command: libpq's own variables count, a password so that it is said to be dropped.
        var fields: [ProfileField: String] = [:]
        while let first = words.first, let equals = first.firstIndex(of: "="),
            first.hasPrefix("PG") || first.hasPrefix("AWS_")
        {
            let value = String(first[first.index(after: equals)...])
            let variable = String(first[..<equals])
            if variable == "PGPASSWORD", value.contains("generate-db-auth-token") {
                // Not a secret but a command that makes tokens: ``signer(of:)`` reads it.
            } else if let keyword = LibpqEnvironment.keyword(of: variable) {
                settings.append(.init(keyword, value))
            }
            if let field = awsVariables[variable] { fields[field] = value }
            words = words.dropFirst()
        }
        guard let program = words.first else { return nil }
        let name = program.split(separator: "/").last.map(String.init) ?? ""
        if name == "psql" { return psql(Array(words.dropFirst()), settings) }
        if name == "aws", words.contains("generate-db-auth-token") { return token(Array(words), fields) }
        return nil
    }

    /// The AWS CLI's variables that its options stand over (AWS CLI User Guide, "Environment variables").
    private static let awsVariables: [String: ProfileField] = [
        "AWS_PROFILE": .awsProfile, "AWS_REGION": .region, "AWS_DEFAULT_REGION": .region,
    ]

    private static func psql(_ words: [String], _ before: [Conninfo.Setting]) -> PastedText {
        var conninfo = Conninfo(settings: before)
        let keywords = ["host": "host", "port": "port", "username": "user", "dbname": "dbname"]
        var plain: [String] = []
        for word in PsqlArguments.words(of: words) {
            switch word {
            case .option(let name, let value, _):
                if let keyword = keywords[name], let value { conninfo[keyword] = value }
            case .plain(let text): plain.append(text)
            }
        }
        if let database = conninfo["dbname"], database.contains("=") || uri(database) != nil {
            // psql takes a whole connection string in the database's place.
            conninfo["dbname"] = nil
            plain.insert(database, at: 0)
        }
        if let first = plain.first {
            if let address = uri(first) {
                return .conninfo(completed(address, by: conninfo.settings))
            } else if first.contains("=") {
                guard !conninfo.settings.isEmpty, let inner = Conninfo.read(first) else {
                    return .conninfo(first)
                }
                for setting in inner { conninfo[setting.keyword] = setting.value }
            } else {
                // The first plain words stand for the database and the user that no option has named.
                for keyword in ["dbname", "user"] where conninfo[keyword] == nil && !plain.isEmpty {
                    conninfo[keyword] = plain.removeFirst()
                }
            }
        }
        return conninfo.settings.isEmpty ? .unrecognised : .conninfo(conninfo.keywordText)
    }

    /// A URI with what psql was told beside it: of both the URI's own word holds.
    private static func completed(_ uri: String, by others: [Conninfo.Setting]) -> String {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts[0].firstRange(of: "://").map { parts[0][$0.upperBound...] } ?? parts[0]
        let query = parts.count > 1 ? parts[1] : ""
        var said = Set(query.split(separator: "&").map { String($0.prefix { $0 != "=" }) })
        let authority = place.prefix { $0 != "/" }
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            host = authority[authority.index(after: at)...]
            said.insert("user")
            if authority[..<at].contains(":") { said.insert("password") }
        }
        if !host.isEmpty { said.insert("host") }
        // An address of IPv6 has colons of its own, in brackets.
        if host.split(separator: "]").last?.contains(":") == true { said.insert("port") }
        if place.count > authority.count + 1 { said.insert("dbname") }
        let more = others.filter { !said.contains($0.keyword) }
        guard !more.isEmpty else { return uri }
        let mark = parts.count == 1 ? "?" : query.isEmpty ? "" : "&"
        return uri + mark + Conninfo(settings: more).queryText.split(separator: "?", maxSplits: 1)[1]
    }

    private static func token(_ words: [String], _ before: [ProfileField: String]) -> PastedText {
        var fields = before
        let options: [String: ProfileField] = [
            "--hostname": .host, "--port": .port, "--username": .user, "--region": .region,
            "--profile": .awsProfile,
        ]
        for (index, word) in words.enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard let field = parts.first.flatMap({ options[$0] }) else { continue }
            if parts.count == 2 {
                fields[field] = parts[1]
            } else if index + 1 < words.count {
                fields[field] = words[index + 1]
            }
        }
        return (fields[.host] ?? "").isEmpty ? .unrecognised : .token(fields)
    }

    private static func endpoint(_ text: String) -> PastedText {
        guard let written = WrittenHost(text) else { return .unrecognised }
        let kind = HostName(written.host).kind
        // A bare word could be anything; a name with a dot, or an address, is meant as a host.
        guard kind != .other || written.host.contains(".") || written.port != nil else {
            return .unrecognised
        }
        return .endpoint(host: written.host, port: written.port)
    }
}

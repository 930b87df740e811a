/// What a paste into the form or an argument of `pgfob add` turns out to be.
package enum PastedText: Sendable, Hashable {
    /// A URI or keyword=value text, for libpq itself to read.
    case conninfo(String)
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
        if let uri = uri(trimmed) { return .conninfo(uri) }
        let words = ShellWords.split(trimmed)
        if let words, let command = command(words) {
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

    private static func uri(_ text: String) -> String? {
        guard !text.contains(where: \.isWhitespace) else { return nil }
        let lowered = text.lowercased()
        for scheme in [
            "jdbc:postgresql://", "postgresql+psycopg2://", "postgresql+psycopg://", "postgresql+asyncpg://",
        ]
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
        guard case .conninfo(let text) = command else { return false }
        let settings = Conninfo.read(text) ?? [.init("", text)]
        return settings.contains {
            !Parameters.secret.contains($0.keyword) && ($0.value.contains("$") || $0.value.contains("`"))
        }
    }

    private static func command(_ all: [String]) -> PastedText? {
        var words = all[...]
        var settings: [Conninfo.Setting] = []
        // Assignments before the command: libpq's own variables count, a password so that it is said to be dropped.
        let variables = [
            "PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "dbname",
            "PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert", "PGPASSWORD": "password",
        ]
        while let first = words.first, let equals = first.firstIndex(of: "="), first.hasPrefix("PG") {
            if let keyword = variables[String(first[..<equals])] {
                settings.append(.init(keyword, String(first[first.index(after: equals)...])))
            }
            words = words.dropFirst()
        }
        guard let program = words.first else { return nil }
        let name = program.split(separator: "/").last.map(String.init) ?? ""
        if name == "psql" { return psql(Array(words.dropFirst()), settings) }
        if name == "aws", words.contains("generate-db-auth-token") { return generated(Array(words)) }
        return nil
    }

    private static func psql(_ words: [String], _ before: [Conninfo.Setting]) -> PastedText {
        var conninfo = Conninfo(settings: before)
        let options: [(short: String, long: String, keyword: String)] = [
            ("-h", "--host", "host"), ("-p", "--port", "port"), ("-U", "--username", "user"),
            ("-d", "--dbname", "dbname"),
        ]
        // Options of psql's own that take a word, which must not be taken for a database's name.
        let others: Set<String> = ["-c", "-f", "-o", "-v", "-F", "-R", "-L", "-P", "-T"]
        var plain: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if let option = options.first(where: { $0.short == word || $0.long == word }) {
                if let value = rest.popFirst() { conninfo[option.keyword] = value }
            } else if let option = options.first(where: { word.hasPrefix($0.long + "=") }) {
                conninfo[option.keyword] = String(word.dropFirst(option.long.count + 1))
            } else if let option = options.first(where: { word.hasPrefix($0.short) && word.count > 2 }) {
                conninfo[option.keyword] = String(word.dropFirst(2))
            } else if others.contains(word) {
                _ = rest.popFirst()
            } else if !word.hasPrefix("-") {
                plain.append(word)
            }
        }
        if let database = conninfo["dbname"], database.contains("=") || uri(database) != nil {
            // psql takes a whole connection string in the database's place.
            conninfo["dbname"] = nil
            plain.insert(database, at: 0)
        }
        if let first = plain.first {
            if uri(first) != nil || first.contains("=") {
                if conninfo.settings.isEmpty { return .conninfo(uri(first) ?? first) }
                if let inner = Conninfo.read(first) {
                    for setting in inner { conninfo[setting.keyword] = setting.value }
                } else {
                    return .conninfo(uri(first) ?? first)
                }
            } else {
                // The first plain words stand for the database and the user that no option has named.
                for keyword in ["dbname", "user"] where conninfo[keyword] == nil && !plain.isEmpty {
                    conninfo[keyword] = plain.removeFirst()
                }
            }
        }
        return conninfo.settings.isEmpty ? .unrecognised : .conninfo(conninfo.keywordText)
    }

    private static func generated(_ words: [String]) -> PastedText {
        var conninfo = Conninfo()
        let options = ["--hostname": "host", "--port": "port", "--username": "user"]
        for (index, word) in words.enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard let keyword = parts.first.flatMap({ options[$0] }) else { continue }
            if parts.count == 2 {
                conninfo[keyword] = parts[1]
            } else if index + 1 < words.count {
                conninfo[keyword] = words[index + 1]
            }
        }
        return conninfo["host"] == nil ? .unrecognised : .conninfo(conninfo.keywordText)
    }

    private static func endpoint(_ text: String) -> PastedText {
        guard let address = DialAddress(text, defaultPort: 0) else { return .unrecognised }
        let kind = HostName(address.host).kind
        // A bare word could be anything; a name with a dot, or an address, is meant as a host.
        guard kind != .other || address.host.contains(".") || address.port != 0 else { return .unrecognised }
        return .endpoint(host: address.host, port: address.port == 0 ? nil : address.port)
    }
}

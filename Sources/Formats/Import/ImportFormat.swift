import Profiles

/// The files that profiles are read from; the words are those of `pgfob import --format`.
package enum ImportFormat: String, Sendable, Hashable, CaseIterable {
    case json, service, uri, psql, pgpass, pgadmin, dbeaver, datagrip, pgcli, csv

    /// For people.
    package var words: String {
        switch self {
        case .json: "pgfob's JSON"
        case .service: "pg_service.conf"
        case .uri: "connection URIs"
        case .psql: "psql commands"
        case .pgpass: ".pgpass"
        case .pgadmin: "pgAdmin"
        case .dbeaver: "DBeaver"
        case .datagrip: "DataGrip"
        case .pgcli: "pgcli"
        case .csv: "CSV"
        }
    }

    /// What a text is, by what stands in it; the file's name where that leaves it open. Nil for none of them.
    package static func detect(_ text: String, path: String = "") -> ImportFormat? {
        let start = text.prefix(4000).trimmingBlanks()
        guard let first = start.first else { return named(path) }
        switch first {
        case "<": return .datagrip
        case "[" where start.dropFirst().trimmingBlanks().first.map { "{][".contains($0) } == true:
            return .json
        case "{": return object(text)
        case "/" where start.hasPrefix("//") || start.hasPrefix("/*"): return object(text)
        default: break
        }
        if start.hasPrefix("#DataSourceSettings#") { return .datagrip }
        let lines = text.split(separator: "\n").lazy.map { $0.trimmingBlanks() }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") }
        guard let line = lines.first else { return named(path) }
        if line.hasPrefix("[") {
            return text.contains("[alias_dsn]") || text.contains("[ alias_dsn ]") ? .pgcli : .service
        }
        let lowered = line.lowercased()
        if lowered.hasPrefix("postgres") && lowered.contains("://") || lowered.hasPrefix("jdbc:") {
            return .uri
        }
        if let words = ShellWords.split(line),
            words.contains(where: { $0 == "psql" || $0.hasSuffix("/psql") })
        {
            return .psql
        }
        if lowered.hasPrefix("psql") || lowered.hasPrefix("pg") && lowered.contains("psql ") { return .psql }
        if CSVTable.separator(of: line) != nil { return .csv }
        let cells = lowered.split { ",;\t".contains($0) }.map { $0.trimmingBlanks() }
        if cells.count > 1,
            cells.contains(where: { ["host", "hostname", "endpoint", "server"].contains($0) })
        {
            return .csv
        }
        if named(path) == .pgpass
            || lines.prefix(20).contains(where: {
                $0.count { $0 == ":" } >= 4 && !$0.contains("://") && !$0.hasPrefix("arn:")
            })
        {
            return .pgpass
        }
        switch PastedText.read(line) {
        case .conninfo, .token: return .uri
        case .endpoint(let host, _) where host.contains("."): return .uri
        default: return named(path)
        }
    }

    private static func named(_ path: String) -> ImportFormat? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        switch name {
        case ".pgpass", "pgpass.conf", "pgpass": return .pgpass
        case ".pg_service.conf", "pg_service.conf": return .service
        case "data-sources.json": return .dbeaver
        case "dataSources.xml": return .datagrip
        default:
            if name.hasSuffix(".csv") { return .csv }
            return name.hasSuffix(".jsonl") ? .json : nil
        }
    }

    /// An object is pgfob's unless it is what only another program writes.
    private static func object(_ text: String) -> ImportFormat {
        // pgfob's own have a line for each profile: the first tells, without the rest being read.
        if let line = text.split(separator: "\n").first, let tree = JSONTree(line.utf8), tree["name"] != nil {
            return .json
        }
        let hasServers = text.contains("\"Servers\"")
        let hasConnections = text.contains("\"connections\"") || text.contains("'connections'")
        guard hasServers || hasConnections else { return .json }
        return hasServers && !(hasConnections && text.contains("\"provider\"")) ? .pgadmin : .dbeaver
    }

    /// Reads a text of this format.
    ///
    /// - Parameter beside: the text of a file of that name in the same folder; nil where there is none.
    package func read(
        _ text: String, maker: ProfileMaker, knownKeywords: Set<String>,
        beside: (String) -> String? = { _ in nil }
    ) -> ImportReading {
        let reading: ForeignReading
        switch self {
        case .json: return Self.own(text)
        case .service: reading = ServiceFile.read(text, knownKeywords: knownKeywords)
        case .uri, .psql: reading = ConnectionLines.read(text)
        case .pgpass: reading = PasswordFileReader.read(text)
        case .pgadmin: reading = PgAdminServers.read(text)
        case .dbeaver: reading = DBeaverSources.read(text)
        case .datagrip: reading = DataGripSources.read(text, beside: beside)
        case .pgcli: reading = PgcliAliases.read(text)
        case .csv: reading = ProfileCSV.read(text)
        }
        return maker.profiles(of: reading)
    }

    private static func own(_ text: String) -> ImportReading {
        let json = ProfileJSON.read(text)
        var reading = ImportReading()
        reading.problems = json.problems
        reading.notes = json.notes
        reading.drafts = zip(json.profiles, json.places).map {
            .init(profile: $0, place: $1, notes: [], isNamed: true)
        }
        return reading
    }
}

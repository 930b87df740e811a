/// The files that profiles are written to; the words are those of `pgfob export --format`.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    case json, service, pgadmin, uri, psql, csv

    /// The one to read it back.
    package var imported: ImportFormat {
        switch self {
        case .json: .json
        case .service: .service
        case .pgadmin: .pgadmin
        case .uri: .uri
        case .psql: .psql
        case .csv: .csv
        }
    }

    /// The one that a file's name asks for; JSON where it asks for none.
    package static func named(_ path: String) -> ExportFormat {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if name.hasSuffix("pg_service.conf") { return .service }
        if name == "servers.json" { return .pgadmin }
        return name.hasSuffix(".csv") ? .csv : .json
    }
}

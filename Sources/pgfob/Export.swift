#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations

/// `pgfob export`: profiles for another pgfob or another program, without secrets.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print profiles for another pgfob, or for another program.",
        discussion: """
            json for `pgfob import`; service for pg_service.conf; pgadmin for servers.json, with `pgfob token` as its \
            password command; uri, psql and csv. No secret is among them: none is stored. `pgfob import` reads each of \
            them back the same.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json, service, pgadmin, uri, psql, csv
    }

    @Option(help: ArgumentHelp("What to write.", valueName: "format")) var format = Format.json
    @Argument(help: "What to keep, as for list.") var filter: [String] = []
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let profiles = try session.book.matching(filter.joined(separator: " "), now: Date()).map(\.profile)
        let text = Exporter(session.plainSurroundings).text(of: profiles, format: format.rawValue)
        if !text.isEmpty { Output.print(text) }
    }
}

import ArgumentParser
import Operations
import Profiles

/// `pgfob conninfo`: the connection string, never with a secret.
struct ConninfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conninfo", abstract: "Print the connection string.",
        discussion:
            "It never holds the secret. A name that the profile dials is resolved, as for env and exec.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case keyword, uri, psql
    }

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @Option(help: "keyword, uri or psql.") var format = Format.keyword
    @Flag(help: "All three as a JSON object.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let profile = try session.book.named(name).profile
        let surroundings = try session.surroundings()
        let conninfo = try SessionPreparer(surroundings, mint: TokenMint(surroundings)).conninfo(profile)
        guard !json else {
            let settings = conninfo.settings.map { JSONText.Member($0.keyword, .string($0.value)) }
            Output.print(
                JSONText.object([
                    .init("profile", .string(profile.name)), .init("keyword", .string(conninfo.keywordText)),
                    .init("uri", .string(conninfo.uriText)), .init("psql", .string(conninfo.psqlText)),
                    .init("settings", .object(settings)),
                ]).text)
            return
        }
        switch format {
        case .keyword: Output.print(conninfo.keywordText)
        case .uri: Output.print(conninfo.uriText)
        case .psql: Output.print(conninfo.psqlText)
        }
    }
}

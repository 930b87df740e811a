#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser

/// `pgfob export`: profiles for another pgfob, without secrets.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print profiles for `pgfob import`.",
        discussion: "No secret is among them: none is stored."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json
    }

    @Option(help: "json.") var format = Format.json
    @Argument(help: "What to keep, as for list.") var filter: [String] = []
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let text = try Session.open().book.exportJSON(filter.joined(separator: " "), now: Date())
        if !text.isEmpty { Output.print(text) }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations

/// `pgfob import`: profiles from a file, in one transaction.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Save the profiles of a file.",
        discussion: "JSON: one object a line, or one array. - reads stdin. No secret is ever stored.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case auto, json
    }

    @Argument(help: "The file, or - for stdin.") var file: String
    @Option(help: "auto or json.") var format = Format.auto
    @Flag(help: "Only tell what would come in.") var dryRun = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let text = try TextFile.read(file)
        let summary = try Session.open().book.importJSON(text, dryRun: dryRun)
        for note in summary.notes { Output.remark("pgfob: \(note)") }
        for problem in summary.problems { Output.complain(problem) }
        let count = summary.added.count
        Output.print("\(dryRun ? "would import" : "imported") \(count) profile\(count == 1 ? "" : "s")")
        if !summary.problems.isEmpty { throw ProgramEnd(code: 1) }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles
import Screen

/// `pgfob list`: the profiles, a line each.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List profiles.",
        discussion: """
            FILTER: words, env:prod, tag:x, group:x, region:x, test:ok, test:fail, test:none, test:STAGE or test:CAUSE \
            (of the last test), !stale (not tested in the last day).
            """)

    @Argument(help: "What to keep.") var filter: [String] = []
    @Flag(help: "One JSON object a line.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let book = session.book
        let wanted = filter.joined(separator: " ")
        guard try book.isThere() else {
            // Nothing is made by looking.
            if session.places.storeIsNamed {
                Output.warn("the store \(session.places.store) is not there yet: `pgfob add` makes it")
            } else if Output.isTerminal, !json {
                Output.remark(Self.emptiness(wanted))
            }
            return
        }
        guard !json else {
            let text = try book.listJSON(wanted, now: Date())
            if !text.isEmpty { Output.print(text) }
            return
        }
        let profiles = try book.matching(wanted, now: Date())
        let mint = TokenMint(try session.surroundings())
        let rows = profiles.map { Self.cells($0, mint.effective($0.profile).environment) }
        let header = ["NAME", "ENV", "AUTH", "USER@DB", "REGION", "TEST", "ENDPOINT"]
        guard !rows.isEmpty else {
            if Output.isTerminal {
                Output.remark(Self.emptiness(wanted))
            }
            return
        }
        let widths = header.indices.map { column in
            ([header] + rows).map { DisplayText.width($0[column]) }.max() ?? 0
        }
        for row in [header] + rows {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - DisplayText.width(cell)))
            }
            Output.print(cells.joined(separator: "  ").trimmingBlanks())
        }
    }

    private static func emptiness(_ wanted: String) -> String {
        wanted.isEmpty ? "no profiles yet: `pgfob add` makes one" : "no profile matches"
    }

    private static func cells(_ saved: SavedProfile, _ environment: Environment?) -> [String] {
        let profile = saved.profile
        let region = profile.region ?? HostName(profile.host).region
        let test = saved.lastTest.map { test in
            test.passed ? "ok" : "\(test.outcome)\(test.failedStage.map { " \($0)" } ?? "")"
        }
        return [
            profile.name, environment?.badge ?? "-", profile.auth.badge,
            "\(profile.user.map { "\($0)@" } ?? "")\(profile.databaseWords)", region?.rawValue ?? "-",
            test ?? "-",
            profile.host.isEmpty ? "service \(profile.service ?? "")" : "\(profile.host):\(profile.port)",
        ].map(DisplayText.sanitised)
    }
}

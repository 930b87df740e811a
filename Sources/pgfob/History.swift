#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations

/// `pgfob history`: what happened to a profile, or to all of them.
struct History: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List past tests and sessions, those through the proxy among them, the latest first.",
        discussion: """
            Who opened what, when, for how long and with which end; no SQL and no secret. What goes on is "open"; a \
            session whose pgfob was killed is "unknown" from the next start on. The latest 200 of each kind and \
            profile are kept.
            """)

    @Argument(help: "Which profile; all of them where absent.", completion: Completion.profiles) var name:
        String?
    @Option(parsing: .unconditional, help: "At most so many.") var limit = 200
    @Flag(help: "One JSON object a line.") var json = false
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000000") }
    }

    func run() throws {
        let book = try Session.open().book
        book.closeLost()
        let listing = try book.listing(of: name, limit: limit)
        if json {
            for (entry, profile) in listing.entries { Output.print(entry.jsonLine(profile: profile)) }
        } else {
            for line in listing.lines { Output.print(line) }
            if let summary = listing.summary { Output.print(summary) }
        }
    }
}

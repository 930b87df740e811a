#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Diagnosis
import Operations
import Profiles

/// `pgfob history`: what happened to a profile, or to all of them.
struct History: ParsableCommand {
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
    @Option(help: "At most so many.") var limit = 200
    @Flag(help: "One JSON object a line.") var json = false
    @OptionGroup var globals: GlobalOptions

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000000") }
    }

    func run() throws {
        let book = try Session.open().book
        book.closeLost()
        var names: [UUID: String] = [:]
        var id: UUID?
        if let name {
            let saved = try book.named(name)
            id = saved.id
            names[saved.id] = saved.profile.name
        } else {
            for saved in try book.trashed() { names[saved.id] = saved.profile.name }
            for saved in try book.live() { names[saved.id] = saved.profile.name }
        }
        let entries = try book.history(of: id, limit: limit)
        for entry in entries {
            let profile = names[entry.profileID]
            Output.print(json ? entry.jsonLine(profile: profile) : Self.line(entry, profile ?? "(deleted)"))
        }
        guard !json, id != nil, !entries.isEmpty else { return }
        let latency = LatencyHistory(entries)
        if let half = latency.percentile(50), let most = latency.percentile(95) {
            Output.print(
                "\(latency.sparkline)  p50 \(TestReport.duration(half)), p95 \(TestReport.duration(most)) of "
                    + "\(latency.good) good \(latency.good == 1 ? "test" : "tests")")
        }
    }

    /// Of the proxy: what the client called itself.
    private static func client(_ entry: HistoryEntry) -> String {
        guard entry.kind == .proxy, let detail = entry.detail.flatMap({ JSONTree($0.utf8) }) else {
            return ""
        }
        let name = detail["application"]?.string.map { $0.isEmpty ? "" : "  \($0)" } ?? ""
        let count = detail["sessions"]?.number.map { $0 > 1 ? "  \(Int($0)) sessions" : "" } ?? ""
        return name + count
    }

    /// Of a session: the program and its end, whose session it was, and who opened it.
    private static func session(_ entry: HistoryEntry) -> String {
        guard [.session, .run].contains(entry.kind), let detail = entry.detail.flatMap({ JSONTree($0.utf8) })
        else { return "" }
        func number(_ name: String) -> Int? { detail[name]?.number.map { Int($0) } }
        var words = [detail["program"]?.string ?? number("statements").map { "\($0) SQL" } ?? ""]
        if let code = number("exit_code") { words.append("exit \(code)") }
        if let signal = number("signal") { words.append("killed by signal \(signal)") }
        if entry.outcome == HistoryEntry.unknownEnd { words.append("not known how it ended") }
        let user = detail["user"]?.string.map { "\($0)@" } ?? ""
        words.append(user + (detail["database"]?.string ?? ""))
        if detail["read_only"]?.scalarText == "yes" { words.append("read-only") }
        if let by = detail["opened_by"]?.string { words.append("by \(by)") }
        return "  " + words.joined(separator: "  ")
    }

    /// `2026-11-24T14:03:58Z  orders  test  ok  23 ms`.
    private static func line(_ entry: HistoryEntry, _ name: String) -> String {
        let place = entry.failedStage.map { " \($0)" } ?? ""
        let took = entry.milliseconds.map { "  \(TestReport.duration($0))" } ?? ""
        let cause = entry.cause.map { "  \($0)" } ?? ""
        return
            "\(Timestamp.rfc3339(entry.at))  \(name)  \(entry.kind.rawValue)  \(entry.outcome)\(place)\(took)\(cause)\(client(entry))\(session(entry))"
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles

/// What happened to a profile, or to all of them, as command line and screen list it.
package struct HistoryListing: Sendable {
    /// The latest first, each with the name of its profile; nil where that is gone and its name not known.
    package let entries: [(entry: HistoryEntry, profile: String?)]
    /// How fast one profile's good tests were; nil where there are none, or more profiles than one.
    package let summary: String?

    init(_ entries: [HistoryEntry], names: [UUID: String], isOfOne: Bool) {
        self.entries = entries.map { ($0, names[$0.profileID] ?? $0.name) }
        let latency = LatencyHistory(entries)
        if isOfOne, let half = latency.percentile(50), let most = latency.percentile(95) {
            summary =
                "\(latency.sparkline)  p50 \(TestReport.duration(half)), p95 \(TestReport.duration(most)) of "
                + "\(latency.good) good \(latency.good == 1 ? "test" : "tests")"
        } else {
            summary = nil
        }
    }

    /// One for each entry, their times in UTC.
    package var lines: [String] {
        entries.map { Self.line($0.entry, $0.profile ?? "(deleted)", Timestamp.rfc3339($0.entry.at)) }
    }

    /// The same in local time, `2026-11-24 14:03:58`.
    ///
    /// - Parameter offset: seconds that it is ahead of UTC at an instant.
    package func lines(aheadBy offset: (Date) -> Int) -> [String] {
        entries.map { entry, profile in
            let local = entry.at.addingTimeInterval(Double(offset(entry.at)))
            let time = Timestamp.rfc3339(local).replacing("T", with: " ").replacing("Z", with: "")
            return Self.line(entry, profile ?? "(deleted)", time)
        }
    }

    /// Of a session: the program or the proxy's client and its end, whose session it was, and who opened it.
    private static func session(_ entry: HistoryEntry) -> String {
        guard entry.kind != .test, let detail = entry.detail.flatMap({ JSONTree($0.utf8) }) else { return "" }
        func number(_ name: String) -> Int? { detail[name]?.number.map { Int($0) } }
        let what = detail["program"]?.string ?? detail["application"]?.string
        var words = [what ?? number("statements").map { "\($0) SQL" } ?? ""]
        if let count = number("sessions"), count > 1 { words.append("\(count) sessions") }
        if let code = number("exit_code") { words.append("exit \(code)") }
        if let signal = number("signal") { words.append("killed by signal \(signal)") }
        if let end = detail["ended_by"]?.string, end != "client" { words.append("ended by the \(end)") }
        if entry.outcome == HistoryEntry.unknownEnd { words.append("not known how it ended") }
        let user = detail["user"]?.string.map { "\($0)@" } ?? ""
        words.append(user + (detail["database"]?.string ?? ""))
        if let role = detail["role"]?.string { words.append("as \(role)") }
        if detail["read_only"]?.scalarText == "yes" { words.append("read-only") }
        if let by = detail["opened_by"]?.string { words.append("by \(by)") }
        return words.filter { !$0.isEmpty }.map { "  \($0)" }.joined()
    }

    /// `2026-11-24T14:03:58Z  orders  test  ok  23 ms`.
    private static func line(_ entry: HistoryEntry, _ name: String, _ time: String) -> String {
        let place = entry.failedStage.map { " \($0)" } ?? ""
        let took = entry.milliseconds.map { "  \(TestReport.duration($0))" } ?? ""
        let cause = entry.cause.map { "  \($0)" } ?? ""
        return
            shown(
                "\(time)  \(name)  \(entry.kind.rawValue)  \(entry.outcome)\(place)\(took)\(cause)\(session(entry))"
            )
    }

    /// An entry is one line, whatever a program or a client calls itself; what is not seen is shown by its number.
    private static func shown(_ line: String) -> String {
        VisibleText.line(line.unicodeScalars.reduce(into: "") { $0 += $1 == "\n" ? "\\n" : String($1) })
    }
}

extension ProfileBook {
    /// Past tests and sessions.
    ///
    /// - Parameter name: whose, one in the trash where no other has the name, and then those that once had it; all
    ///   profiles' where nil.
    /// - Throws: ``Refusal`` where there is no profile of that name or the store cannot be read.
    package func listing(of name: String?, limit: Int) throws(Refusal) -> HistoryListing {
        var names: [UUID: String] = [:]
        for saved in try trashed() { names[saved.id] = saved.profile.name }
        for saved in try live() { names[saved.id] = saved.profile.name }
        let ids = try name.map { (name) throws(Refusal) in try remembered(name) }
        return HistoryListing(try history(of: ids, limit: limit), names: names, isOfOne: ids?.count == 1)
    }

    /// The live profile of that name; where there is none, the one that went to the trash last, and else those that had
    /// the name when something happened to them.
    private func remembered(_ name: String) throws(Refusal) -> Set<UUID> {
        do {
            return [try named(name).id]
        } catch {
            let folded = Profile.fold(name)
            if let gone = try trashed().first(where: { $0.profile.foldedName == folded }) { return [gone.id] }
            let once = try profiles(onceNamed: folded)
            guard !once.isEmpty else { throw error }
            return once
        }
    }
}

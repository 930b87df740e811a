/// The tests of a profile that are remembered, the latest first: how long they took, and how they ended.
package struct LatencyHistory: Sendable, Hashable {
    /// So many are drawn; the percentiles are of all.
    package static let shown = 30
    /// So many are kept of a profile.
    package static let kept = 200

    package var entries: [HistoryEntry]

    package init(_ entries: [HistoryEntry]) {
        self.entries = Array(entries.filter { $0.kind == .test }.prefix(Self.kept))
    }

    /// Takes one more.
    package mutating func add(_ entry: HistoryEntry) {
        entries = Array(([entry] + entries).prefix(Self.kept))
    }

    private var times: [Double] {
        entries.filter { $0.outcome == "ok" }.compactMap(\.milliseconds).sorted()
    }

    /// How many good tests the percentiles are of.
    package var good: Int { times.count }

    /// A percentile of the times of good tests by nearest rank; nil where there are none.
    package func percentile(_ percent: Int) -> Double? {
        let times = times
        guard !times.isEmpty else { return nil }
        return times[max(0, (times.count * percent + 99) / 100 - 1)]
    }

    /// The times from the oldest to the latest, a letter each, in letters that every terminal has at one column:
    /// the higher the ink the longer it took, `x` for a test that failed.
    package var sparkline: String {
        let levels = Array("_.-=*#")
        let entries = entries.prefix(Self.shown)
        let times = entries.filter { $0.outcome == "ok" }.compactMap(\.milliseconds).sorted()
        guard let least = times.first, let most = times.last else {
            return String(repeating: "x", count: entries.count)
        }
        // Differences that nobody would feel are none.
        let span = max(most - least, 0.25 * least, 1)
        return String(
            entries.reversed().map { entry in
                guard entry.outcome == "ok", let time = entry.milliseconds else { return "x" }
                let place = Int((time - least) / span * Double(levels.count - 1) + 0.5)
                return levels[min(max(0, place), levels.count - 1)]
            })
    }
}

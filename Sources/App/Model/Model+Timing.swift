#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Screen

extension Model {
    /// The profile whose past tests are shown and not known, or not up to date; nil where there is none.
    package func wantedHistory(size: Size) -> UUID? {
        let layout = ListLayout(size: size, showsDetail: showsDetail)
        guard !layout.isTooSmall, layout.detailColumns > 0 || layout.detailRows > 4,
            let saved = list.selected,
            let tested = saved.lastTest?.testedAt
        else { return nil }
        guard let known = histories[saved.id], let latest = known.entries.first?.at else { return saved.id }
        // Another program has tested it meanwhile.
        return tested.timeIntervalSince(latest) > 0.5 ? saved.id : nil
    }

    /// The next instant at which something shown changes by itself; nil while nothing does. Before it there is
    /// nothing to paint unless something else happens.
    package func nextChange(size: Size) -> Date? {
        let layout = ListLayout(size: size, showsDetail: showsDetail)
        guard !layout.isTooSmall else { return nil }
        var changes: [Date] = []
        let showsLast =
            ListColumns(width: layout.columnsWidth, choice: columns, hasTunnels: list.hasTunnels).last != nil
        let top = list.top(height: layout.listRows)
        for number in top..<max(top, min(list.rows.count, top + layout.listRows)) {
            guard case .profile(let place) = list.rows[number] else { continue }
            let cells = ProfileCells(place, self)
            if let change = cells.nextChange(showsLastUsed: showsLast) { changes.append(change) }
        }
        if layout.detailRows + layout.detailColumns > 0, let place = list.selectedPlace {
            // The detail shows the same instants as the row, which may have scrolled out of a tiny list.
            if let change = ProfileCells(place, self).nextChange(showsLastUsed: true) {
                changes.append(change)
            }
        }
        if let profile = selectedProfile, let outlook = outlook(of: profile),
            outlook.session?.renewsItself != true,
            let end = outlook.session?.endsAt ?? outlook.credentialsEndAt, end > now
        {
            changes.append(min(end, TimeText.remainingChange(now: now)))
        }
        if let change = workChange { changes.append(change) }
        if let end = status?.end { changes.append(end) }
        if let run = shownRun, run.isRunning { changes.append(TimeText.date(TimeText.seconds(now) + 1)) }
        return changes.min()
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// The profiles as the list shows them: grouped, sorted, filtered and folded, with the cursor.
///
/// What follows from the profiles, the filter and the folds is worked out when one of these changes, never
/// when the cursor moves, so that a move costs what is visible and not what is saved.
struct ProfileList: Sendable {
    private(set) var saved: [SavedProfile] = []
    private(set) var places: [UUID: Int] = [:]
    private(set) var groups: [ListGroup] = []
    private(set) var awsProfiles: Set<String> = []
    private(set) var rows: [ListRow] = []
    private(set) var filter = ""
    /// Profiles that the filter lets through.
    private(set) var matchCount = 0
    private(set) var folded: Set<GroupKey> = []
    private(set) var selection: ListSelection?
    /// The row of the selection.
    private(set) var selectedRow: Int?
    /// The uppermost row shown; what is shown is clamped to the screen by ``top(height:)``.
    private(set) var scroll = 0
    /// How many profiles each group has, and all of them, while only the first are here.
    private var counts: [GroupKey: Int]?
    /// Built when the first filter is typed.
    private var filterKeys: [FilterKey] = []
    private var groupOfPlace: [Int] = []

    var isFiltering: Bool { !ProfileFilter(filter).isEmpty }

    var selected: SavedProfile? {
        guard case .profile(let id) = selection, let place = places[id] else { return nil }
        return saved[place]
    }

    func profile(_ id: UUID) -> SavedProfile? { places[id].map { saved[$0] } }

    /// Where the selected profile stands among those shown, from 1; nil on a group's line.
    var ordinal: Int? {
        guard let row = selectedRow, case .profile(let place) = rows[row] else { return nil }
        var before = 0
        for group in groups[..<groupOfPlace[place]] { before += group.visible.count }
        guard let header = groups[groupOfPlace[place]].headerRow else { return nil }
        return before + row - header
    }

    func isOpen(_ group: ListGroup) -> Bool { isFiltering || !folded.contains(group.key) }

    /// How many profiles there are, also those that are still being read.
    var count: Int { counts.map { $0.values.reduce(0, +) } ?? saved.count }

    /// How many of them belong to a group.
    func count(of group: ListGroup) -> Int { counts?[group.key] ?? group.members.count }

    // MARK: What changes the rows

    /// Takes the first profiles of a list whose rest is to come.
    mutating func replace(_ page: FirstPage, now: Date) {
        replace(page.profiles, now: now)
        guard !page.isWhole else { return }
        counts = Dictionary(page.counts.map { (GroupKey($0.environment), $0.profiles) }, uniquingKeysWith: +)
        matchCount = count
    }

    /// Takes all profiles anew. The cursor stays on its profile; where that is gone, on its neighbour.
    mutating func replace(_ profiles: [SavedProfile], now: Date) {
        saved = profiles
        counts = nil
        filterKeys = []
        places = Dictionary(minimumCapacity: saved.count)
        awsProfiles = []
        for (place, saved) in saved.enumerated() {
            places[saved.id] = place
            if saved.profile.auth == .iam { awsProfiles.insert(saved.profile.awsProfile ?? "") }
        }
        var byKey: [GroupKey: ListGroup] = [:]
        for key in SortKey.sorted(saved) {
            let environment = saved[key.index].profile.environment
            byKey[GroupKey(environment), default: ListGroup(environment)].members.append(key.index)
        }
        groups = byKey.values.sorted { $0.key < $1.key }
        groupOfPlace = Array(repeating: 0, count: saved.count)
        for (number, group) in groups.enumerated() {
            for place in group.members { groupOfPlace[place] = number }
        }
        match(now: now)
        rebuildRows()
        reselect()
    }

    /// Sets the filter; the best match is selected, never a header.
    mutating func setFilter(_ text: String, now: Date) {
        guard text != filter else { return }
        filter = text
        let best = match(now: now)
        rebuildRows()
        if let best { selection = .profile(saved[best].id) }
        reselect()
    }

    /// Finds what the filter lets through.
    ///
    /// - Returns: the place of the best match; nil without a filter or a match.
    @discardableResult
    private mutating func match(now: Date) -> Int? {
        let parsed = ProfileFilter(filter)
        guard !parsed.isEmpty else {
            for number in groups.indices { groups[number].visible = groups[number].members }
            matchCount = saved.count
            return nil
        }
        if filterKeys.count != saved.count { filterKeys = saved.map { FilterKey($0) } }
        var best: (place: Int, score: Int)?
        matchCount = 0
        for number in groups.indices {
            var visible: [Int] = []
            for place in groups[number].members {
                guard let score = parsed.score(filterKeys[place], now: now, matching: .fuzzy) else {
                    continue
                }
                visible.append(place)
                if score > best?.score ?? Int.min { best = (place, score) }
            }
            groups[number].visible = visible
            matchCount += visible.count
        }
        return best?.place
    }

    /// Folds or opens the cursor's group.
    mutating func toggleFold() {
        guard !isFiltering, let row = selectedRow else { return }
        switch rows[row] {
        case .header(let number):
            folded.remove(groups[number].key)
            if let first = groups[number].visible.first { selection = .profile(saved[first].id) }
        case .profile(let place):
            let key = groups[groupOfPlace[place]].key
            folded.insert(key)
            selection = .group(key)
        }
        rebuildRows()
        reselect()
    }

    /// Folds all groups, or opens them where all are folded.
    mutating func toggleAllFolds() {
        guard !isFiltering, let row = selectedRow else { return }
        if groups.allSatisfy({ folded.contains($0.key) }) {
            folded = []
            if case .header(let number) = rows[row], let first = groups[number].visible.first {
                selection = .profile(saved[first].id)
            }
        } else {
            folded = Set(groups.map(\.key))
            if case .profile(let place) = rows[row] { selection = .group(groups[groupOfPlace[place]].key) }
        }
        rebuildRows()
        reselect()
    }

    private mutating func rebuildRows() {
        rows.removeAll(keepingCapacity: true)
        for number in groups.indices {
            guard !groups[number].visible.isEmpty else {
                groups[number].headerRow = nil
                continue
            }
            groups[number].headerRow = rows.count
            rows.append(.header(number))
            if isOpen(groups[number]) { rows += groups[number].visible.map { .profile($0) } }
        }
    }

    // MARK: The cursor

    /// Whether the cursor may stand on a row: on profiles and on the lines of folded groups.
    private func isSelectable(_ row: Int) -> Bool {
        switch rows[row] {
        case .profile: true
        case .header(let number): !isOpen(groups[number])
        }
    }

    /// Finds the row of the selection again; where it is gone, the nearest row that can be selected.
    private mutating func reselect() {
        let before = selectedRow ?? 0
        selectedRow = rowOfSelection()
        if selectedRow == nil {
            // What took its place, else what stands above.
            let start = min(before, rows.count)
            select(
                row: (start..<rows.count).first(where: isSelectable) ?? (0..<start).last(where: isSelectable))
        }
    }

    private func rowOfSelection() -> Int? {
        switch selection {
        case nil:
            return nil
        case .group(let key):
            guard let group = groups.first(where: { $0.key == key }), let row = group.headerRow,
                !isOpen(group)
            else { return nil }
            return row
        case .profile(let id):
            guard let place = places[id] else { return nil }
            let group = groups[groupOfPlace[place]]
            guard let header = group.headerRow, isOpen(group),
                let offset = group.visible.firstIndex(of: place)
            else { return nil }
            return header + 1 + offset
        }
    }

    private mutating func select(row: Int?) {
        selectedRow = row
        guard let row else {
            selection = nil
            return
        }
        switch rows[row] {
        case .header(let number): selection = .group(groups[number].key)
        case .profile(let place): selection = .profile(saved[place].id)
        }
    }

    /// Goes to a profile, opening its group; false where the filter hides it or it is not there.
    @discardableResult
    mutating func go(to id: UUID) -> Bool {
        guard let place = places[id], groups[groupOfPlace[place]].visible.contains(place) else {
            return false
        }
        if !isOpen(groups[groupOfPlace[place]]) {
            folded.remove(groups[groupOfPlace[place]].key)
            rebuildRows()
        }
        selection = .profile(id)
        reselect()
        return true
    }

    /// Moves the cursor by so many rows on which it can stand, as far as there are any.
    mutating func move(by count: Int) {
        guard var row = selectedRow else { return }
        var left = abs(count)
        let step = count < 0 ? -1 : 1
        var next = row + step
        while left > 0, rows.indices.contains(next) {
            if isSelectable(next) {
                row = next
                left -= 1
            }
            next += step
        }
        select(row: row)
    }

    mutating func moveToFirst() {
        if let row = rows.indices.first(where: isSelectable) { select(row: row) }
    }

    mutating func moveToLast() {
        if let row = rows.indices.last(where: isSelectable) { select(row: row) }
    }

    /// Goes to the first row of the next group; of this one, and then of the one before, when going back.
    mutating func moveToGroup(forward: Bool) {
        guard let row = selectedRow else { return }
        let firsts = groups.compactMap { group in group.headerRow.map { isOpen(group) ? $0 + 1 : $0 } }
        if let target = forward ? firsts.first(where: { $0 > row }) : firsts.last(where: { $0 < row }) {
            select(row: target)
        }
    }

    // MARK: The window

    /// The uppermost row shown in a window of so many rows: the cursor is seen, and with the first profile of a
    /// group its line.
    func top(height: Int) -> Int {
        guard height > 0, !rows.isEmpty else { return 0 }
        var top = min(scroll, max(0, rows.count - height))
        guard let row = selectedRow else { return max(0, top) }
        var upper = row
        if height > 1, row > 0, case .header = rows[row - 1] { upper = row - 1 }
        if upper < top { top = upper }
        if row >= top + height { top = row - height + 1 }
        return max(0, top)
    }

    /// Remembers where the window stands, so that the next move scrolls only as far as it must.
    mutating func keepInView(height: Int) {
        scroll = top(height: height)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The cursor, which stands on a profile and not on a row, and the window that follows it.
extension ProfileList {
    /// Whether the cursor may stand on a row: on profiles and on the lines of folded groups.
    private func isSelectable(_ row: Int) -> Bool {
        switch rows[row] {
        case .profile: true
        case .header(let number): !isOpen(groups[number])
        }
    }

    /// Finds the row of the selection again; where it is gone, the nearest row that can be selected.
    mutating func reselect() {
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

    /// Puts the cursor onto a row.
    ///
    /// - Returns: false where that is a group's line.
    mutating func click(_ row: Int) -> Bool {
        guard rows.indices.contains(row), case .profile = rows[row] else { return false }
        select(row: row)
        return true
    }

    /// Folds or opens the group of a line.
    mutating func toggleFold(_ row: Int) {
        guard !isFiltering, rows.indices.contains(row), case .header(let number) = rows[row] else { return }
        let key = groups[number].key
        if folded.remove(key) == nil {
            folded.insert(key)
            if case .profile(let id) = selection, let place = places[id], groupOfPlace[place] == number {
                selection = .group(key)
            }
        } else if selection == .group(key), let first = groups[number].visible.first {
            selection = .profile(saved[first].id)
        }
        rebuildRows()
        reselect()
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

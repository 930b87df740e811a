import Profiles
import Screen

/// Draws what comes in: a line an item, and below it what is to be said of the one under the cursor.
enum IntakeView {
    /// Rows for what is said of the item under the cursor.
    private static let detailRows = 4

    static func draw(_ state: IntakeState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(120, grid.size.columns - 2)
        let rows = min(state.intake.items.count, room(in: grid.size))
        let rect = Rect.centred(
            Size(columns: width, rows: rows + detailRows + 5),
            in: Size(columns: grid.size.columns, rows: grid.size.rows - 2))
        let source = DisplayText.elided(
            DisplayText.sanitised(state.intake.source),
            to: max(10, width - 8 - DisplayText.width(state.intake.counts)))
        grid.dialog(
            rect, title: "\(source): \(state.intake.counts)", keys: FooterView.edge(model, .intake),
            style: theme[.border], titleStyle: theme[.title])
        let (left, inner) = (rect.origin.column + 2, width - 4)
        let names = nameColumns(state, inner)
        let top = max(0, min(state.cursor - rows / 2, state.intake.items.count - rows))
        for offset in 0..<rows {
            let place = top + offset
            let row = rect.origin.row + 1 + offset
            let isUnder = place == state.cursor
            grid.hotspot(Rect(column: rect.origin.column, row: row, columns: width, rows: 1), .line(place))
            let text = line(state, place, names: names, width: inner - 2)
            grid.put(isUnder ? ">" : " ", column: left, row: row, style: theme[.text])
            grid.put(
                DisplayText.padded(text, to: inner - 2), column: left + 2, row: row,
                style: theme[isUnder ? .selected : role(state, place)], width: inner - 2)
            if isUnder { grid.anchor = Point(column: left, row: row) }
        }
        drawDetail(state, on: &grid, left, rect.origin.row + rows + 2, inner, theme)
    }

    /// Items that find room.
    static func room(in size: Size) -> Int { max(1, size.rows - 9 - detailRows) }

    private static func nameColumns(_ state: IntakeState, _ width: Int) -> Int {
        let longest = state.intake.items.prefix(500).map {
            DisplayText.width(DisplayText.sanitised($0.profile.name))
        }
        return min(max(8, longest.max() ?? 8), max(8, width / 3))
    }

    private static func line(_ state: IntakeState, _ place: Int, names: Int, width: Int) -> String {
        let item = state.intake.items[place]
        let mark = item.toApprove.isEmpty ? " " : state.approved.contains(place) ? "+" : "!"
        let name = DisplayText.padded(
            DisplayText.elided(DisplayText.sanitised(item.profile.name), to: names), to: names)
        let kind = DisplayText.padded(item.kind == .duplicate ? "known" : item.kind.rawValue, to: 7)
        let head = "[\(state.chosen.contains(place) ? "x" : " ")] \(kind) \(mark) \(name) "
        let user = item.profile.user.map { "\($0)@" } ?? ""
        let host =
            item.profile.host.isEmpty
            ? "service \(item.profile.service ?? "")" : HostName(item.profile.host).short
        let rest = DisplayText.sanitised("\(user)\(item.profile.database) \(host)")
        return head + DisplayText.elided(rest, to: max(1, width - DisplayText.width(head)))
    }

    private static func role(_ state: IntakeState, _ place: Int) -> Role {
        switch state.intake.items[place].kind {
        case .new, .changed: .text
        case .duplicate: .muted
        case .gone: .warning
        }
    }

    private static func drawDetail(
        _ state: IntakeState, on grid: inout Grid, _ column: Int, _ row: Int, _ width: Int, _ theme: Theme
    ) {
        let count = "\(state.chosen.count) of \(state.intake.items.count) chosen"
        grid.put(count, column: column, row: row - 1, style: theme[.muted])
        var lines: [Segment] = []
        if let item = state.item {
            lines += item.toApprove.map { value in
                let done = state.approved.contains(state.cursor)
                return Segment(
                    "\(done ? "+" : "!") \(value.words)\(done ? ", approved" : ": comes in only if approved")",
                    done ? .text : .warning)
            }
            if item.kind == .duplicate, let old = item.old {
                lines.append(Segment("saved already as \(old.name)", .muted))
            }
            if item.kind == .changed, let old = item.old {
                lines += ProfileField.allCases.filter { old.text(of: $0) != item.profile.text(of: $0) }.map {
                    Segment("\($0.label): \(old.text(of: $0)) -> \(item.profile.text(of: $0))", .text)
                }
            }
            lines += item.notes.map { Segment($0, .muted) }
        }
        let hidden = lines.count - detailRows
        if hidden > 0 { lines = lines.prefix(detailRows - 1) + [Segment("... \(hidden + 1) more", .muted)] }
        for (offset, line) in lines.enumerated() {
            let text = DisplayText.elided(DisplayText.sanitised(line.text), to: width)
            grid.put(text, column: column, row: row + offset, style: theme[line.role], width: width)
        }
    }
}

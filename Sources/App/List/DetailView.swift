import Profiles
import Screen

/// Draws the detail of what is selected: a strip or a pane below the list, or a pane beside it.
enum DetailView {
    static func draw(on grid: inout Grid, _ model: Model, theme: Theme, layout: ListLayout) {
        if layout.detailColumns > 0 {
            drawBeside(on: &grid, model, theme, layout)
        } else if layout.detailRows > 0 {
            drawBelow(on: &grid, model, theme, layout)
        }
    }

    // MARK: Below the list

    private static func drawBelow(
        on grid: inout Grid, _ model: Model, _ theme: Theme, _ layout: ListLayout
    ) {
        let width = grid.size.columns
        grid.horizontalLine(column: 0, row: layout.detailTop, columns: width, style: theme[.border])
        var column = 2
        for segment in title(model) where !segment.text.isEmpty {
            let text = " " + DisplayText.truncated(segment.text, to: width - column - 6)
            column += grid.put(text, column: column, row: layout.detailTop, style: theme[segment.role])
        }
        if column > 2 { grid.put(" ", column: column, row: layout.detailTop, style: theme[.border]) }
        let isFull = layout.detailRows > 4
        let fields = fields(model, isFull: isFull)
        for (offset, field) in fields.prefix(layout.detailRows - 1).enumerated() {
            let row = layout.detailTop + 1 + offset
            grid.put(field.label, column: 1, row: row, style: theme[.muted])
            let start = isFull ? Self.start : 7
            let bar = isFull ? Self.bar : 12
            let steps = isFull ? [16, 8] : []
            let step = steps.first { end(of: field.parts, bar: bar, step: $0) <= width - 1 - start } ?? 1
            var at = 0
            for (number, part) in field.parts.enumerated() {
                let next = number == 0 ? 0 : place(behind: at, step: step)
                let room = width - 1 - start - next
                // The first is cut where it is too wide, others then stay away.
                guard number == 0 || part.width(bar: bar) <= room else { continue }
                at = next + put(part, on: &grid, column: start + next, row: row, room: room, bar: bar, theme)
            }
        }
    }

    /// Where the fields of a pane begin, and how long its bars are.
    private static let (start, bar) = (11, 24)

    /// Whether a line of the pane below the list holds all of a field.
    static func holds(_ parts: [DetailPart?], columns: Int) -> Bool {
        end(of: parts.compactMap { $0 }, bar: bar, step: 1) <= columns - 1 - start
    }

    /// Where the part behind a column begins. In steps the parts of one profile stand below those of the other
    /// as the cursor moves, so that the eye finds them and little is sent.
    private static func place(behind column: Int, step: Int) -> Int {
        step == 1 ? column + 3 : (column + 2 + step - 1) / step * step
    }

    private static func end(of parts: [DetailPart], bar: Int, step: Int) -> Int {
        parts.dropFirst().reduce(parts.first?.width(bar: bar) ?? 0) {
            place(behind: $0, step: step) + $1.width(bar: bar)
        }
    }

    private static func title(_ model: Model) -> [Segment] {
        switch model.list.selection {
        case .profile:
            guard let profile = model.selectedProfile else { return [] }
            let environment = model.list.selectedPlace.flatMap { model.list.environment(at: $0) }
            let badge = environment.map {
                Segment("[\(DisplayText.sanitised($0.badge))]", $0.role)
            }
            return [Segment(DisplayText.sanitised(profile.name), .title), badge ?? Segment("")]
        case .group(let key): return [Segment(DisplayText.sanitised(key.title), .title)]
        case nil: return []
        }
    }

    private static func fields(_ model: Model, isFull: Bool, isWide: Bool = false) -> [DetailField] {
        if let saved = model.list.selected {
            let detail = ProfileDetail(saved: saved, model: model)
            return isWide ? detail.wide : isFull ? detail.full : detail.short
        }
        guard case .group = model.list.selection else { return [] }
        return [
            DetailField(
                "",
                [
                    .text(
                        "collapsed: Enter or \(model.keyName(.fold)) opens the group, \(model.keyName(.foldAll)) all groups",
                        .muted)
                ])
        ]
    }

    private static func put(
        _ part: DetailPart, on grid: inout Grid, column: Int, row: Int, room: Int, bar: Int, _ theme: Theme
    ) -> Int {
        switch part {
        case .text(let segment):
            let text = DisplayText.elided(segment.text, to: room)
            return grid.put(text, column: column, row: row, style: theme[segment.role], width: room)
        case .bar(let fraction, let segment):
            grid.put("[", column: column, row: row, style: theme[.border])
            Bar.draw(
                fraction, on: &grid, column: column + 1, row: row, width: bar, filled: theme[.barFilled],
                empty: theme[.barEmpty])
            grid.put("]", column: column + 1 + bar, row: row, style: theme[.border])
            let taken = grid.put(
                segment.text, column: column + bar + 3, row: row, style: theme[segment.role],
                width: room - bar - 3)
            return bar + 3 + taken
        }
    }

    // MARK: Beside the list

    private static func drawBeside(
        on grid: inout Grid, _ model: Model, _ theme: Theme, _ layout: ListLayout
    ) {
        let line = layout.listColumns
        grid.verticalLine(column: line, row: 1, rows: layout.listRows + 1, style: theme[.border])
        let left = line + 2
        var column = left
        for segment in title(model) where !segment.text.isEmpty {
            let text = DisplayText.truncated(segment.text, to: grid.size.columns - column - 10)
            column += grid.put(text, column: column, row: 1, style: theme[segment.role]) + 2
        }
        let (top, end, start) = (3, layout.detailTop, left + 10)
        let room = grid.size.columns - 1 - start
        let fields = fields(model, isFull: true, isWide: true)
        // Whole where there are rows for it; elsewhere what is too wide is cut, so that every field finds its place.
        let whole = fields.map { lines(of: $0.parts, width: room, limit: 4) }
        let isRoomy = whole.reduce(top - 1) { $0 + $1.count + 1 } <= end
        var row = top
        for (field, long) in zip(fields, whole) where row < end {
            grid.put(field.label, column: left, row: row, style: theme[.muted])
            for line in isRoomy ? long : lines(of: field.parts, width: room, limit: 1) where row < end {
                var at = start
                for part in line {
                    let rest = grid.size.columns - 1 - at
                    at += put(part, on: &grid, column: at, row: row, room: rest, bar: bar, theme) + 3
                }
                row += 1
            }
            row += 1
        }
    }

    /// A field's parts in lines: a text that is wider than one of them in up to so many of its own.
    private static func lines(of parts: [DetailPart], width: Int, limit: Int) -> [[DetailPart]] {
        var lines: [[DetailPart]] = []
        var taken = 0
        for part in parts {
            let wide = part.width(bar: bar)
            if case .text(let segment) = part, wide > width, limit > 1 {
                lines += TextLines.wrapped(segment.text, width: width, limit: limit).map {
                    [.text(Segment($0, segment.role))]
                }
                taken = width
            } else if !lines.isEmpty, taken + 3 + wide <= width {
                lines[lines.count - 1].append(part)
                taken += 3 + wide
            } else {
                lines.append([part])
                taken = wide
            }
        }
        return lines.isEmpty ? [[]] : lines
    }
}

import Screen

/// Draws the choice of a theme at the right edge, so that the list in that theme is seen beside it.
enum ThemesView {
    static func draw(_ state: ThemesState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(40, grid.size.columns - 2)
        let samples = [
            ("prod", Role.prod), ("stage", .stage), ("dev", .dev), ("ok", .ok), ("FAIL", .failure),
        ]
        let rows = min(state.names.count, max(1, grid.size.rows - 7))
        let rect = Rect(
            column: grid.size.columns - width - 1, row: 1, columns: width, rows: rows + 4)
        grid.dialog(
            rect, title: "Themes", keys: [EdgeKey("Enter keep", .enter), EdgeKey("Esc back", .escape)],
            style: theme[.border],
            titleStyle: theme[.title])
        let top = max(0, min(state.cursor - rows / 2, state.names.count - rows))
        for (offset, name) in state.names[top..<min(state.names.count, top + rows)].enumerated() {
            let isChosen = top + offset == state.cursor
            let row = rect.origin.row + 1 + offset
            grid.hotspot(
                Rect(column: rect.origin.column, row: row, columns: width, rows: 1), .line(top + offset))
            grid.put(isChosen ? ">" : " ", column: rect.origin.column + 2, row: row, style: theme[.text])
            let text = DisplayText.padded(DisplayText.sanitised(name), to: width - 6)
            grid.put(
                text, column: rect.origin.column + 4, row: row, style: theme[isChosen ? .selected : .text],
                width: width - 6)
            if isChosen { grid.anchor = Point(column: rect.origin.column + 2, row: row) }
        }
        var column = rect.origin.column + 2
        for (word, role) in samples {
            column += grid.put(word, column: column, row: rect.origin.row + rows + 2, style: theme[role]) + 2
        }
    }
}

import Screen

/// Draws a text in a box, as much of it as finds room.
enum TextView {
    static func draw(_ state: TextState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let columns = columns(state, in: grid.size)
        let lines = lines(state, width: columns - 4)
        let rows = min(lines.count, room(in: grid.size))
        let rect = Rect.centred(Size(columns: columns, rows: rows + 2), in: grid.size)
        let hidden = lines.count - rows
        let scroll = hidden > 0 ? [EdgeKey("j k scroll", .down)] : []
        grid.dialog(
            rect, title: DisplayText.sanitised(state.title), keys: scroll + FooterView.edge(model, .text),
            style: theme[.border], titleStyle: theme[.title])
        for (offset, line) in lines.dropFirst(min(state.top, max(0, hidden))).prefix(rows).enumerated() {
            grid.put(
                line.text, column: rect.origin.column + 2, row: rect.origin.row + 1 + offset,
                style: theme[line.role], width: rect.size.columns - 4)
        }
    }

    /// How far the text can be scrolled.
    static func lastTop(_ state: TextState, in size: Size) -> Int {
        max(0, lines(state, width: columns(state, in: size) - 4).count - room(in: size))
    }

    /// Rows of text that find room.
    static func room(in size: Size) -> Int { max(1, size.rows - 5) }

    private static func columns(_ state: TextState, in size: Size) -> Int {
        state.isTable ? size.columns - 2 : min(100, size.columns - 2)
    }

    /// Broken at the box's width; a comment of SQL is what explains, and stands back.
    private static func lines(_ state: TextState, width: Int) -> [Segment] {
        state.text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [Segment] in
            let role: Role = line.hasPrefix("--") ? .muted : .text
            if state.isTable {
                let whole = DisplayText.sanitised(String(line))
                let passed = DisplayText.prefix(whole, columns: state.left)
                return [
                    Segment(DisplayText.prefix(String(whole.dropFirst(passed.count)), columns: width), role)
                ]
            }
            let wrapped = TextLines.wrapped(
                DisplayText.sanitised(String(line)), width: width, limit: 1000)
            return wrapped.isEmpty ? [Segment("")] : wrapped.map { Segment($0, role) }
        }
    }
}

import Screen

/// Draws a text in a box, as much of it as finds room.
enum TextView {
    static func draw(_ state: TextState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let columns = columns(state, in: grid.size)
        let lines = lines(state, width: columns - 4)
        let rows = min(lines.count, room(in: grid.size))
        let rect = Rect.centred(Size(columns: columns, rows: rows + 2), in: grid.size)
        let hidden = lines.count - rows
        var scroll = hidden > 0 ? [EdgeKey("j k scroll", .down)] : []
        let shown = lines.dropFirst(min(state.top, max(0, hidden))).prefix(rows)
        if state.left > 0 || shown.contains(where: \.isCut) {
            scroll.append(EdgeKey("h l sideways", .character("l")))
        }
        grid.dialog(
            rect, title: DisplayText.sanitised(state.title), keys: scroll + FooterView.edge(model, .text),
            style: theme[.border], titleStyle: theme[.title])
        for (offset, line) in shown.enumerated() {
            grid.put(
                line.segment.text, column: rect.origin.column + 2, row: rect.origin.row + 1 + offset,
                style: theme[line.segment.role], width: rect.size.columns - 4)
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

    private struct Line {
        var segment: Segment
        /// Whether it goes on to the right.
        var isCut = false
    }

    /// Broken at the box's width; a comment of SQL is what explains, and stands back. What went wrong is a sentence, in a
    /// table too.
    private static func lines(_ state: TextState, width: Int) -> [Line] {
        state.text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [Line] in
            let isComplaint = state.isTable && line.hasPrefix("! ")
            let role: Role = isComplaint ? .failure : line.hasPrefix("--") ? .muted : .text
            if state.isTable, !isComplaint {
                let whole = DisplayText.sanitised(String(line))
                let passed = DisplayText.prefix(whole, columns: state.left)
                let rest = String(whole.dropFirst(passed.count))
                let shown = DisplayText.prefix(rest, columns: width)
                return [Line(segment: Segment(shown, role), isCut: shown.utf8.count < rest.utf8.count)]
            }
            let wrapped = TextLines.wrapped(
                DisplayText.sanitised(String(line)), width: width, limit: 1000)
            return wrapped.isEmpty
                ? [Line(segment: Segment(""))] : wrapped.map { Line(segment: Segment($0, role)) }
        }
    }
}

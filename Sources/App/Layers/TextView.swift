import Screen

/// Draws a text in a box, as much of it as finds room.
enum TextView {
    static func draw(_ state: TextState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let columns = columns(state, in: grid.size)
        let height = height(of: state, width: columns - 4)
        let rows = min(height, room(in: grid.size))
        let rect = Rect.centred(Size(columns: columns, rows: rows + 2), in: grid.size)
        let hidden = height - rows
        var scroll = hidden > 0 ? [EdgeKey("j k scroll", .down)] : []
        let top = min(state.top, max(0, hidden))
        let shown = lines(state, width: columns - 4, in: top..<top + rows)
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
        max(0, height(of: state, width: columns(state, in: size) - 4) - room(in: size))
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

    /// How many lines it takes.
    private static func height(of state: TextState, width: Int) -> Int {
        state.lines.reduce(0) { $0 + (isRow($1, state) ? 1 : broken($1, width).count) }
    }

    /// Those of a window; what stands before it is looked at for its height alone, and nothing behind it.
    private static func lines(_ state: TextState, width: Int, in window: Range<Int>) -> [Line] {
        var (shown, at): ([Line], Int) = ([], 0)
        for line in state.lines {
            guard at < window.upperBound else { break }
            if isRow(line, state) {
                if window.contains(at) { shown.append(row(line, state, width)) }
                at += 1
                continue
            }
            for text in broken(line, width) {
                if window.contains(at) { shown.append(Line(segment: Segment(text, role(of: line, state)))) }
                at += 1
            }
        }
        return shown
    }

    /// Whether a line stays whole. What went wrong is a sentence, in a table too.
    private static func isRow(_ line: String, _ state: TextState) -> Bool {
        state.isTable && !line.utf8.starts(with: "! ".utf8)
    }

    /// A comment of SQL is what explains, and stands back.
    private static func role(of line: String, _ state: TextState) -> Role {
        if state.isTable, !isRow(line, state) { return .failure }
        return line.utf8.starts(with: "--".utf8) ? .muted : .text
    }

    private static func row(_ line: String, _ state: TextState, _ width: Int) -> Line {
        let whole = DisplayText.sanitised(line)
        let passed = DisplayText.prefix(whole, columns: state.left)
        let rest = String(whole.dropFirst(passed.count))
        let shown = DisplayText.prefix(rest, columns: width)
        return Line(segment: Segment(shown, role(of: line, state)), isCut: shown.utf8.count < rest.utf8.count)
    }

    /// At the box's width; an empty line is one too.
    private static func broken(_ line: String, _ width: Int) -> [String] {
        let wrapped = TextLines.wrapped(DisplayText.sanitised(line), width: width, limit: 1000)
        return wrapped.isEmpty ? [""] : wrapped
    }
}

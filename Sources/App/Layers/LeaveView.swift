import Screen

/// Draws the question before the program ends.
enum LeaveView {
    private static let most = 5

    static func draw(_ leave: LeaveState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(76, grid.size.columns - 2)
        let shown = leave.ties.prefix(most)
        let hidden = leave.ties.count - shown.count
        let rows = shown.count + (hidden > 0 ? 1 : 0) + 6
        let rect = Rect.centred(Size(columns: width, rows: rows), in: grid.size)
        grid.dialog(
            rect, title: "Quit", keys: [EdgeKey("Enter = Stay", .enter), EdgeKey("Esc = Stay", .escape)],
            style: theme[.warning])
        let (left, room) = (rect.origin.column + 3, width - 6)
        var row = rect.origin.row + 2
        for tie in shown {
            let text = DisplayText.truncated(tie.words(room: room), to: room)
            grid.put(text, column: left, row: row, style: theme[.text])
            row += 1
        }
        if hidden > 0 { grid.put("and \(hidden) more", column: left, row: row, style: theme[.text]) }
        AnswerButtons.draw(
            safe: "Stay", .quit, "quit all the same", in: .leave, rect, on: &grid, model, theme: theme)
    }
}

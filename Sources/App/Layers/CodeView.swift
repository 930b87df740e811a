import Screen

/// Draws the question for an MFA code.
enum CodeView {
    static func draw(_ code: CodeState, on grid: inout Grid, theme: Theme) {
        let width = min(70, grid.size.columns - 2)
        let rect = Rect.centred(Size(columns: width, rows: 7), in: grid.size)
        grid.box(
            rect, title: "AWS asks for an MFA code", footer: "Enter send   Esc cancel", style: theme[.border],
            titleStyle: theme[.title])
        let (left, top, room) = (rect.origin.column + 3, rect.origin.row + 2, rect.size.columns - 6)
        grid.put(
            DisplayText.elided("Device  \(DisplayText.sanitised(code.device))", to: room), column: left,
            row: top,
            style: theme[.text])
        grid.put("Code", column: left, row: top + 2, style: theme[.key])
        // As aws-cli does: what is typed is counted, not shown.
        TextField(String(repeating: "*", count: code.field.text.count)).draw(
            on: &grid, column: left + 8, row: top + 2, width: max(1, min(12, room - 8)),
            style: theme[.fieldFocused],
            focused: true)
    }
}

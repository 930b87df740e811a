import Profiles
import Screen

/// Draws the question before SQL runs on several profiles.
enum RunQuestionView {
    private static let names = 5

    static func draw(_ question: RunQuestionState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let asking = question.asking
        let width = min(76, grid.size.columns - 2)
        let shown = asking.prefix(names)
        let rect = Rect.centred(Size(columns: width, rows: shown.count + 8), in: grid.size)
        let style = theme[asking.first?.environment?.role ?? .border]
        let count = question.profiles.count
        grid.dialog(
            rect, title: "Run SQL on \(count) profile\(count == 1 ? "" : "s")",
            keys: [EdgeKey("Enter = Cancel", .escape), EdgeKey("Esc = Cancel", .escape)], style: style,
            titleStyle: style)
        let (left, room) = (rect.origin.column + 3, width - 6)
        var row = rect.origin.row + 2
        func line(_ text: String, _ role: Role = .text) {
            grid.put(DisplayText.truncated(text, to: room), column: left, row: row, style: theme[role])
            row += 1
        }
        line(DisplayText.sanitised(question.sql), .key)
        line("runs read-only, also on:")
        for profile in shown {
            let badge = profile.environment.map { "[\(DisplayText.sanitised($0.badge))] " } ?? ""
            line("  \(badge)\(model.label(profile))")
        }
        if asking.count > names { line("  and \(asking.count - names) more") }
        row = rect.last.row - 1
        // The default, and the only thing that Enter does.
        grid.anchor = Point(column: left, row: row)
        var column = left + grid.put("[ Cancel ]", column: left, row: row, style: theme[.selected]) + 3
        column += grid.put(
            model.options.keys.name(of: .runStatements, in: .runQuestion), column: column, row: row,
            style: theme[.key])
        grid.put(" run", column: column, row: row, style: theme[.text])
    }
}

import Profiles
import Screen

/// Draws the question before something is done to several profiles.
enum RunQuestionView {
    private static let names = 5

    static func draw(_ question: RunQuestionState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let asking = question.named
        let width = min(76, grid.size.columns - 2)
        let shown = asking.prefix(names)
        let lines = shown.count + (question.sql == nil ? 7 : 8) + (asking.count > names ? 1 : 0)
        let rect = Rect.centred(Size(columns: width, rows: lines), in: grid.size)
        let style = theme[asking.first?.environment?.role ?? .border]
        grid.dialog(
            rect, title: question.title,
            keys: [EdgeKey("Enter = Cancel", .escape), EdgeKey("Esc = Cancel", .escape)], style: style,
            titleStyle: style)
        let (left, room) = (rect.origin.column + 3, width - 6)
        var row = rect.origin.row + 2
        func line(_ text: String, _ role: Role = .text) {
            grid.put(DisplayText.truncated(text, to: room), column: left, row: row, style: theme[role])
            row += 1
        }
        if let sql = question.sql { line(DisplayText.sanitised(sql), .key) }
        line(question.reason)
        for profile in shown {
            let badge = profile.environment.map { "[\(DisplayText.sanitised($0.badge))] " } ?? ""
            line("  \(badge)\(model.label(profile))")
        }
        if asking.count > names { line("  and \(asking.count - names) more") }
        AnswerButtons.draw(
            safe: "Cancel", .runStatements, question.yes, in: .runQuestion, rect, on: &grid, model,
            theme: theme)
    }
}

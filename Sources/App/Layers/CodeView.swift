import Profiles
import Screen

/// Draws a question of a worker.
enum CodeView {
    static func draw(_ code: CodeState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(70, grid.size.columns - 2)
        let room = width - 6
        var (title, label, lines) = words(code, room)
        if model.asksInBatch, let left = model.batch?.questionsLeft, left > 0 {
            lines.append("Then    \(left) more of these tests ask for one")
        }
        let rect = Rect.centred(
            Size(columns: width, rows: lines.count + (code.takesAnswer ? 6 : 4)), in: grid.size)
        grid.dialog(
            rect, title: title, keys: FooterView.edge(model, .code), style: theme[.border],
            titleStyle: theme[.title])
        let (left, top) = (rect.origin.column + 3, rect.origin.row + 2)
        for (offset, line) in lines.enumerated() {
            grid.put(line, column: left, row: top + offset, style: theme[.text], width: room)
        }
        guard code.takesAnswer else { return }
        let row = top + lines.count + 1
        grid.put(label, column: left, row: row, style: theme[.key])
        // As aws-cli and ssh do: what is secret is counted, not shown.
        let field =
            code.isSecret ? TextField(String(repeating: "*", count: code.field.text.count)) : code.field
        let shown = if case .mfa = code.question { 12 } else { room - 8 }
        field.draw(
            on: &grid, column: left + 8, row: row, width: max(1, min(shown, room - 8)),
            style: theme[.fieldFocused], focused: true)
    }

    private static func words(_ code: CodeState, _ room: Int) -> (String, String, [String]) {
        switch code.question {
        case .mfa(let device):
            let line = DisplayText.elided("Device  \(DisplayText.sanitised(device))", to: room)
            return ("AWS asks for an MFA code", "Code", [line])
        case .password(let question):
            let lines = [
                "User    \(DisplayText.sanitised(question.user ?? "the system's"))",
                "Server  \(DisplayText.sanitised(question.host)):\(question.port)",
            ]
            let title = DisplayText.truncated(DisplayText.sanitised(question.profile), to: 40)
            return ("\(title) asks for a password", "Type", lines.map { DisplayText.elided($0, to: room) })
        case .tunnel(let question):
            let title = DisplayText.truncated(DisplayText.sanitised(question.tunnel), to: 40) + " asks"
            let lines = question.prompt.split(whereSeparator: \.isNewline).prefix(6).flatMap {
                TextLines.wrapped(DisplayText.sanitised(String($0)), width: room, limit: 3)
            }
            return (question.kind == .notice ? "Tunnel" : title, "Answer", Array(lines.prefix(8)))
        }
    }
}

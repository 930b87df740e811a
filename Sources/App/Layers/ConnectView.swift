import Profiles
import Screen

/// Draws "connect with".
enum ConnectView {
    private static let labelWidth = 12

    static func draw(_ connect: ConnectState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let columns = min(76, grid.size.columns - 2)
        let lines = ConnectState.Line.all
        let rect = Rect.centred(Size(columns: columns, rows: lines.count + 4), in: grid.size)
        let style = theme[connect.profile.environment?.role ?? .border]
        let badge = connect.profile.environment.map { " [\(DisplayText.sanitised($0.badge))]" } ?? ""
        grid.dialog(
            rect, title: "Connect with: \(model.label(connect.profile))\(badge)",
            keys: FooterView.edge(model, .connect), style: style, titleStyle: style.over(theme[.title]))
        let (left, top, room) = (rect.origin.column + 2, rect.origin.row + 1, columns - 4)
        for (offset, line) in lines.enumerated() {
            grid.hotspot(Rect(column: left, row: top + offset, columns: room, rows: 1), .line(offset))
            draw(line, connect, on: &grid, left, top + offset, room, theme)
        }
        if let complaint = connect.complaint {
            let text = "x \(label(complaint.line)) \(complaint.text)"
            grid.put(
                DisplayText.truncated(DisplayText.sanitised(text), to: room), column: left,
                row: top + lines.count + 1, style: theme[.failure])
        }
    }

    private static func draw(
        _ line: ConnectState.Line, _ connect: ConnectState, on grid: inout Grid, _ left: Int, _ row: Int,
        _ room: Int, _ theme: Theme
    ) {
        let isFocused = connect.focus == line
        grid.put(label(line), column: left, row: row, style: theme[isFocused ? .key : .text])
        let (column, width) = (left + labelWidth, room - labelWidth)
        let text = connect.texts[line] ?? TextField()
        let words = connect.words(line)
        if !words.isEmpty {
            var at = column
            for (number, word) in words.enumerated() {
                let isChosen = word == text.text
                let shown = "\(isChosen ? "(o)" : "( )") \(word.isEmpty ? open(line, connect) : word)"
                let style = theme[isChosen && isFocused ? .fieldFocused : .text]
                if let place = ConnectState.Line.all.firstIndex(of: line) {
                    grid.hotspot(
                        Rect(column: at, row: row, columns: DisplayText.width(shown), rows: 1),
                        .choice(line: place, word: number))
                }
                at += grid.put(shown, column: at, row: row, style: style) + 2
            }
            if isFocused { grid.anchor = Point(column: column, row: row) }
            return
        }
        guard connect.stops.contains(line) else {
            grid.put("here (windows need tmux)", column: column, row: row, style: theme[.muted])
            return
        }
        let field = min(32, width)
        text.draw(
            on: &grid, column: column, row: row, width: field,
            style: theme[isFocused ? .fieldFocused : .field],
            focused: isFocused)
        let hint = DisplayText.sanitised(hint(line, connect))
        let beside = max(0, width - field - 2)
        if DisplayText.width(hint) <= beside {
            grid.put(hint, column: column + field + 2, row: row, style: theme[.muted])
        } else if text.text.isEmpty {
            // Without room beside the field it stands in it, until something is typed.
            let style = isFocused ? theme[.fieldFocused] : theme[.muted]
            grid.put(DisplayText.truncated(hint, to: field - 1), column: column + 1, row: row, style: style)
        }
    }

    private static func label(_ line: ConnectState.Line) -> String {
        switch line {
        case .choice(.database): "Database"
        case .choice(.role): "Role"
        case .choice(.endpoint): "Endpoint"
        case .choice(.statementTimeout): "Timeout"
        case .choice(.program): "Program"
        case .choice(.arguments): "Arguments"
        case .choice(.place): "Where"
        case .readOnly: "Read-only"
        }
    }

    /// The word for what the profile or its environment decides.
    private static func open(_ line: ConnectState.Line, _ connect: ConnectState) -> String {
        if case .readOnly = line { return connect.profile.startsReadOnly ? "as env: yes" : "as env: no" }
        return "as saved"
    }

    private static func hint(_ line: ConnectState.Line, _ connect: ConnectState) -> String {
        switch line {
        case .choice(.database): connect.profile.database
        case .choice(.role): "SET ROLE"
        case .choice(.statementTimeout): "of a statement: 30s, 5min"
        case .choice(.program): "psql, or pgcli, pg_dump..."
        case .choice(.arguments): "of psql or the program"
        default: ""
        }
    }
}

import Profiles
import Screen

/// Draws what can be copied of a profile.
enum CopyView {
    static func draw(_ copy: CopyState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(78, grid.size.columns - 2)
        let lines = copy.lines(model)
        let rect = Rect.centred(Size(columns: width, rows: lines.count + 3), in: grid.size)
        grid.dialog(
            rect, title: "Copy: \(DisplayText.sanitised(model.label(copy.profile)))",
            keys: [EdgeKey("Esc cancel", .escape)],
            style: theme[.border], titleStyle: theme[.title])
        for (offset, line) in lines.enumerated() {
            let row = rect.origin.row + 1 + offset
            if let key = Key(named: line.key) {
                grid.hotspot(Rect(column: rect.origin.column, row: row, columns: width, rows: 1), .key(key))
            }
            grid.put(line.key, column: rect.origin.column + 3, row: row, style: theme[.key])
            grid.put(line.label, column: rect.origin.column + 6, row: row, style: theme[.text])
            let text = DisplayText.elided(DisplayText.sanitised(line.text), to: width - 24)
            grid.put(
                text, column: rect.origin.column + 21, row: row, style: theme[line.role], width: width - 23)
        }
    }
}

import Profiles
import Screen

/// Draws the choice among a cluster's endpoints.
enum SiblingsView {
    static func draw(_ state: SiblingsState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(78, grid.size.columns - 2)
        let rows = min(state.siblings.count, max(1, grid.size.rows - 6))
        let rect = Rect.centred(Size(columns: width, rows: rows + 2), in: grid.size)
        grid.dialog(
            rect, title: "Siblings: \(model.label(state.selected.profile))",
            keys: FooterView.edge(model, .siblings), style: theme[.border], titleStyle: theme[.title])
        let top = max(0, min(state.cursor - rows / 2, state.siblings.count - rows))
        let left = rect.origin.column + 2
        for (offset, sibling) in state.siblings.dropFirst(top).prefix(rows).enumerated() {
            let row = rect.origin.row + 1 + offset
            let isChosen = top + offset == state.cursor
            grid.hotspot(
                Rect(column: rect.origin.column, row: row, columns: width, rows: 1), .line(top + offset))
            grid.put(isChosen ? ">" : " ", column: left, row: row, style: theme[.text])
            let room = width - 6
            let name = sibling.name.map { DisplayText.sanitised($0) } ?? "(no profile yet)"
            let host = HostName(sibling.host)
            let text =
                DisplayText.padded(sibling.kind, to: 8) + " "
                + DisplayText.padded(DisplayText.elided(name, to: 22), to: 22) + "  "
                + EndpointText.short(host, port: "", width: room - 33)
            grid.put(
                DisplayText.padded(text, to: room), column: left + 2, row: row,
                style: theme[isChosen ? .selected : .text], width: room)
            if isChosen { grid.anchor = Point(column: left, row: row) }
        }
    }
}

import Screen

/// What stands on a screen that is too small for the list.
enum TooSmallView {
    /// What helps, the shortest last.
    private static let remedies = ["enlarge the terminal, or q quits", "enlarge it, or q quits", "q quits"]
    /// With a form open: what has been typed there is not lost by a key whose question nobody sees.
    private static let formRemedies = ["enlarge the terminal: a form is open", "enlarge it", "enlarge"]

    /// Something hangs on the program: the question about that is not seen either.
    private static let leaveRemedies = [
        "enlarge it: something would be lost, q quits", "something is lost: q quits",
        "q quits",
    ]

    /// - Parameter context: where keys would go.
    static func draw(on grid: inout Grid, over context: Context, theme: Theme) {
        let smallest = ListLayout.smallest
        let need = "need \(smallest.columns)x\(smallest.rows)"
        let have = "have \(grid.size.columns)x\(grid.size.rows)"
        let row = max(0, (grid.size.rows - 1) / 2)
        let line = "\(need), \(have)"
        var next = row + 1
        if DisplayText.width(line) <= grid.size.columns || grid.size.rows < 2 {
            put(line, row, on: &grid, theme)
        } else {
            put(need, max(0, row - 1), on: &grid, theme)
            put(have, max(0, row - 1) + 1, on: &grid, theme)
            next = max(0, row - 1) + 2
        }
        let words =
            switch context {
            case .form: formRemedies
            case .leave: leaveRemedies
            default: remedies
            }
        if next < grid.size.rows, let fitting = words.first(where: { $0.utf8.count <= grid.size.columns }) {
            put(fitting, next, on: &grid, theme)
        }
    }

    private static func put(_ text: String, _ row: Int, on grid: inout Grid, _ theme: Theme) {
        let column = max(0, (grid.size.columns - DisplayText.width(text)) / 2)
        grid.put(text, column: column, row: row, style: theme[.text])
    }
}

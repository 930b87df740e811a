import Screen

/// What stands on a screen that is too small for the list.
enum TooSmallView {
    static func draw(on grid: inout Grid, theme: Theme) {
        let smallest = ListLayout.smallest
        let need = "need \(smallest.columns)x\(smallest.rows)"
        let have = "have \(grid.size.columns)x\(grid.size.rows)"
        let row = max(0, (grid.size.rows - 1) / 2)
        let line = "\(need), \(have)"
        if DisplayText.width(line) <= grid.size.columns || grid.size.rows < 2 {
            put(line, row, on: &grid, theme)
        } else {
            put(need, max(0, row - 1), on: &grid, theme)
            put(have, max(0, row - 1) + 1, on: &grid, theme)
        }
    }

    private static func put(_ text: String, _ row: Int, on grid: inout Grid, _ theme: Theme) {
        let column = max(0, (grid.size.columns - DisplayText.width(text)) / 2)
        grid.put(text, column: column, row: row, style: theme[.text])
    }
}

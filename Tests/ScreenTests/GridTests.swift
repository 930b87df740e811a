import Screen
import Testing

struct GridTests {
    private func grid(_ columns: Int, _ rows: Int) -> Grid { Grid(size: Size(columns: columns, rows: rows)) }

    @Test(
        arguments: [
            (0, 10, nil, "abcdef", 6), (7, 10, nil, "       abc", 3), (-2, 10, nil, "cdef", 6),
            (10, 10, nil, "", 0),
            (0, 10, 3, "abc", 3), (0, 10, 0, "", 0), (0, 10, -1, "", 0), (12, 10, nil, "", 0),
            (0, 0, nil, "", 0),
        ] as [(Int, Int, Int?, String, Int)])
    func `text is clipped at the edges and at its width`(
        column: Int, columns: Int, width: Int?, line: String, taken: Int
    ) {
        var grid = grid(columns, 1)
        let used = grid.put("abcdef", column: column, row: 0, style: .plain, width: width)
        #expect(used == taken)
        #expect(grid.lines == [line])
    }

    @Test(
        arguments: [
            (0, 4, nil, "会計", 4), (0, 3, nil, "会", 2), (1, 4, nil, " 会", 2), (0, 10, 3, "会", 2),
            (-1, 4, nil, " 計", 4),
            (0, 1, nil, "", 0),
        ] as [(Int, Int, Int?, String, Int)])
    func `a wide character stands whole or not at all`(
        column: Int, columns: Int, width: Int?, line: String, taken: Int
    ) {
        var grid = grid(columns, 1)
        let used = grid.put("会計", column: column, row: 0, style: .plain, width: width)
        #expect(used == taken)
        #expect(grid.lines == [line])
        #expect(isSound(grid))
    }

    @Test(arguments: 0...5)
    func `what overwrites half of a wide character blanks its other half`(column: Int) {
        var grid = grid(6, 1)
        grid.put("会計表", column: 0, row: 0, style: .plain)
        grid.put("x", column: column, row: 0, style: .plain)
        #expect(isSound(grid))
        #expect(grid[Point(column: column, row: 0)].text == "x")
        #expect(DisplayText.width(grid.lines[0] + "  ") >= column)
        var wide = self.grid(6, 1)
        wide.put("会計表", column: 0, row: 0, style: .plain)
        wide.put("本", column: column, row: 0, style: .plain)
        #expect(isSound(wide))
    }

    @Test(arguments: 0...6, 0...6)
    func `filling through a wide character leaves no half of it`(column: Int, width: Int) {
        var grid = grid(6, 2)
        grid.put("会計表", column: 0, row: 0, style: .plain)
        grid.fill(Rect(column: column, row: 0, columns: width, rows: 1), style: Style(attributes: .reverse))
        #expect(isSound(grid))
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 1), (1, 2), (2, 2), (5, 3)])
    func `nothing traps on a grid however small`(columns: Int, rows: Int) {
        var grid = grid(columns, rows)
        for (column, row) in [(0, 0), (-5, -5), (100, 100), (columns - 1, rows - 1), (Int.max / 4, 0)] {
            grid.put("会x\u{301}計", column: column, row: row, style: .plain)
            grid.fill(Rect(column: column, row: row, columns: 3, rows: 3), style: .plain)
            grid.restyle(Rect(column: column, row: row, columns: 200, rows: 200), Style(attributes: .bold))
            grid.horizontalLine(column: column, row: row, columns: 5, style: .plain)
            grid.verticalLine(column: column, row: row, rows: 5, style: .plain)
            grid.box(
                Rect(column: column, row: row, columns: 6, rows: 4), title: "t", footer: "f", style: .plain)
            Bar.draw(0.5, on: &grid, column: column, row: row, width: 8, filled: .plain, empty: .plain)
            var field = TextField("会計")
            _ = field.handle(.left)
            field.draw(on: &grid, column: column, row: row, width: 3, style: .plain, focused: true)
            _ = grid[Point(column: column, row: row)]
        }
        grid.fill(Rect(column: 0, row: 0, columns: -3, rows: -3), style: .plain)
        grid.box(Rect(column: 0, row: 0, columns: 1, rows: 1), style: .plain)
        #expect(grid.lines.count == rows)
        #expect(isSound(grid))
    }

    @Test func `a box carries its title above and its footer below to the right`() {
        var grid = grid(24, 3)
        grid.box(
            Rect(column: 0, row: 0, columns: 24, rows: 3), title: "Test: 会計", footer: "Esc close",
            style: .plain)
        #expect(
            grid.lines == [
                "┌─ Test: 会計 ─────────┐", "│                      │", "└────────── Esc close ─┘",
            ])
    }

    @Test(arguments: [
        ("a title that is far too long for it", "┌─ a titl... ─┐"), ("", "┌─────────────┐"),
    ])
    func `a title is cut to its box`(title: String, line: String) {
        var grid = grid(15, 2)
        grid.box(Rect(column: 0, row: 0, columns: 15, rows: 2), title: title, style: .plain)
        #expect(grid.lines[0] == line)
    }

    @Test func `a style laid over keeps the text and what it does not name`() {
        var grid = grid(3, 1)
        let red = Style(foreground: .palette(1), attributes: .bold)
        grid.put("ab", column: 0, row: 0, style: red)
        grid.restyle(Rect(column: 0, row: 0, columns: 2, rows: 1), Style(attributes: .reverse))
        let both = Style(foreground: .palette(1), attributes: [.bold, .reverse])
        #expect(grid.styleLines([both: "B", .plain: "p"]) == ["BBp"])
        #expect(grid.lines == ["ab"])
    }

    @Test func `a style laid over a wide character is both halves' own`() {
        for (column, columns) in [(0, 2), (0, 1), (1, 1)] {
            var grid = grid(3, 1)
            grid.put("会", column: 0, row: 0, style: Style(foreground: .palette(1)))
            grid.restyle(Rect(column: column, row: 0, columns: columns, rows: 1), Style(attributes: .bold))
            let styles = grid.row(0).map(\.style)
            #expect(styles[0].foreground == .palette(1), "\(column)")
            #expect(columns == 1 && column == 0 || styles[0] == styles[1], "\(column)")
        }
    }

    /// Every wide character has its right half, every right half its character, and every row its width.
    private func isSound(_ grid: Grid) -> Bool {
        (0..<grid.size.rows).allSatisfy { row in
            let cells = Array(grid.row(row))
            return cells.count == grid.size.columns
                && cells.indices.allSatisfy { at in
                    switch cells[at].width {
                    case 0: at > 0 && cells[at - 1].width == 2
                    case 2: at + 1 < cells.count && cells[at + 1].width == 0
                    default: DisplayText.width(of: cells[at].text) == 1
                    }
                }
        }
    }
}

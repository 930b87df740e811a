/// A place on the screen, counted from the top left corner, which is 0, 0.
package struct Point: Hashable, Sendable {
    package var column: Int
    package var row: Int

    package init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }
}

/// Columns and rows.
package struct Size: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// A rectangle of cells.
package struct Rect: Hashable, Sendable {
    package var origin: Point
    package var size: Size

    package init(column: Int, row: Int, columns: Int, rows: Int) {
        origin = Point(column: column, row: row)
        size = Size(columns: columns, rows: rows)
    }

    /// The last column and row inside.
    package var last: Point {
        Point(column: origin.column + size.columns - 1, row: origin.row + size.rows - 1)
    }

    /// A rectangle of that size in the middle of a screen, clipped to it.
    package static func centred(_ size: Size, in screen: Size) -> Rect {
        let columns = max(0, min(size.columns, screen.columns))
        let rows = max(0, min(size.rows, screen.rows))
        return Rect(
            column: (screen.columns - columns) / 2, row: (screen.rows - rows) / 2, columns: columns,
            rows: rows)
    }
}

/// A screen as a value: cells in rows, and where the cursor stands.
///
/// Whatever is put outside is clipped; a grid of any size, 0x0 too, never traps. Lines are stored as Unicode's
/// box-drawing characters; the terminal's adapter draws them with what the terminal has.
package struct Grid: Equatable, Sendable {
    package let size: Size
    /// Where the cursor stands, nil where none is to be shown.
    package var cursor: Point?
    /// Where a cursor that is not shown is parked, so that screen readers follow it; nil for the corner.
    package var anchor: Point?
    /// What a click means where; the last that holds a place counts.
    package private(set) var hotspots: [Hotspot] = []
    private var cells: [Cell]
    /// How it looks where nothing stands.
    private let ground: Style

    package init(size: Size, style: Style = .plain) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        ground = style
        cells = Array(repeating: Cell(style: style), count: self.size.columns * self.size.rows)
    }

    /// Lets a click in a rectangle mean something.
    package mutating func hotspot(_ rect: Rect, _ target: Hotspot.Target) {
        hotspots.append(Hotspot(rect: rect, target: target))
    }

    /// What a click at a place means.
    package func target(at point: Point) -> Hotspot.Target? {
        hotspots.last { spot in
            point.column >= spot.rect.origin.column && point.column <= spot.rect.last.column
                && point.row >= spot.rect.origin.row && point.row <= spot.rect.last.row
        }?.target
    }

    /// The cell at a place; a blank one outside.
    package subscript(point: Point) -> Cell {
        guard let index = index(point.column, point.row) else { return Cell() }
        return cells[index]
    }

    /// The cells of one row, left to right; none outside.
    package func row(_ row: Int) -> ArraySlice<Cell> {
        guard row >= 0, row < size.rows else { return [] }
        return cells[(row * size.columns)..<((row + 1) * size.columns)]
    }

    /// Writes text from a place to the right.
    ///
    /// The text has to be fit for display already (``DisplayText/sanitised(_:)``); characters of no width are
    /// left out. A wide character that would not fit whole is left out and its place blanked.
    ///
    /// - Parameter width: how many columns it may take at most; to the edge where nil.
    /// - Returns: how many columns it took.
    @discardableResult
    package mutating func put(_ text: String, column: Int, row: Int, style: Style, width: Int? = nil) -> Int {
        guard row >= 0, row < size.rows else { return 0 }
        let end = min(size.columns, width.map { column + max(0, $0) } ?? size.columns)
        var at = column
        if DisplayText.isPlain(text) {
            for byte in text.utf8 {
                guard at < end else { break }
                if at >= 0 { set(Character(Unicode.Scalar(byte)), 1, at, row, style) }
                at += 1
            }
            return max(0, at - column)
        }
        for character in text {
            let wide = DisplayText.width(of: character)
            guard wide > 0 else { continue }
            guard at + wide <= end else { break }
            if at >= 0 { set(character, wide, at, row, style) }
            at += wide
        }
        return max(0, at - column)
    }

    /// Sets one style everywhere in a rectangle and blanks it.
    package mutating func fill(_ rect: Rect, style: Style) {
        let (columns, rows) = inside(rect)
        for row in rows where !columns.isEmpty {
            unsplit(columns.lowerBound, row)
            unsplit(columns.upperBound - 1, row)
        }
        forEach(rect) { cells, index in cells[index] = Cell(style: style) }
    }

    /// Lays a style over what stands in a rectangle. Nothing stays dim under it, and blanks look alike: fewer changes of
    /// style, fewer bytes for a move of the cursor.
    ///
    /// - Parameter loud: styles that do not go under, and what becomes of them in its place.
    package mutating func restyle(_ rect: Rect, _ style: Style, loud: [Style: Style] = [:]) {
        forEach(rect) { cells, index in
            if cells[index].width == 0, index > 0 {
                // The other half of a wide character looks as its first one does.
                cells[index].style = cells[index - 1].style
                return
            }
            if !loud.isEmpty, let louder = loud[cells[index].style] {
                cells[index].style = louder
                return
            }
            var old =
                cells[index].text == " "
                ? Style(background: cells[index].style.background) : cells[index].style
            old.attributes.remove(.dim)
            cells[index].style = style.over(old)
        }
    }

    /// A horizontal line to the right.
    package mutating func horizontalLine(column: Int, row: Int, columns: Int, style: Style) {
        guard columns > 0 else { return }
        put(String(repeating: "─", count: columns), column: column, row: row, style: style)
    }

    /// A vertical line downwards.
    package mutating func verticalLine(column: Int, row: Int, rows: Int, style: Style) {
        guard rows > 0 else { return }
        for line in row..<(row + rows) { put("│", column: column, row: line, style: style) }
    }

    /// A frame with a blank inside; a title in its upper edge, a footer in its lower one, to the right.
    package mutating func box(
        _ rect: Rect, title: String = "", footer: String = "", style: Style, titleStyle: Style? = nil
    ) {
        guard rect.size.columns >= 2, rect.size.rows >= 2 else { return }
        let (left, top) = (rect.origin.column, rect.origin.row)
        let (right, bottom) = (rect.last.column, rect.last.row)
        fill(rect, style: ground)
        for row in [top, bottom] {
            horizontalLine(column: left + 1, row: row, columns: rect.size.columns - 2, style: style)
        }
        for column in [left, right] {
            verticalLine(column: column, row: top + 1, rows: rect.size.rows - 2, style: style)
        }
        put("┌", column: left, row: top, style: style)
        put("┐", column: right, row: top, style: style)
        put("└", column: left, row: bottom, style: style)
        put("┘", column: right, row: bottom, style: style)
        let room = rect.size.columns - 4
        guard room > 2 else { return }
        if !title.isEmpty {
            let text = " \(DisplayText.truncated(title, to: room - 2)) "
            put(text, column: left + 2, row: top, style: titleStyle ?? style)
        }
        if !footer.isEmpty {
            let text = " \(DisplayText.truncated(footer, to: room - 2)) "
            let column = right - 1 - DisplayText.width(text)
            put(text, column: column, row: bottom, style: style)
        }
    }

    /// The text of every row, without blanks at the end: what goldens compare.
    package var lines: [String] {
        (0..<size.rows).map { row in
            var line = ""
            for cell in self.row(row) where cell.width > 0 { line.append(cell.text) }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The style of every cell as a letter of the legend, `.` where it has none: for goldens about colour.
    package func styleLines(_ legend: [Style: Character]) -> [String] {
        (0..<size.rows).map { row in String(self.row(row).map { legend[$0.style] ?? "." }) }
    }

    private func index(_ column: Int, _ row: Int) -> Int? {
        guard column >= 0, column < size.columns, row >= 0, row < size.rows else { return nil }
        return row * size.columns + column
    }

    private mutating func set(_ character: Character, _ wide: Int, _ column: Int, _ row: Int, _ style: Style)
    {
        guard let index = index(column, row) else { return }
        unsplit(column, row)
        if wide == 2 { unsplit(column + 1, row) }
        cells[index] = Cell(text: character, width: wide, style: style)
        if wide == 2 { cells[index + 1] = Cell(text: " ", width: 0, style: style) }
    }

    /// Blanks the other half of a wide character of which one half is about to be overwritten.
    private mutating func unsplit(_ column: Int, _ row: Int) {
        guard let index = index(column, row) else { return }
        if cells[index].width == 0, column > 0 {
            cells[index - 1] = Cell(style: cells[index - 1].style)
        } else if cells[index].width == 2, column + 1 < size.columns {
            cells[index + 1] = Cell(style: cells[index + 1].style)
        }
    }

    /// The columns and rows of a rectangle that lie on the grid.
    private func inside(_ rect: Rect) -> (columns: Range<Int>, rows: Range<Int>) {
        func clipped(_ first: Int, _ last: Int, _ count: Int) -> Range<Int> {
            let start = min(max(0, first), count)
            return start..<min(max(start, last + 1), count)
        }
        return (
            clipped(rect.origin.column, rect.last.column, size.columns),
            clipped(rect.origin.row, rect.last.row, size.rows)
        )
    }

    private mutating func forEach(_ rect: Rect, _ body: (inout [Cell], Int) -> Void) {
        let (columns, rows) = inside(rect)
        for row in rows {
            for column in columns { body(&cells, row * size.columns + column) }
        }
    }
}

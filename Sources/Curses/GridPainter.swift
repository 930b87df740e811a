import CTerm
import Screen

/// Paints grids: only the runs of cells that differ from what is shown.
struct GridPainter {
    let depth: ColourDepth
    /// Whether the terminal takes UTF-8; else only ASCII is sent.
    let unicode: Bool
    /// Whether characters on whose columns terminals disagree take two here, lines among them: only ASCII is sent for them.
    let ambiguousIsWide: Bool
    private var shown: Grid?

    init(depth: ColourDepth, unicode: Bool, ambiguousIsWide: Bool) {
        self.depth = depth
        self.unicode = unicode
        self.ambiguousIsWide = ambiguousIsWide
    }

    /// Whether the next painting writes every cell.
    var isWhole: Bool { shown == nil }

    /// What is shown is not known any more: the next painting writes every cell.
    mutating func forget() { shown = nil }

    /// Writes what has changed into curses; nothing is sent before the flush.
    mutating func paint(_ grid: Grid) {
        for row in 0..<grid.size.rows { paint(row, of: grid) }
        shown = grid
    }

    private func paint(_ row: Int, of grid: Grid) {
        let cells = grid.row(row)
        let old = shown?.size == grid.size ? shown?.row(row) : nil
        if let old, old.elementsEqual(cells) { return }
        var column = cells.startIndex
        while column < cells.endIndex {
            if let old, old[column] == cells[column] {
                column += 1
                continue
            }
            // The run goes on over the same style, so that one call writes it.
            var start = column
            while start > cells.startIndex, cells[start].width == 0 { start -= 1 }
            column = write(cells, from: start, row: row, old: old)
        }
    }

    /// Writes cells of one style up to the first that is as it was; returns the place behind them.
    private func write(_ cells: ArraySlice<Cell>, from start: Int, row: Int, old: ArraySlice<Cell>?) -> Int {
        let style = Self.style(of: cells, from: start)
        apply(style)
        var text = ""
        var textStart = start
        var at = start
        func flush() {
            guard !text.isEmpty else { return }
            let bytes = text.utf8.count
            text.withCString { ct_put(Int32(row), Int32(textStart - cells.startIndex), $0, Int32(bytes)) }
            text = ""
        }
        // The other half of a wide character goes with the first, whatever its style says: it is drawn with it.
        while at < cells.endIndex, Self.looks(cells[at], style) || (at > start && cells[at].width == 0) {
            let cell = cells[at]
            if at > start, let old, old[at] == cell, cell.width > 0 { break }
            if cell.width > 0 {
                if let plain = plain(cell) {
                    if text.isEmpty { textStart = at }
                    text += plain
                } else {
                    flush()
                    Self.draw(cell, column: Int32(at - cells.startIndex), row: Int32(row))
                }
            }
            at += 1
        }
        flush()
        return at
    }

    /// What is sent for a cell as plain ASCII; nil where it is drawn as it is.
    private func plain(_ cell: Cell) -> String? {
        if cell.text.isASCII { return String(cell.text) }
        if let line = Self.line(cell.text) {
            guard ambiguousIsWide else { return nil }
            return line == 0x2500 ? "-" : line == 0x2502 ? "|" : "+"
        }
        let isSent = unicode && !(ambiguousIsWide && DisplayText.isAmbiguous(cell.text))
        return isSent ? nil : String(repeating: "?", count: cell.width)
    }

    /// The style that a run begins in: blanks take that of the text behind them where nobody sees a difference.
    private static func style(of cells: ArraySlice<Cell>, from start: Int) -> Style {
        let own = cells[start].style
        guard let next = cells[start...].first(where: { $0.text != " " || $0.width != 1 }) else { return own }
        return looks(cells[start], next.style) ? next.style : own
    }

    /// Whether a cell looks in some style as it does in its own: a blank shows its background and lines alone.
    private static func looks(_ cell: Cell, _ style: Style) -> Bool {
        if cell.style == style { return true }
        let visible: Style.Attributes = [.reverse, .underline]
        return cell.text == " " && cell.width == 1 && cell.style.background == style.background
            && cell.style.attributes.isDisjoint(with: visible) && style.attributes.isDisjoint(with: visible)
    }

    /// Each at its own place, so that no other opinion on its width moves what follows.
    private static func draw(_ cell: Cell, column: Int32, row: Int32) {
        if let glyph = line(cell.text) {
            ct_line(row, column, glyph)
            return
        }
        let text = String(cell.text)
        let bytes = Int32(text.utf8.count)
        text.withCString { ct_put_cell(row, column, $0, bytes, Int32(cell.width)) }
    }

    private static func line(_ character: Character) -> UInt32? {
        guard let scalar = character.unicodeScalars.first, (0x2500...0x257f).contains(scalar.value) else {
            return nil
        }
        return scalar.value
    }

    private func apply(_ style: Style) {
        var attributes = Int32(style.attributes.rawValue)
        let (foreground, bright) = depth.number(of: style.foreground)
        let (background, _) = depth.number(of: style.background)
        if bright { attributes |= Int32(CT_BOLD) }
        ct_style(attributes, foreground, background)
    }
}

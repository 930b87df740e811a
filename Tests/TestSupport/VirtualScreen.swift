/// A terminal as a value: what the bytes that a program wrote look like.
///
/// It understands what ncurses, psql and shells send under the entries xterm, screen, tmux, linux and vt100;
/// what it does not know it skips without a trace. Deliberately written without a line of the program's own
/// code, its table of widths included, so that a mistake there shows here.
package struct VirtualScreen: Sendable {
    package private(set) var columns: Int
    package private(set) var rows: Int
    /// Where the next character goes, from 0.
    package internal(set) var column = 0
    package internal(set) var row = 0
    /// The DEC private modes that are set: 25 a visible cursor, 1049 the alternate screen, 2004 bracketed paste.
    package internal(set) var modes: Set<Int> = [7, 25]
    /// What scrolled off the top of the normal screen, oldest first.
    package internal(set) var scrollback: [String] = []
    /// How often the bell rang.
    package internal(set) var bells = 0

    package var cells: [[VirtualCell]]
    /// The normal screen while the alternate one is shown.
    var other: [[VirtualCell]]?
    var style = VirtualStyle()
    var wrapIsPending = false
    var region: Range<Int>
    var saved = VirtualCursor()
    var savedByAlternate = VirtualCursor()
    var lineDrawing = [false, false]
    var shift = 0
    var lastText = ""
    var insertMode = false
    var state = VirtualParserState.ground

    package init(columns: Int = 80, rows: Int = 24) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        cells = Self.blank(self.columns, self.rows)
        region = 0..<self.rows
    }

    /// Text of every row, without blanks at its end.
    package var lines: [String] { cells.map(Self.text) }

    /// All rows as one text.
    package var text: String { lines.joined(separator: "\n") }

    /// Whether the alternate screen is shown.
    package var isAlternate: Bool { other != nil }

    /// Whether some row holds this text.
    package func contains(_ wanted: String) -> Bool { lines.contains { $0.contains(wanted) } }

    /// The first row that holds this text.
    package func row(with wanted: String) -> Int? { lines.firstIndex { $0.contains(wanted) } }

    /// The cell at a place; a blank one outside.
    package func cell(column: Int, row: Int) -> VirtualCell {
        guard cells.indices.contains(row), cells[row].indices.contains(column) else { return VirtualCell() }
        return cells[row][column]
    }

    /// The style where a text begins, nil where no row holds it.
    package func style(of wanted: String) -> VirtualStyle? {
        for row in cells.indices {
            let line = Self.text(cells[row])
            guard let range = line.firstRange(of: wanted) else { continue }
            var left = line[..<range.lowerBound].count
            for cell in cells[row] where cell.width > 0 {
                if left == 0 { return cell.style }
                left -= 1
            }
        }
        return nil
    }

    /// A new size: the upper left corner stays, as on a terminal that does not reflow.
    package mutating func resize(columns: Int, rows: Int) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        cells = fitted(cells)
        other = other.map { fitted($0) }
        region = 0..<self.rows
        row = min(row, self.rows - 1)
        column = min(column, self.columns - 1)
        wrapIsPending = false
    }

    private func fitted(_ old: [[VirtualCell]]) -> [[VirtualCell]] {
        var new = Self.blank(columns, rows)
        for (row, line) in old.prefix(rows).enumerated() {
            for (column, cell) in line.prefix(columns).enumerated() { new[row][column] = cell }
        }
        return new
    }

    static func blank(_ columns: Int, _ rows: Int) -> [[VirtualCell]] {
        Array(repeating: Array(repeating: VirtualCell(), count: columns), count: rows)
    }

    static func text(_ line: [VirtualCell]) -> String {
        var text = line.filter { $0.width > 0 }.map(\.text).joined()
        while text.last == " " { text.removeLast() }
        return text
    }
}

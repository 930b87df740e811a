import Screen

/// A key that the lower edge of a dialog names, and that can be clicked there.
struct EdgeKey {
    /// Key and meaning: `Esc close`.
    var text: String
    var key: Key?

    init(_ text: String, _ key: Key?) {
        (self.text, self.key) = (text, key)
    }
}

extension Grid {
    /// A box whose lower edge names keys.
    mutating func dialog(
        _ rect: Rect, title: String, keys: [EdgeKey], style: Style, titleStyle: Style? = nil
    ) {
        let gap = "   "
        // Those that find room whole, the most wanted first.
        var room = rect.size.columns - 6 + gap.count
        let keys = keys.filter { edge in
            let columns = DisplayText.width(edge.text) + gap.count
            defer { if columns <= room { room -= columns } }
            return columns <= room
        }
        let footer = keys.map(\.text).joined(separator: gap)
        box(rect, title: title, footer: footer, style: style, titleStyle: titleStyle)
        let end = rect.last.column - 2
        var column = end - DisplayText.width(DisplayText.truncated(footer, to: rect.size.columns - 6))
        for edge in keys {
            let columns = min(DisplayText.width(edge.text), end - column)
            if let key = edge.key, columns > 0 {
                hotspot(Rect(column: column, row: rect.last.row, columns: columns, rows: 1), .key(key))
            }
            column += DisplayText.width(edge.text) + gap.count
        }
    }

    /// Says at a box's right edge that there is more above or below.
    mutating func scrollMarks(_ rect: Rect, above: Bool, below: Bool, style: Style) {
        if above { put("^", column: rect.last.column, row: rect.origin.row + 1, style: style) }
        if below { put("v", column: rect.last.column, row: rect.last.row - 1, style: style) }
    }
}

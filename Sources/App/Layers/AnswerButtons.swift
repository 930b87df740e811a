import Screen

/// Draws the answers to a question in its last line but the border: what changes nothing, which is the default and the only
/// thing that Enter does, and the key that does what is asked about.
enum AnswerButtons {
    /// - Parameters:
    ///   - safe: the word of the default.
    ///   - action: what is asked about; without a key of its own only the default is drawn.
    ///   - words: what that does, behind its key.
    static func draw(
        safe: String, _ action: Action, _ words: String, in context: Context, _ rect: Rect,
        on grid: inout Grid, _ model: Model, theme: Theme
    ) {
        let row = rect.last.row - 1
        var column = rect.origin.column + 3
        grid.anchor = Point(column: column, row: row)
        func button(_ parts: [Segment], _ key: Key) {
            let start = column
            for part in parts {
                column += grid.put(part.text, column: column, row: row, style: theme[part.role])
            }
            grid.hotspot(Rect(column: start, row: row, columns: column - start, rows: 1), .key(key))
            column += 3
        }
        button([Segment("[ \(safe) ]", .selected)], .escape)
        guard let binding = model.options.keys.of(context).first(where: { $0.action == action }),
            let key = model.key(binding)
        else { return }
        button([Segment(key.name, .key), Segment(" \(words)", .text)], key)
    }
}

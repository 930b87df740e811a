/// A line of text being edited: the text, the cursor and the keys that change them.
package struct TextField: Hashable, Sendable {
    /// Longer pastes are cut, so that no key takes long.
    package static let limit = 100_000

    package private(set) var text: String
    /// The cursor's place, in characters from the start.
    package private(set) var cursor: Int

    /// The cursor stands behind the text.
    package init(_ text: String = "") {
        self.text = text
        cursor = text.count
    }

    /// The line with other characters in the place of its own, the cursor where it is; as it is where they are not as many.
    package func showing(_ characters: String) -> TextField {
        guard characters.count == text.count else { return self }
        var line = self
        line.text = characters
        return line
    }

    /// Replaces the text as one edit, the cursor behind it.
    package mutating func replace(with text: String) {
        self.text = text
        cursor = text.count
    }

    /// Takes a key that edits.
    ///
    /// - Returns: false where the key means nothing here, so that others may have it.
    package mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character), trimmed: false)
        case .paste(let pasted): insert(pasted, trimmed: true)
        case .backspace: deleteBackward()
        case .delete, .control("d"): deleteForward()
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(text.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end: cursor = text.count
        case .wordLeft, .alt("b"): cursor = startOfWord
        case .wordRight, .alt("f"): cursor = endOfWord
        case .control("u"): replaceRange(0, cursor)
        case .control("k"): replaceRange(cursor, text.count)
        case .control("w"): deleteWord()
        default: return false
        }
        return true
    }

    private mutating func insert(_ added: String, trimmed: Bool) {
        // A line has no line breaks: the ends of a paste fall away, those inside become blanks.
        var clean = String.UnicodeScalarView()
        for scalar in added.unicodeScalars.prefix(Self.limit) {
            switch scalar.value {
            case 0x09, 0x0a, 0x0d: clean.append(" ")
            case 0x00..<0x20, 0x7f..<0xa0: continue
            default: clean.append(scalar)
            }
        }
        var line = String(clean)
        if trimmed {
            while line.last == " " { line.removeLast() }
            while line.first == " " { line.removeFirst() }
        }
        let before = text.count
        let room = max(0, Self.limit - before)
        let at = text.index(text.startIndex, offsetBy: cursor)
        text.insert(contentsOf: line.prefix(room), at: at)
        // A combining mark joins the character before it: count again instead of adding up.
        cursor = max(0, min(text.count, cursor + text.count - before))
    }

    private mutating func deleteBackward() {
        guard cursor > 0 else { return }
        replaceRange(cursor - 1, cursor)
    }

    private mutating func deleteForward() {
        guard cursor < text.count else { return }
        replaceRange(cursor, cursor + 1)
    }

    private mutating func deleteWord() { replaceRange(startOfWord, cursor) }

    /// Where the word before the cursor begins.
    private var startOfWord: Int {
        let head = Array(text.prefix(cursor))
        var start = head.count
        while start > 0, head[start - 1].isWhitespace { start -= 1 }
        while start > 0, !head[start - 1].isWhitespace { start -= 1 }
        return start
    }

    /// Behind the word after the cursor.
    private var endOfWord: Int {
        let rest = text.dropFirst(cursor)
        let blanks = rest.prefix { $0.isWhitespace }.count
        return cursor + blanks + rest.dropFirst(blanks).prefix { !$0.isWhitespace }.count
    }

    private mutating func replaceRange(_ from: Int, _ to: Int) {
        let start = text.index(text.startIndex, offsetBy: from)
        let end = text.index(text.startIndex, offsetBy: to)
        text.removeSubrange(start..<end)
        cursor = from
    }

    /// Draws the line into so many columns, scrolled so that the cursor is seen, and places the grid's cursor
    /// where the field has the focus.
    package func draw(
        on grid: inout Grid, column: Int, row: Int, width: Int, style: Style, focused: Bool
    ) {
        guard width > 0 else { return }
        grid.fill(Rect(column: column, row: row, columns: width, rows: 1), style: style)
        guard focused else {
            grid.put(
                DisplayText.truncated(DisplayText.sanitised(String(text.prefix(width * 4))), to: width),
                column: column, row: row, style: style)
            return
        }
        // Only what can be seen is measured: a paste of 100 kB must not cost more than a short one.
        let head = DisplayText.sanitised(String(text.prefix(cursor).suffix(width * 2)))
        let after = DisplayText.sanitised(String(text.dropFirst(cursor).prefix(width * 2)))
        // What stands under the cursor is seen whole.
        let under = max(1, after.first.map(DisplayText.width(of:)) ?? 1)
        let before = DisplayText.suffix(head, columns: width - under)
        let taken = grid.put(before, column: column, row: row, style: style, width: width)
        grid.put(after, column: column + taken, row: row, style: style, width: width - taken)
        grid.cursor = Point(column: column + taken, row: row)
    }
}

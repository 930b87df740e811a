import Screen

/// Draws the help: the bindings of a context under their headings, or those that match what is typed.
enum HelpView {
    static func draw(_ help: HelpState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let rect = rect(in: grid.size, help, model)
        let hint = help.query.text.isEmpty ? "type to search" : "search: \(help.query.text)"
        let title = "Help: \(help.context.title)   \(DisplayText.sanitised(hint))"
        let all = lines(help, model, width: rect.size.columns - 4)
        let shown = rect.size.rows - 2
        let isLong = all.count > shown
        grid.dialog(
            rect, title: title,
            keys: (isLong ? [EdgeKey("Up Down scroll", .down)] : [])
                + (help.context == .list ? [EdgeKey(":keys to rebind", nil)] : [])
                + [EdgeKey("Esc close", .escape)],
            style: theme[.border],
            titleStyle: theme[.title])
        let top = min(help.top, max(0, all.count - shown))
        for (offset, line) in all.dropFirst(top).prefix(shown).enumerated() {
            for piece in line {
                grid.put(
                    piece.segment.text, column: rect.origin.column + 2 + piece.column,
                    row: rect.origin.row + 1 + offset, style: theme[piece.segment.role],
                    width: rect.size.columns - 4 - piece.column)
            }
        }
        grid.scrollMarks(rect, above: top > 0, below: top + shown < all.count, style: theme[.key])
    }

    /// How far the help can be scrolled.
    static func lastTop(_ help: HelpState, model: Model) -> Int {
        let rect = rect(in: model.size, help, model)
        return max(0, lines(help, model, width: rect.size.columns - 4).count - (rect.size.rows - 2))
    }

    /// A text in a line, at a column.
    private struct Piece {
        var column: Int
        var segment: Segment
    }

    private static func rect(in size: Size, _ help: HelpState, _ model: Model) -> Rect {
        let columns = min(78, size.columns - 2)
        // As tall as the whole help, also while a search shows less of it.
        let tall = blockLines(model.options.keys.of(help.context), help, model, width: columns - 4).count + 2
        return Rect.centred(Size(columns: columns, rows: min(tall, size.rows - 2)), in: size)
    }

    private static func lines(_ help: HelpState, _ model: Model, width: Int) -> [[Piece]] {
        let table = model.options.keys.of(help.context)
        let query = help.query.text.lowercased()
        guard query.isEmpty else {
            let found = table.filter {
                $0.help.lowercased().contains(query) || $0.keyNames.lowercased().contains(query)
            }
            if found.isEmpty {
                return [[Piece(column: 1, segment: Segment("nothing here does that", .muted))]]
            }
            return found.flatMap { explained($0, help, model, width: width) }
        }
        return blockLines(table, help, model, width: width)
    }

    /// The bindings under their headings, and below them why some do nothing now.
    private static func blockLines(
        _ table: [Binding], _ help: HelpState, _ model: Model, width: Int
    ) -> [[Piece]] {
        let sections = Binding.Section.allCases
            .map { section in (section, table.filter { $0.section == section }) }.filter { !$0.1.isEmpty }
        let isBeside = help.context == .list && width >= 72
        let columnWidth = isBeside ? (width + 1) / 3 : width - 1
        let longest = table.map { DisplayText.width($0.keyNames) }.max() ?? 0
        // Keys of the user's own may be many: the words need most of the room.
        let keysWidth = isBeside ? min(max(7, longest), 11) + 1 : min(max(7, longest) + 2, width / 2)
        let blocks = sections.map { section, bindings in
            [[Piece(column: 0, segment: Segment(section.rawValue, .title))]]
                + bindings.flatMap {
                    // Before the next column there is a blank, and the mark of what does nothing now.
                    lines(of: $0, help, model, keys: keysWidth, room: columnWidth - keysWidth - 2)
                }
        }
        let reasons = reasons(table, help, model, width: width)
        guard isBeside else {
            return Array(blocks.joined(separator: [[]])).map { $0.map { shifted($0, by: 1) } } + reasons
        }
        return beside(columns(of: blocks), width: columnWidth) + reasons
    }

    /// What the marked keys wait for, each reason once.
    private static func reasons(
        _ table: [Binding], _ help: HelpState, _ model: Model, width: Int
    ) -> [[Piece]] {
        var found: [(reason: String, keys: [String])] = []
        for binding in table {
            guard let reason = obstacle(binding, help, model), let key = binding.keys.first?.name else {
                continue
            }
            if let at = found.firstIndex(where: { $0.reason == reason }) {
                found[at].keys.append(key)
            } else {
                found.append((reason, [key]))
            }
        }
        guard !found.isEmpty else { return [] }
        let lines = found.flatMap { reason, keys in
            TextLines.wrapped("\(keys.joined(separator: " "))  \(reason)", width: width - 3, limit: 4)
                .enumerated().map { number, text in
                    [Piece(column: 0, segment: Segment(number == 0 ? "- \(text)" : "    \(text)", .text))]
                }
        }
        return [[], [Piece(column: 1, segment: Segment("- NOT NOW", .title))]] + lines
    }

    /// Three columns: the first block alone, the last below the one before it where that keeps them level.
    private static func columns(of blocks: [[[Piece]]]) -> [[[Piece]]] {
        var columns: [[[Piece]]] = [[], [], []]
        for block in blocks {
            let shortest = columns.indices.min { columns[$0].count < columns[$1].count } ?? 0
            if !columns[shortest].isEmpty { columns[shortest].append([]) }
            columns[shortest] += block
        }
        return columns
    }

    private static func beside(_ columns: [[[Piece]]], width: Int) -> [[Piece]] {
        let height = columns.map(\.count).max() ?? 0
        return (0..<height).map { row in
            columns.enumerated().flatMap { number, column in
                row < column.count ? column[row].map { shifted($0, by: 1 + number * width) } : []
            }
        }
    }

    private static func shifted(_ piece: Piece, by columns: Int) -> Piece {
        Piece(column: piece.column + columns, segment: piece.segment)
    }

    private static func obstacle(_ binding: Binding, _ help: HelpState, _ model: Model) -> String? {
        help.context == .list ? model.obstacle(binding.action) : nil
    }

    /// Keys and what they do; what does nothing now is greyed, and marked where grey is not seen.
    private static func lines(
        of binding: Binding, _ help: HelpState, _ model: Model, keys: Int, room: Int
    ) -> [[Piece]] {
        let isOff = obstacle(binding, help, model) != nil
        let names = DisplayText.truncated(binding.keyNames, to: keys - 1)
        return TextLines.wrapped(binding.help, width: room, limit: 4).enumerated().map { number, text in
            let said = Piece(column: keys, segment: Segment(text, isOff ? .muted : .text))
            guard number == 0 else { return [said] }
            let pieces = [Piece(column: 0, segment: Segment(names, isOff ? .muted : .key)), said]
            return isOff ? [Piece(column: -1, segment: Segment("-", .muted))] + pieces : pieces
        }
    }

    /// The same with the reason, over as many lines as it takes.
    private static func explained(
        _ binding: Binding, _ help: HelpState, _ model: Model, width: Int
    ) -> [[Piece]] {
        let obstacle = obstacle(binding, help, model)
        let words = binding.help + (obstacle.map { " (\($0))" } ?? "")
        let role: Role = obstacle == nil ? .text : .muted
        let indent = min(max(11, DisplayText.width(binding.keyNames) + 3), width / 2)
        return TextLines.wrapped(words, width: width - indent, limit: 4).enumerated().map { number, text in
            let said = Piece(column: indent, segment: Segment(text, role))
            guard number == 0 else { return [said] }
            let names = DisplayText.truncated(binding.keyNames, to: indent - 2)
            let keys = Piece(column: 1, segment: Segment(names, obstacle == nil ? .key : .muted))
            return obstacle == nil
                ? [keys, said] : [Piece(column: 0, segment: Segment("-", .muted)), keys, said]
        }
    }
}

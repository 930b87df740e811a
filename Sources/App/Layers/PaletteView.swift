import Screen

/// Draws the command line and what it could become.
enum PaletteView {
    static func draw(_ palette: PaletteState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(78, grid.size.columns - 2)
        let candidates = model.candidates(palette)
        let rows = max(1, min(12, grid.size.rows - 7))
        let rect = Rect(
            column: (grid.size.columns - width) / 2, row: 2, columns: width, rows: rows + 4)
        grid.dialog(
            rect, title: palette.isCompleted ? "Command: Enter runs it" : "Command",
            keys: FooterView.edge(model, .palette), style: theme[.border],
            titleStyle: theme[.title])
        let (left, room) = (rect.origin.column + 2, width - 4)
        grid.put(":", column: left, row: rect.origin.row + 1, style: theme[.key])
        palette.line.draw(
            on: &grid, column: left + 2, row: rect.origin.row + 1, width: room - 2,
            style: theme[.fieldFocused],
            focused: true)
        let hint = hint(palette, model, isEmpty: candidates.isEmpty)
        let first = rect.origin.row + 2
        // What is offered stands below the hint.
        let isBelow = hint != nil && !candidates.isEmpty
        let (start, shown) = isBelow ? (first + 1, rows - 1) : (first, rows)
        if let hint {
            grid.put(
                DisplayText.truncated(hint, to: room - 2), column: left + 2, row: first, style: theme[.muted],
                width: room - 2)
        }
        let top = max(0, min(palette.selection - shown / 2, candidates.count - shown))
        for (offset, candidate) in candidates.dropFirst(top).prefix(shown).enumerated() {
            grid.hotspot(
                Rect(column: left, row: start + offset, columns: room, rows: 1),
                .line(top + offset))
            draw(
                candidate,
                isChosen: top + offset == palette.selection && (palette.isChosen || !candidate.isOffered),
                on: &grid, model, left,
                start + offset, room, theme)
        }
    }

    private static func draw(
        _ candidate: PaletteState.Candidate, isChosen: Bool, on grid: inout Grid, _ model: Model, _ left: Int,
        _ row: Int, _ room: Int, _ theme: Theme
    ) {
        let obstacle = candidate.isArgument ? nil : model.obstacle(candidate.command)
        let role: Role = obstacle == nil ? .text : .muted
        grid.put(isChosen ? ">" : " ", column: left, row: row, style: theme[.text])
        let name = DisplayText.padded(
            DisplayText.sanitised(candidate.text), to: candidate.isArgument ? room - 2 : 18)
        grid.put(
            name, column: left + 2, row: row, style: theme[isChosen ? .selected : role],
            width: candidate.isArgument ? room - 2 : 18)
        guard !candidate.isArgument else { return }
        var key = ""
        if case .action(let action) = candidate.command.verb {
            key = model.options.keys.name(of: action, in: .list)
        }
        let words = obstacle.map { "\(candidate.help) (\($0))" } ?? candidate.help
        let wide = room - 21 - key.count - 1
        grid.put(
            DisplayText.truncated(words, to: max(0, wide)), column: left + 21, row: row, style: theme[role],
            width: max(0, wide))
        grid.put(key, column: left + room - key.count, row: row, style: theme[.key])
    }

    /// What is to be typed behind the command, or why nothing is found.
    private static func hint(_ palette: PaletteState, _ model: Model, isEmpty: Bool) -> String? {
        if let (command, argument) = palette.withArgument(PaletteCommand.all(model.options)) {
            switch command.argument {
            case .text(_, .environments) where !argument.isEmpty:
                return model.doubt(ofEnvironment: argument) ?? command.help
            case .text(let word, _):
                return argument.isEmpty ? "\(command.name) \(word): \(command.help)" : command.help
            case .words(let words) where isEmpty: return "choose \(words.joined(separator: ", "))"
            default: return isEmpty ? "nothing is called that" : nil
            }
        }
        guard isEmpty else { return nil }
        if let whole = palette.wholeLine(PaletteCommand.all(model.options)) {
            return "it is written \(DisplayText.sanitised(whole)): Enter writes it out"
        }
        let typed = palette.line.text.trimmingBlanks().lowercased()
        return PaletteCommand.elsewhere[typed].map { "\(typed) \($0)" } ?? "no command is called that"
    }
}

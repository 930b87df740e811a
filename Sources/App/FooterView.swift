import Screen

/// The two lowest lines: what the last action came to, and the keys that work here.
enum FooterView {
    static func draw(on grid: inout Grid, _ model: Model, theme: Theme, layout: ListLayout) {
        if model.filterLine != nil, model.context == .filter {
            drawFilter(on: &grid, model, theme, layout)
        } else {
            drawStatus(on: &grid, model, theme, layout)
        }
        if case .form(let form) = model.layers.last,
            let answers = form.state.answers(model.options.keys.name(of: .save, in: .form))
        {
            grid.put(answers, column: 1, row: layout.footerRow, style: theme[.text])
        } else {
            drawKeys(on: &grid, model, theme, layout)
        }
    }

    // MARK: The filter's line

    private static func drawFilter(
        on grid: inout Grid, _ model: Model, _ theme: Theme, _ layout: ListLayout
    ) {
        guard let line = model.filterLine else { return }
        let found = "\(model.list.matchCount) of \(model.list.count)"
        let row = layout.statusRow
        let right = grid.size.columns - 1 - found.count
        grid.put(" /", column: 0, row: row, style: theme[.key])
        let room = max(1, right - 4)
        let isKept = model.filterBeginsAnew
        line.draw(
            on: &grid, column: 2, row: row,
            width: isKept ? min(room, DisplayText.width(line.text) + 1) : room,
            style: theme[isKept ? .selected : .text], focused: true)
        let role: Role = model.list.matchCount == 0 && !model.list.saved.isEmpty ? .warning : .muted
        grid.put(found, column: right, row: row, style: theme[role])
    }

    // MARK: The status

    /// Whether the status is read over what is open too: trouble is, what one line does not hold, and what a form waits for.
    static func standsOverLayers(_ model: Model) -> Bool {
        guard let status = model.shownStatus else { return false }
        if model.isOpeningTyped, model.context == .form { return true }
        return status.kind == .trouble || lines(of: status, model).count > 1
    }

    /// What to do stands at the end: rather than cut it there, it grows upwards over the detail.
    private static func lines(of status: StatusLine, _ model: Model) -> [String] {
        let prefix =
            switch status.kind {
            case .plain: ""
            case .ok: "ok: "
            case .trouble: "! "
            }
        return TextLines.wrapped(
            prefix + DisplayText.sanitised(status.text),
            width: model.size.columns - 1 - position(model).count - 3,
            limit: status.kind == .trouble ? 5 : 2)
    }

    private static func position(_ model: Model) -> String {
        var position = model.list.ordinal.map { "\($0)/\(model.list.matchCount)" } ?? ""
        // How a session on it starts, where there is room for that too.
        if model.size.columns >= 100, !position.isEmpty, let profile = model.selectedProfile {
            position += model.effective(profile).startsReadOnly ? "  [ro]" : "  [rw]"
        }
        return position
    }

    static func drawStatus(
        on grid: inout Grid, _ model: Model, _ theme: Theme, _ layout: ListLayout
    ) {
        let position = position(model)
        let right = grid.size.columns - 1 - position.count
        grid.put(position, column: right, row: layout.statusRow, style: theme[.text])
        guard let status = model.shownStatus else { return }
        let role: Role =
            switch status.kind {
            case .plain: .text
            case .ok: .ok
            case .trouble: .failure
            }
        let lines = lines(of: status, model)
        for (offset, line) in lines.enumerated() {
            let row = layout.statusRow - lines.count + 1 + offset
            if offset < lines.count - 1 || !model.layers.isEmpty {
                let columns = model.layers.isEmpty ? layout.listColumns : right
                grid.fill(Rect(column: 0, row: row, columns: columns, rows: 1), style: theme[.text])
            }
            grid.put(line, column: 1, row: row, style: theme[role], width: right - 3)
        }
    }

    // MARK: The keys

    private static func drawKeys(
        on grid: inout Grid, _ model: Model, _ theme: Theme, _ layout: ListLayout
    ) {
        let width = grid.size.columns
        let gap = width >= 100 ? 3 : 2
        var column = 1
        var table = model.options.keys.of(model.context)
        // A new user is shown what works, and so is a dialog's; in the list a greyed key keeps the others in their
        // places.
        if model.list.saved.isEmpty || model.context != .list {
            table.removeAll { model.obstacle($0.action) != nil }
        }
        for binding in fitting(table, model, width: width - 2, gap: gap) {
            let isOff = model.obstacle(binding.action) != nil
            let start = column
            column += grid.put(
                model.key(binding)?.name ?? "", column: column, row: layout.footerRow,
                style: theme[isOff ? .muted : .key])
            column += grid.put(
                " \(model.word(binding))", column: column, row: layout.footerRow,
                style: theme[isOff ? .muted : .text])
            if let key = model.key(binding) {
                grid.hotspot(
                    Rect(column: start, row: layout.footerRow, columns: column - start, rows: 1), .key(key))
            }
            column += gap
        }
    }

    /// The bindings that find room, the most wanted first, in the order of the table.
    static func fitting(_ table: [Binding], _ model: Model, width: Int, gap: Int) -> [Binding] {
        var left = width + gap
        var chosen: Set<Int> = []
        for (place, binding) in table.enumerated().sorted(by: { $0.element.rank < $1.element.rank }) {
            guard binding.footer != nil, let key = model.key(binding) else { continue }
            let taken = key.name.count + 1 + model.word(binding).count + gap
            guard taken <= left else { break }
            left -= taken
            chosen.insert(place)
        }
        return table.indices.filter(chosen.contains).map { table[$0] }
    }

    /// The keys of a dialog that work now, for its lower edge.
    static func edge(_ model: Model, _ context: Context) -> [EdgeKey] {
        model.options.keys.of(context).filter {
            $0.footer != nil && !$0.keys.isEmpty && model.obstacle($0.action) == nil
        }
        .sorted { $0.rank < $1.rank }
        .map { EdgeKey("\(model.key($0)?.name ?? "") \(model.word($0))", model.key($0)) }
    }
}

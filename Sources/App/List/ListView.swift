import Profiles
import Screen

/// Draws the list: the heads of its columns, groups and profiles.
enum ListView {
    static func draw(on grid: inout Grid, _ model: Model, theme: Theme, layout: ListLayout) {
        let columns = ListColumns(
            width: layout.columnsWidth, choice: model.columns, hasTunnels: model.list.hasTunnels,
            environmentWidth: model.list.environmentWidth)
        let marks = MatchMarks(model.list.filter)
        drawHeads(on: &grid, columns, theme)
        guard !model.list.rows.isEmpty else {
            drawEmpty(on: &grid, model, theme, layout)
            return
        }
        let top = model.list.top(height: layout.listRows)
        for offset in 0..<layout.listRows {
            let number = top + offset
            guard number < model.list.rows.count else { break }
            let row = layout.listTop + offset
            grid.hotspot(Rect(column: 0, row: row, columns: layout.listColumns, rows: 1), .line(number))
            switch model.list.rows[number] {
            case .header(let group): drawGroup(on: &grid, model, group, row, theme, layout)
            case .profile(let place):
                drawProfile(on: &grid, ProfileCells(place, model), columns, row, marks, theme)
            }
            if number == model.list.selectedRow {
                grid.anchor = Point(column: 0, row: row)
                grid.put(">", column: 0, row: row, style: theme[.text])
                select(on: &grid, row, columns, theme, layout)
            }
        }
    }

    /// Lays the cursor's style over a row. The bar keeps its own: reversed once more, it would vanish.
    private static func select(
        on grid: inout Grid, _ row: Int, _ columns: ListColumns, _ theme: Theme, _ layout: ListLayout
    ) {
        func lay(_ start: Int, _ end: Int, loud: [Style: Style] = [:]) {
            guard end > start else { return }
            grid.restyle(
                Rect(column: start, row: row, columns: end - start, rows: 1), theme[.selected], loud: loud)
        }
        let loud = loud(theme)
        var at = 0
        for span in [columns.environment, columns.way, columns.token, columns.bar, columns.test].compactMap({
            $0
        }) {
            lay(at, span.start)
            at = span.start + span.width
            if span.start != columns.bar?.start { lay(span.start, at, loud: loud) }
        }
        lay(at, layout.listColumns)
    }

    /// What must not drown in the cursor's colours: that row is the one about to be opened. It becomes a block of its
    /// own colour, which reads as well as the colour alone does elsewhere.
    private static func loud(_ theme: Theme) -> [Style: Style] {
        let plain = theme[.text]
        var loud: [Style: Style] = [:]
        for role: Role in [.prod, .stage, .dev, .local, .otherEnvironment, .failure, .warning] {
            let style = theme[role]
            guard style.foreground != plain.foreground || style.background != plain.background else {
                continue
            }
            var block = style
            if style.background == plain.background { block.attributes.insert(.reverse) }
            loud[style] = block
        }
        return loud
    }

    private static func drawHeads(on grid: inout Grid, _ columns: ListColumns, _ theme: Theme) {
        func head(
            _ text: String, _ column: SortOrder.Column, _ span: ListColumns.Span?, right: Bool = false
        ) {
            guard let span else { return }
            put(Segment(text, .title), span, on: &grid, row: 1, theme, right: right)
            grid.hotspot(
                Rect(column: span.start, row: 1, columns: span.width, rows: 1), .column(column.rawValue))
        }
        head("NAME", .name, columns.name)
        head("ENV", .env, columns.environment)
        head("R", .role, columns.role)
        if let way = columns.way { put(Segment("VIA", .title), way, on: &grid, row: 1, theme) }
        head("ENDPOINT", .endpoint, columns.endpoint)
        head("USER@DB", .user, columns.user)
        head("AUTH", .auth, columns.auth)
        head("TOKEN", .token, columns.token, right: true)
        head("TEST", .test, columns.test)
        if let version = columns.version { put(Segment("VER", .title), version, on: &grid, row: 1, theme) }
        head("LAST", .lastUsed, columns.last, right: true)
    }

    /// Puts a text into a column, cut in its middle where it is too wide.
    private static func put(
        _ segment: Segment, _ span: ListColumns.Span, on grid: inout Grid, row: Int, _ theme: Theme,
        right: Bool = false
    ) {
        let text = DisplayText.elided(segment.text, to: span.width)
        let indent = right ? span.width - DisplayText.width(text) : 0
        grid.put(
            text, column: span.start + indent, row: row, style: theme[segment.role],
            width: span.width - indent)
    }

    // MARK: Groups

    private static func drawGroup(
        on grid: inout Grid, _ model: Model, _ number: Int, _ row: Int, _ theme: Theme, _ layout: ListLayout
    ) {
        let group = model.list.groups[number]
        let isOpen = model.list.isOpen(group)
        let title = DisplayText.sanitised(group.key.title)
        var style = theme[.group]
        if let role = group.environment?.role { style = theme[role].over(style) }
        let marked = isOpen ? 0 : model.list.markedCount(of: group)
        if marked > 0 { grid.put("+", column: 0, row: row, style: theme[.mark]) }
        var column = 1
        column += grid.put(isOpen ? "[-] " : "[+] ", column: column, row: row, style: theme[.group])
        let room = max(0, layout.listColumns - column)
        column += grid.put(
            DisplayText.truncated(title, to: min(30, room)), column: column, row: row, style: style)
        let count = model.list.count(of: group)
        var words = "  \(count) profile\(count == 1 ? "" : "s")"
        if model.list.isFiltering { words = "  \(group.visible.count) of \(count)" }
        if !group.key.note.isEmpty { words = "  \(DisplayText.sanitised(group.key.note))\(words)" }
        if !isOpen { words += marked > 0 ? " (collapsed, \(marked) marked)" : " (collapsed)" }
        column += grid.put(
            words, column: column, row: row, style: theme[.text], width: layout.listColumns - column)
        if isOpen, let policy = policy(group.environment, model),
            column + 11 + policy.count <= layout.listColumns
        {
            grid.put("   policy: \(policy)", column: column, row: row, style: theme[.muted])
        }
    }

    private static func policy(_ environment: Environment?, _ model: Model) -> String? {
        guard let environment else { return nil }
        var words: [String] = []
        let policies = model.options.policies
        switch policies.confirmation(environment) {
        case .none: break
        case .key: words.append("confirm")
        case .name: words.append("type the name")
        }
        if policies.startsReadOnly(environment) { words.append("read-only by default") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    // MARK: Profiles

    private static func drawProfile(
        on grid: inout Grid, _ cells: ProfileCells, _ columns: ListColumns, _ row: Int, _ marks: MatchMarks,
        _ theme: Theme
    ) {
        func cell(_ segment: Segment, _ span: ListColumns.Span?, right: Bool = false) {
            guard let span else { return }
            put(segment, span, on: &grid, row: row, theme, right: right)
        }
        grid.put(cells.mark, column: 1, row: row, style: theme[.mark])
        cell(Segment(cells.name), columns.name)
        let environment = cells.environment
        cell(
            Segment(
                DisplayText.elided(environment.text, to: columns.environment.width, mark: ".."),
                environment.role),
            columns.environment)
        cell(Segment(cells.role), columns.role)
        cell(cells.way, columns.way)
        let endpoint = columns.endpoint.map { cells.endpoint(width: $0.width) } ?? ""
        cell(Segment(endpoint), columns.endpoint)
        cell(Segment(cells.userAndDatabase), columns.user)
        if !marks.isEmpty {
            for (text, span, isName) in [
                (cells.name, columns.name, true), (endpoint, columns.endpoint, false),
                (cells.userAndDatabase, columns.user, false),
            ] {
                guard let span else { continue }
                let shown = DisplayText.elided(text, to: span.width)
                for columns in marks.columns(in: shown, isName: isName) {
                    let place = Rect(
                        column: span.start + columns.lowerBound, row: row, columns: columns.count, rows: 1)
                    grid.restyle(place, theme[.match])
                }
            }
        }
        cell(Segment(cells.saved.profile.auth.badge), columns.auth)
        drawToken(on: &grid, cells.token, columns, row, theme)
        cell(cells.test, columns.test)
        if columns.version != nil { cell(cells.version, columns.version) }
        cell(
            Segment(cells.lastUsed, cells.saved.lastUsedAt == nil ? .muted : .text), columns.last, right: true
        )
    }

    private static func drawToken(
        on grid: inout Grid, _ state: TokenBook.State, _ columns: ListColumns, _ row: Int, _ theme: Theme
    ) {
        let narrow = columns.token
        func word(_ text: String, _ role: Role) {
            put(Segment(text, role), narrow, on: &grid, row: row, theme, right: true)
        }
        guard let bar = columns.bar else {
            switch state {
            case .notIAM: word("n/a", .muted)
            case .missing: word("-", .muted)
            case .minting: word("..", .muted)
            case .login: word("login", .failure)
            case .valid(let left, _) where left < TokenBook.ending:
                word("\(TimeText.countdown(left)) !", .warning)
            case .valid(let left, _): word(TimeText.countdown(left), .text)
            }
            return
        }
        let both = ListColumns.Span(start: narrow.start, width: bar.start + bar.width - narrow.start)
        switch state {
        case .notIAM: put(Segment("n/a", .muted), both, on: &grid, row: row, theme)
        case .login: put(Segment("login required", .failure), both, on: &grid, row: row, theme)
        case .missing, .minting:
            word(state == .missing ? "-" : "..", .muted)
            let note = state == .missing ? "on use" : "minting"
            grid.put(note, column: bar.start + 1, row: row, style: theme[.muted], width: bar.width - 1)
        case .valid(let left, let fraction):
            let isEnding = left < TokenBook.ending
            word(TimeText.countdown(left), isEnding ? .warning : .text)
            Bar.draw(
                isEnding ? 0 : fraction, on: &grid, column: bar.start, row: row, width: bar.width,
                filled: theme[.barFilled], empty: theme[.barEmpty])
            if isEnding { grid.put("!", column: bar.start, row: row, style: theme[.warning]) }
        }
    }

    // MARK: Nothing to show

    private static func drawEmpty(on grid: inout Grid, _ model: Model, _ theme: Theme, _ layout: ListLayout) {
        let lines: [Segment]
        if !model.list.saved.isEmpty {
            let filter = DisplayText.truncated(DisplayText.sanitised(model.list.filter), to: 30)
            lines = [
                Segment("No profile matches \(filter)", .title), Segment("Esc clears the filter.", .text),
            ]
        } else if model.hasLoaded {
            lines = Greeting.lines(model)
        } else {
            lines = [Segment("Reading the profiles ...", .muted)]
        }
        let width = lines.map { DisplayText.width($0.text) }.max() ?? 0
        let column = max(1, (layout.listColumns - width) / 2)
        let top = layout.listTop + max(0, (layout.listRows - lines.count) / 2)
        for (offset, line) in lines.prefix(layout.listRows).enumerated() {
            let text = DisplayText.truncated(line.text, to: layout.listColumns - column - 1)
            grid.put(text, column: column, row: top + offset, style: theme[line.role])
        }
    }
}

import Profiles
import Screen

extension FormState {
    /// Rows for problems and notes below the fields.
    private static let messageRows = 3
    private static let labelWidth = 12

    /// Draws the form over the list.
    ///
    /// - Parameters:
    ///   - keys: the most wanted ones, for the lower edge.
    ///   - saveKey: the key that saves.
    func draw(on grid: inout Grid, theme: Theme, keys: [EdgeKey], saveKey: String) {
        let (profile, problems) = judged()
        let shown = problems.filter {
            visited.contains($0.field) || $0.field == focus || $0.severity == .note
        }
        let columns = min(100, grid.size.columns - 2)
        let rows = FormRow.rows(in: columns - 2)
        let size = Size(columns: columns, rows: rows.count + Self.messageRows + 3)
        let rect = Rect.centred(
            Size(columns: size.columns, rows: min(size.rows, grid.size.rows - 2)), in: grid.size)
        guard rect.size.columns > 20, rect.size.rows > 4 else { return }
        // Of a host that cannot be read nothing is detected, the less what stood there before.
        let hostIsBroken = problems.contains { $0.field == .host && $0.severity == .error }
        let border = theme[profile.environment?.role ?? .border]
        grid.dialog(
            rect, title: title(problems), keys: question == nil ? keys : [],
            style: border, titleStyle: border.over(theme[.title]))
        let room = Rect(
            column: rect.origin.column + 1, row: rect.origin.row + 1, columns: rect.size.columns - 2,
            rows: rect.size.rows - 2)
        let fieldRows = max(1, room.size.rows - Self.messageRows)
        let top = firstRow(of: rows, fieldRows)
        for (offset, row) in rows[top..<min(rows.count, top + fieldRows)].enumerated() {
            if row == .detected, hostIsBroken { continue }
            draw(row, profile, shown, on: &grid, room, room.origin.row + offset, theme)
        }
        drawMessages(shown, saveKey, on: &grid, room, from: room.origin.row + fieldRows, theme)
        let seen = Rect(
            column: rect.origin.column, row: rect.origin.row, columns: rect.size.columns, rows: fieldRows + 2)
        grid.scrollMarks(
            seen, above: top > 0, below: top + fieldRows < rows.count, style: theme[.key])
    }

    private func title(_ problems: [FieldProblem]) -> String {
        let name = DisplayText.sanitised(name ?? "")
        let what = isNew ? "New profile" : "Edit profile"
        var counts: [String] = []
        if !changed.isEmpty { counts.append("\(changed.count) changed") }
        let errors = problems.filter { $0.severity == .error && visited.contains($0.field) }.count
        if errors > 0 { counts.append("\(errors) error\(errors == 1 ? "" : "s")") }
        let suffix = counts.isEmpty ? "" : "   (\(counts.joined(separator: ", ")))"
        return (name.isEmpty ? what : "\(what): \(name)") + suffix
    }

    /// The first row shown, so that the focus is seen where the terminal is small.
    private func firstRow(of rows: [FormRow], _ height: Int) -> Int {
        let focused = rows.firstIndex { row in
            switch row {
            case .paste: focus == nil
            case .fields(let fields): focus.map { fields.contains($0) } ?? false
            case .detected, .blank: false
            }
        }
        return max(0, min((focused ?? 0) - height / 2, rows.count - height))
    }

    private func draw(
        _ row: FormRow, _ profile: Profile, _ problems: [FieldProblem], on grid: inout Grid, _ room: Rect,
        _ line: Int, _ theme: Theme
    ) {
        let left = room.origin.column
        switch row {
        case .blank: break
        case .paste: drawPaste(on: &grid, left, line, room.size.columns, theme)
        case .detected:
            guard !profile.host.isEmpty else { return }
            let text = "detected: \(HostName(profile.host).detected)"
            grid.put(
                text, column: left + 3 + Self.labelWidth, row: line, style: theme[.muted],
                width: room.size.columns - 16)
        case .fields(let fields):
            let weights = fields.map { FormRow.weight(of: $0) }
            let total = weights.reduce(0, +)
            var column = left + 1
            for (field, weight) in zip(fields, weights) {
                let last = field == fields.last
                // A row's first field has the wide label: a port has to find room behind it at 60 columns too.
                let least = field == fields.first ? Self.labelWidth + 9 : 0
                let width =
                    last
                    ? room.origin.column + room.size.columns - 1 - column
                    : max(least, (room.size.columns - 2) * weight / total)
                drawField(
                    field, profile, problems, on: &grid, column, line, width, field == fields.first, theme)
                column += width
            }
        }
    }

    private func drawPaste(on grid: inout Grid, _ left: Int, _ line: Int, _ width: Int, _ theme: Theme) {
        grid.hotspot(Rect(column: left, row: line, columns: width, rows: 1), .line(0))
        if focus == nil { grid.put(">", column: left + 1, row: line, style: theme[.key]) }
        let style = focus == nil ? theme[.fieldFocused] : theme[.muted]
        // What was typed and not read yet stays to be seen.
        if focus == nil || !pasteLine.text.isEmpty {
            pasteLine.showing(SecretText.masked(pasteLine.text)).draw(
                on: &grid, column: left + 3, row: line, width: width - 5, style: style, focused: focus == nil)
        }
        guard pasteLine.text.isEmpty else { return }
        let hints = [
            "Paste a URI, a psql command or an endpoint: the form fills itself",
            "Paste a URI, a psql command or an endpoint",
        ]
        let hint = hints.first { DisplayText.width($0) <= width - 6 } ?? hints[1]
        grid.put(
            DisplayText.truncated(hint, to: width - 6), column: left + (focus == nil ? 4 : 3), row: line,
            style: style)
    }

    private func drawField(
        _ field: ProfileField, _ profile: Profile, _ problems: [FieldProblem], on grid: inout Grid,
        _ column: Int, _ line: Int, _ width: Int, _ isFirst: Bool, _ theme: Theme
    ) {
        guard let control = controls[field], width > 4 else { return }
        let focused = focus == field
        let problem = problems.first { $0.field == field }
        let (mark, role): (String, Role) =
            switch problem?.severity {
            case .error: ("x", .failure)
            case .note: ("!", .warning)
            case nil: (isRequired(field) ? "*" : control.isChanged && !isNew ? "~" : " ", .muted)
            }
        grid.put(mark, column: column, row: line, style: theme[role])
        let label = field.label
        let labelWidth = isFirst ? Self.labelWidth : DisplayText.width(label) + 1
        grid.put(
            label, column: column + 2, row: line, style: focused ? theme[.key] : theme[.text],
            width: width - 2)
        let start = column + 2 + labelWidth
        let room = width - 2 - labelWidth - 1
        let stop = FormRow.stops.firstIndex(of: field) ?? 0
        grid.hotspot(Rect(column: column, row: line, columns: width, rows: 1), .line(stop))
        if control.isChoice {
            drawChoice(control, profile, stop, on: &grid, start, line, room, focused, theme)
        } else {
            control.line.draw(
                on: &grid, column: start, row: line, width: room,
                style: theme[focused ? .fieldFocused : .field],
                focused: focused && question == nil)
        }
    }

    /// All choices side by side where they fit, else the chosen one between arrows.
    private func drawChoice(
        _ control: FormControl, _ profile: Profile, _ stop: Int, on grid: inout Grid, _ column: Int,
        _ line: Int, _ room: Int, _ focused: Bool, _ theme: Theme
    ) {
        let words = control.words
        let shown = words.map { word in
            (word == control.text ? "(o) " : "( ) ")
                + DisplayText.sanitised(control.shown(word, in: profile))
        }
        let style = focused ? theme[.fieldFocused] : theme[.text]
        let all = shown.joined(separator: " ")
        if DisplayText.width(all) <= room {
            var at = column
            for (number, (word, text)) in zip(words, shown).enumerated() {
                let wide = grid.put(
                    text, column: at, row: line, style: word == control.text ? style : theme[.text])
                grid.hotspot(
                    Rect(column: at, row: line, columns: wide, rows: 1), .choice(line: stop, word: number))
                at += wide + 1
            }
        } else {
            let text = "< \(DisplayText.sanitised(control.shown(control.text, in: profile))) >"
            grid.put(DisplayText.truncated(text, to: room), column: column, row: line, style: style)
        }
        if focused, question == nil { grid.anchor = Point(column: column, row: line) }
    }

    private func isRequired(_ field: ProfileField) -> Bool {
        switch field {
        case .name: true
        case .host: controls[.auth]?.text != Authentication.service.rawValue
        case .user: controls[.auth]?.text == Authentication.iam.rawValue
        case .service: controls[.auth]?.text == Authentication.service.rawValue
        default: false
        }
    }

    private func drawMessages(
        _ problems: [FieldProblem], _ saveKey: String, on grid: inout Grid, _ room: Rect, from row: Int,
        _ theme: Theme
    ) {
        var lines: [(String, Role)] = []
        if let question { lines.append((words(of: question, saveKey), .warning)) }
        // What concerns the cursor stands first, then what is told nowhere else.
        func add(_ problems: [FieldProblem]) {
            lines += problems.map { problem in
                let isError = problem.severity == .error
                let text = "\(isError ? "x" : "!") \(problem.field.label)  \(problem.message)"
                return (text, isError ? .failure : .warning)
            }
        }
        add(problems.filter { $0.field == focus })
        lines += notes.map { ("! \($0)", .warning) }
        add(problems.filter { $0.field != focus })
        // The first is read to its end, where the rest can be told at its fields.
        let width = room.size.columns - 2
        let first = lines.first.map {
            TextLines.wrapped(
                DisplayText.sanitised($0.0), width: width,
                limit: question != nil ? Self.messageRows : notes.isEmpty ? Self.messageRows - 1 : 1)
        }
        let taken = first?.count ?? 0
        if lines.count - 1 > Self.messageRows - taken {
            let shown = Self.messageRows - taken
            lines[max(1, shown)...] =
                shown == 0
                ? [] : [("... and \(lines.count - shown) more: each is told at its field", .muted)]
        }
        var (at, free) = (row, Self.messageRows - lines.count)
        for line in lines {
            let wrapped = TextLines.wrapped(
                DisplayText.sanitised(line.0), width: width, limit: 1 + max(0, free))
            for text in wrapped {
                grid.put(text, column: room.origin.column + 1, row: at, style: theme[line.1])
                at += 1
            }
            free -= wrapped.count - 1
        }
    }

    /// What a question asks, and the keys that answer it.
    private func words(of question: Question, _ saveKey: String) -> String {
        switch question {
        case .discard: return "Discard \(unsaved ?? "it")? y yes, n no"
        case .overwrite:
            return "Changed elsewhere: \(saveKey) overwrites it, t takes it over, Esc goes on"
        case .leaveText:
            return "The editor's text has a mistake: \(saveKey) saves without it, Esc goes on"
        case .exposed(let purpose):
            let verb =
                switch purpose {
                case .save: "Save"
                case .test: "Test"
                case .open: "Open"
                }
            return "\(verb) it so? \(judged().profile.exposure ?? "")"
        }
    }

    /// The keys that answer the question that is asked; nil where none is.
    func answers(_ saveKey: String) -> String? {
        switch question {
        case .discard: "y yes   n no, go on"
        case .overwrite: "\(saveKey) overwrite   t take it over   Esc go on"
        case .leaveText: "\(saveKey) save without it   Esc go on"
        case .exposed: "y yes, so   n no, go on"
        case nil: nil
        }
    }
}

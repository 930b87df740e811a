import Profiles
import Screen

/// Draws the question before psql.
enum ConfirmView {
    static func draw(_ confirm: ConfirmState, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(70, grid.size.columns - 2)
        let room = width - 6
        let hints = confirm.showsName ? hints(confirm, room: room) : []
        let below = hints.count + (confirm.offersSnooze ? 2 : 0)
        let rect = Rect.centred(Size(columns: width, rows: max(10, below + 9)), in: grid.size)
        let role = confirm.profile.environment?.role ?? .otherEnvironment
        grid.dialog(
            rect, title: title(confirm), keys: edge(confirm), style: theme[role], titleStyle: theme[role])
        let (left, top) = (rect.origin.column + 3, rect.origin.row + 1)
        func line(_ number: Int, _ text: String, _ role: Role = .text) {
            let cut = DisplayText.truncated(text, to: room)
            grid.put(cut, column: left, row: top + number, style: theme[role])
        }
        line(1, question(confirm))
        line(2, mode(confirm))
        if confirm.showsName {
            drawName(confirm.typed, on: &grid, left, top + 4, room, theme)
            for (number, hint) in hints.enumerated() { line(5 + number, hint.text, hint.role) }
        } else {
            drawChoices(
                confirm, on: &grid, Rect(column: left, row: top + 4, columns: room, rows: 2), model, theme)
        }
        drawSnooze(
            confirm, on: &grid, Rect(column: left, row: top + 6 + hints.count, columns: room, rows: 1), model,
            theme)
        if let complaint = confirm.complaint { line(max(7, 5 + below), complaint, .failure) }
    }

    /// What Enter and Esc do now: never more than the border says.
    private static func edge(_ confirm: ConfirmState) -> [EdgeKey] {
        let cancel = EdgeKey("Esc = Cancel", .escape)
        guard confirm.takesName, !confirm.typed.text.isEmpty else {
            return [EdgeKey("Enter = Cancel", .escape), cancel]
        }
        guard confirm.nameMatches else { return [cancel] }
        return [
            EdgeKey("Enter = \(confirm.enterOpensReadOnly ? "read-only" : "READ-WRITE")", .enter), cancel,
        ]
    }

    private static func title(_ confirm: ConfirmState) -> String {
        let profile = confirm.profile
        let environment =
            switch profile.environment {
            case .prod: "PRODUCTION"
            case .stage: "STAGE"
            case let other?: DisplayText.sanitised(other.badge)
            case nil: "CONFIRM"
            }
        let role = confirm.role.map { "  (\($0.rawValue.uppercased()))" } ?? ""
        return "\(environment)  \(DisplayText.sanitised(profile.name))\(role)"
    }

    private static func question(_ confirm: ConfirmState) -> String {
        let program = confirm.purpose == .proxy ? "a proxy" : confirm.choice.programName ?? "psql"
        let place = confirm.choice.whoWhere(on: confirm.profile, role: confirm.role)
        return DisplayText.sanitised("Open \(program) \(place)?")
    }

    private static func mode(_ confirm: ConfirmState) -> String {
        let startsReadOnly = confirm.offersKey ? confirm.keyOpensReadOnly : confirm.enterOpensReadOnly
        if confirm.writes {
            return startsReadOnly
                ? "You chose read-write: that takes the name, typed."
                : "You chose read-write: the session can write."
        }
        if confirm.purpose == .proxy {
            return startsReadOnly ? "Its sessions start read-only." : "Its sessions can write."
        }
        guard startsReadOnly else { return "The session can write." }
        return confirm.profile.takesStartupOptions
            ? "Session starts read-only; SET in psql to change."
            : "Session starts read-only by a SET after connecting."
    }

    private static func drawChoices(
        _ confirm: ConfirmState, on grid: inout Grid, _ rect: Rect, _ model: Model, _ theme: Theme
    ) {
        // The default, and the only thing that Enter does.
        let (left, row) = (rect.origin.column + 2, rect.origin.row)
        var column = left
        func button(_ text: String, _ role: Role, _ key: Key?, _ row: Int) {
            let wide = grid.put(
                text, column: column, row: row, style: theme[role], width: rect.last.column + 1 - column)
            if let key { grid.hotspot(Rect(column: column, row: row, columns: wide, rows: 1), .key(key)) }
            column += wide
        }
        grid.anchor = Point(column: column, row: row)
        button("[ Cancel ]", .selected, .escape, row)
        column += 3
        if let open = confirm.key(of: .openReadOnly, model.options.keys) {
            button(open.name, .key, open, row)
            let words = confirm.keyOpensReadOnly ? " open read-only" : " open"
            button(words + (confirm.keyOpensReadOnly && confirm.writes ? " instead" : ""), .text, open, row)
            column += 3
        }
        guard confirm.takesName else { return }
        let words = "type the name: read-write"
        // Where the line is too short, below what one key opens.
        var place = row
        if column + words.count > rect.last.column + 1 {
            place += 1
            column = left + 13
        }
        button(words, .text, nil, place)
    }

    private static func drawSnooze(
        _ confirm: ConfirmState, on grid: inout Grid, _ rect: Rect, _ model: Model, _ theme: Theme
    ) {
        guard confirm.offersSnooze, let key = confirm.key(of: .snooze, model.options.keys) else { return }
        let minutes = Int(confirm.snooze / 60)
        let box = confirm.snoozes ? "[x]" : "[ ]"
        let texts = ["for this profile for", "for"].map {
            "\(box) \(key.name)  do not ask again \($0) \(minutes) minutes"
        }
        let text = texts.first { DisplayText.width($0) <= rect.size.columns } ?? texts[1]
        grid.put(
            DisplayText.truncated(text, to: rect.size.columns), column: rect.origin.column,
            row: rect.origin.row,
            style: theme[.text])
        grid.hotspot(rect, .key(key))
    }

    private static func drawName(
        _ typed: TextField, on grid: inout Grid, _ left: Int, _ row: Int, _ room: Int, _ theme: Theme
    ) {
        let label = "type the name: "
        grid.put(label, column: left, row: row, style: theme[.text])
        typed.draw(
            on: &grid, column: left + label.count, row: row, width: max(1, room - label.count),
            style: theme[.fieldFocused], focused: true)
    }

    /// The name in full, since it has to be typed, and what that opens.
    private static func hints(_ confirm: ConfirmState, room: Int) -> [Segment] {
        let role: Role = confirm.nameMatches ? .warning : .muted
        var lines: [String] = []
        if !confirm.nameMatches {
            lines += TextLines.wrapped(
                "it is \(DisplayText.sanitised(confirm.profile.name))", width: room, limit: 4)
        }
        lines.append("Enter then opens \(confirm.enterOpensReadOnly ? "read-only" : "READ-WRITE")")
        if confirm.enterOpensReadOnly { lines.append("^O then opens READ-WRITE") }
        return lines.map { Segment($0, role) }
    }
}

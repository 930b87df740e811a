import Profiles
import Screen

/// Draws the question before psql.
enum ConfirmView {
    static func draw(_ confirm: ConfirmState, on grid: inout Grid, theme: Theme) {
        let width = min(70, grid.size.columns - 2)
        let rect = Rect.centred(Size(columns: width, rows: 10), in: grid.size)
        let profile = confirm.profile
        let role = profile.environment?.role ?? .otherEnvironment
        grid.box(
            rect, title: title(confirm), footer: "Enter = Cancel   Esc = Cancel", style: theme[role],
            titleStyle: theme[role])
        let (left, top) = (rect.origin.column + 3, rect.origin.row + 1)
        let room = rect.size.columns - 6
        func line(_ number: Int, _ text: String, _ role: Role = .text) {
            let cut = DisplayText.truncated(text, to: room)
            grid.put(cut, column: left, row: top + number, style: theme[role])
        }
        line(1, question(confirm))
        line(2, mode(confirm))
        if let typed = confirm.typed {
            drawName(typed, confirm, on: &grid, left, top + 4, room, theme)
        } else {
            drawChoices(confirm, on: &grid, left, top + 4, theme)
            let minutes = Int(confirm.snooze / 60)
            if minutes > 0 {
                let box = confirm.snoozes ? "[x]" : "[ ]"
                line(6, "\(box) a  do not ask again for this profile for \(minutes) minutes")
            }
        }
        if let complaint = confirm.complaint { line(7, complaint, .failure) }
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
        let profile = confirm.profile
        let user = (confirm.choice.role ?? profile.user).map { " as \(DisplayText.sanitised($0))" } ?? ""
        let role = confirm.role.map { ", \($0.rawValue) endpoint" } ?? ""
        let program =
            confirm.purpose == .proxy
            ? "a proxy" : DisplayText.sanitised(confirm.choice.programName ?? "psql")
        let database = DisplayText.sanitised(confirm.choice.database ?? profile.database)
        return "Open \(program)\(user) on \(database)\(role)?"
    }

    private static func mode(_ confirm: ConfirmState) -> String {
        let startsReadOnly = confirm.offersKey ? confirm.keyOpensReadOnly : confirm.profile.startsReadOnly
        if confirm.purpose == .proxy {
            return startsReadOnly ? "Its sessions start read-only." : "Its sessions can write."
        }
        guard startsReadOnly else { return "The session can write." }
        return confirm.profile.takesStartupOptions
            ? "Session starts read-only; SET in psql to change."
            : "Session starts read-only by a SET after connecting."
    }

    private static func drawChoices(
        _ confirm: ConfirmState, on grid: inout Grid, _ left: Int, _ row: Int, _ theme: Theme
    ) {
        // The default, and the only thing that Enter does.
        var column = left + 2
        grid.anchor = Point(column: column, row: row)
        column += grid.put("[ Cancel ]", column: column, row: row, style: theme[.selected]) + 3
        column += grid.put("y", column: column, row: row, style: theme[.key])
        column +=
            grid.put(
                confirm.keyOpensReadOnly ? " open read-only" : " open", column: column, row: row,
                style: theme[.text]) + 3
        guard confirm.offersReadWrite else { return }
        if confirm.nameNeedsTab {
            column += grid.put("Tab", column: column, row: row, style: theme[.key])
            grid.put(", type the name: read-write", column: column, row: row, style: theme[.text])
        } else {
            grid.put("type the name: read-write", column: column, row: row, style: theme[.text])
        }
    }

    private static func drawName(
        _ typed: TextField, _ confirm: ConfirmState, on grid: inout Grid, _ left: Int, _ row: Int,
        _ room: Int,
        _ theme: Theme
    ) {
        let label = "type the name: "
        grid.put(label, column: left, row: row, style: theme[.text])
        typed.draw(
            on: &grid, column: left + label.count, row: row, width: max(1, room - label.count),
            style: theme[.fieldFocused], focused: true)
        let asKey = !confirm.offersKey && confirm.profile.startsReadOnly
        var words = "Enter then opens \(asKey ? "read-only" : "READ-WRITE")"
        if asKey { words += ", ^O opens READ-WRITE" }
        if !confirm.nameMatches {
            words = "it is \(DisplayText.sanitised(confirm.profile.name)); \(words)"
        }
        let role: Role = confirm.nameMatches ? .warning : .muted
        grid.put(
            DisplayText.elided(words, to: room), column: left, row: row + 1, style: theme[role])
    }
}

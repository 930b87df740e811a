import Screen
import Testing

struct ThemeTests {
    /// Without colours, as on a monochrome terminal, what has to stand out still does.
    @Test(arguments: [
        Role.selected, .header, .title, .failure, .warning, .prod, .key, .match, .fieldFocused, .group,
    ])
    func `what has to stand out does so without any colour`(role: Role) {
        #expect(!Theme.standard[role].attributes.isEmpty)
    }

    @Test(arguments: Role.allCases)
    func `the standard theme uses the terminal's own colours alone`(role: Role) {
        for colour in [Theme.standard[role].foreground, Theme.standard[role].background] {
            switch colour {
            case .terminal: break
            case .palette(let index): #expect((1...7).contains(index))
            case .rgb: Issue.record("\(role.rawValue) has a fixed colour")
            }
        }
    }

    @Test func `a theme falls back to the standard's styles role by role`() {
        let own = Style(foreground: .rgb(1, 2, 3))
        let theme = Theme(name: "own", styles: [.prod: own])
        #expect(theme[.prod] == own)
        #expect(theme[.ok] == Theme.standard[.ok])
    }

    @Test(arguments: [
        (1.0, "          "), (0.5, "     -----"), (0.001, " ---------"), (0.999, "          "),
        (0, "----------"),
        (-3, "----------"), (7, "          "), (.nan, "----------"), (.infinity, "----------"),
    ])
    func `a bar shows how much is left`(fraction: Double, drawn: String) {
        var grid = Grid(size: Size(columns: 12, rows: 1))
        let filled = Style(attributes: .reverse)
        Bar.draw(fraction, on: &grid, column: 1, row: 0, width: 10, filled: filled, empty: .plain)
        #expect(String(grid.row(0).dropFirst().prefix(10).map(\.text)) == drawn)
        #expect(grid.row(0).filter { $0.style == filled }.count == drawn.filter { $0 == " " }.count)
    }

    @Test(
        arguments: [
            (.enter, "Enter"), (.control("s"), "^S"), (.tab, "Tab"), (.pageDown, "PgDn"),
            (.function(1), "F1"),
            (.character("j"), "j"), (.character(" "), "Space"), (.alt("d"), "M-d"), (.backTab, "S-Tab"),
        ] as [(Key, String)])
    func `a key is named as the footer writes it`(key: Key, name: String) {
        #expect(key.name == name)
    }

    @Test func `where backgrounds look alike, attributes say what they say`() {
        let dark = Theme(
            name: "dark",
            styles: [
                .selected: Style(foreground: .palette(15), background: .palette(4)),
                .field: Style(background: .palette(8)), .ok: Style(foreground: .palette(2)),
            ])
        let blind = dark.fitted { _, _ in true }
        #expect(blind[.selected].attributes == .reverse && blind[.field].attributes == .underline)
        #expect(blind[.ok] == dark[.ok] && blind[.text] == dark[.text])
        #expect(dark.fitted { $0 == $1 } == dark)
    }
}

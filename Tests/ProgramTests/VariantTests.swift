import TestSupport
import Testing

/// The same screen on terminals that differ in what they can show: what the real program paints there, as text
/// and as one letter for each look.
@Suite(.timeLimit(.minutes(14)))
struct VariantTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        var name: String
        var environment: [String: String]
        var testDescription: String { name }
    }

    static let variants = [
        Variant(name: "dark", environment: ["PGFOB_THEME": "dark"]),
        Variant(name: "standard", environment: [:]),
        Variant(name: "16-colours", environment: ["TERM": "xterm-16color", "PGFOB_THEME": "dark"]),
        Variant(name: "8-colours", environment: ["TERM": "linux", "PGFOB_THEME": "dark"]),
        Variant(name: "mono", environment: ["NO_COLOR": "1"]),
        Variant(name: "monochrome-theme", environment: ["PGFOB_THEME": "monochrome"]),
        Variant(name: "light", environment: ["PGFOB_THEME": "light"]),
        Variant(name: "high-contrast", environment: ["PGFOB_THEME": "high-contrast"]),
        Variant(name: "colour-blind", environment: ["PGFOB_THEME": "colour-blind"]),
        Variant(name: "solarized-dark", environment: ["PGFOB_THEME": "solarized-dark"]),
        Variant(name: "vt100", environment: ["TERM": "vt100"]),
        Variant(name: "ascii", environment: ["LANG": "C", "LC_ALL": "C"]),
    ]

    private let home: ProgramHome

    init() throws {
        home = try ProgramHome(["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"])
        let names = [("orders-prod", "prod"), ("会計データベース", "prod"), ("search-stg", "stage"), ("café", "dev")]
        let lines = names.enumerated().map { number, name in
            """
            {"name": "\(name.0)", "environment": "\(name.1)", "host": "db\(number).cluster-c1x9abcdefgh.eu-west-1.\
            rds.amazonaws.com", "user": "jane_doe", "database": "orders", "tags": ["pci"]}
            """
        }
        let run = try home.pgfob(
            ["import", "--format", "json", "-"], input: lines.joined(separator: "\n"))
        #expect(run.code == 0, "\(run.errors)")
    }

    @Test(arguments: variants)
    func `list and question look as this terminal can show them`(variant: Variant) throws {
        let terminal = try home.screen(more: variant.environment)
        try terminal.waitFor("search-stg")
        try terminal.waitFor("? help")
        Self.compare(terminal.screen, "list-\(variant.name)")
        try terminal.press(.enter)
        try terminal.waitFor("PRODUCTION")
        Self.compare(terminal.screen, "question-\(variant.name)")
    }

    private static func compare(_ screen: VirtualScreen, _ name: String) {
        for difference in Golden.differences(picture(screen), name, file: #filePath) {
            Issue.record("\(difference)")
        }
    }

    /// The rows, then a letter for the look of each cell, then what each letter stands for.
    private static func picture(_ screen: VirtualScreen) -> [String] {
        var letters: [VirtualStyle: Character] = [VirtualStyle(): "."]
        var legend: [String] = []
        let looks = screen.cells.map { row in
            var line = String(
                row.map { cell -> Character in
                    if let known = letters[cell.style] { return known }
                    let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(legend.count % 26)))
                    letters[cell.style] = letter
                    legend.append("\(letter)  \(words(cell.style))")
                    return letter
                })
            while line.last == "." { line.removeLast() }
            return line
        }
        return screen.lines + [String(repeating: "-", count: screen.columns)] + looks + legend
    }

    private static func words(_ style: VirtualStyle) -> String {
        var words: [String] = []
        if style.foreground != .terminal { words.append("\(style.foreground)") }
        if style.background != .terminal { words.append("on \(style.background)") }
        let attributes = [
            (style.bold, "bold"), (style.dim, "dim"), (style.italic, "italic"),
            (style.underline, "underlined"),
            (style.reverse, "reversed"),
        ]
        return (words + attributes.filter(\.0).map(\.1)).joined(separator: " ")
    }
}

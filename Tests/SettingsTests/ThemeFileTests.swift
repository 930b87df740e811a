import Screen
import Settings
import TestSupport
import TOML
import Testing

struct ThemeFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(_ text: String) throws -> Theme {
        try ThemeFile.load(folder.write(text, to: "mine.toml"), name: "mine")
    }

    @Test func `the standard theme as a file is the one compiled in`() throws {
        let theme = try ThemeFile.load("\(ProgramPath.repository)/themes/standard.toml", name: "standard")
        for role in Role.allCases { #expect(theme[role] == Theme.standard[role], "\(role.rawValue)") }
    }

    @Test func `colours are names, numbers or hexadecimal, and roles left out are the standard's`() throws {
        let theme = try load(
            """
            [prod]
            foreground = "bright-red"
            background = "#102030"
            bold = true
            [muted]
            foreground = 244
            """)
        #expect(
            theme[.prod] == Style(foreground: .palette(9), background: .rgb(16, 32, 48), attributes: .bold))
        #expect(theme[.muted] == Style(foreground: .palette(244)))
        #expect(theme[.stage] == Theme.standard[.stage])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var expected: [String]
        var testDescription: String { text }
    }

    @Test(arguments: [
        Fault(text: "[prodd]\nbold = true", expected: ["mine.toml:1", "prodd", "did you mean prod?"]),
        Fault(text: "[prod]\nforeground = \"rot\"", expected: ["mine.toml:2", "prod.foreground", "#rrggbb"]),
        Fault(text: "[prod]\n\nblink = true", expected: ["mine.toml:3", "prod.blink", "reverse"]),
        Fault(text: "[prod]\nbold = \"yes\"", expected: ["mine.toml:2", "prod.bold", "true or false"]),
        Fault(text: "[prod]\nforeground = \"#12345\"", expected: ["mine.toml:2", "no colour"]),
    ])
    func `a wrong theme is told with file, line, key and what to write`(fault: Fault) {
        let problem = #expect(throws: TOMLProblem.self) { try load(fault.text) }
        let line = "\(problem?.what ?? ""): \(problem?.remedy ?? "")"
        for part in fault.expected { #expect(line.contains(part), "\(line)") }
    }

    @Test func `a theme is found in the first folder that has it, and never outside`() throws {
        try folder.write("[ok]\nbold = true", to: "b/mine.toml")
        let folders = [folder.file("a"), folder.file("b")]
        #expect(try ThemeFile.find(named: "mine", folders: folders)[.ok].attributes == .bold)
        for name in ["../b/mine", "", ".hidden", "absent"] {
            #expect(throws: TOMLProblem.self) { try ThemeFile.find(named: name, folders: folders) }
        }
    }
}

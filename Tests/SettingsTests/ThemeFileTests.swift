#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Curses
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

    private static let shipped = ThemeFile.names(in: ["\(ProgramPath.repository)/themes"])

    @Test func `at least six themes come along, the standard one first`() {
        #expect(Self.shipped.count >= 7 && Self.shipped.first == "standard")
        for name in ["dark", "light", "high-contrast", "monochrome", "colour-blind"] {
            #expect(Self.shipped.contains(name))
        }
    }

    @Test(arguments: shipped)
    func `every theme names every role, and what differs in meaning looks different`(name: String) throws {
        let path = "\(ProgramPath.repository)/themes/\(name).toml"
        let theme = try ThemeFile.load(path, name: name)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for role in Role.allCases { #expect(text.contains("[\(role.rawValue)]"), "\(role.rawValue)") }
        // Words stand beside all of these: the look must still not say the opposite.
        #expect(
            theme[.prod] != theme[.dev] && theme[.ok] != theme[.failure] && theme[.text] != theme[.selected])
        #expect(theme[.field] != theme[.fieldFocused] && theme[.barFilled] != theme[.barEmpty])
    }

    @Test(arguments: shipped, [8, 16, 256, 1 << 24])
    func `environments that differ in colour do so with any number of colours`(name: String, colours: Int)
        throws
    {
        let theme = try ThemeFile.load("\(ProgramPath.repository)/themes/\(name).toml", name: name)
        let depth = ColourDepth(colours: colours)
        func number(_ colour: Color) -> String { "\(depth.number(of: colour))" }
        let roles: [Role] = [.prod, .stage, .dev, .local, .otherEnvironment]
        // Monochrome is without colours on purpose.
        guard Set(roles.map { theme[$0].foreground }).count > 1 else {
            #expect(name == "monochrome")
            return
        }
        let fitted = theme.fitted { number($0) == number($1) }
        let looks = roles.map { number(fitted[$0].foreground) + number(fitted[$0].background) }
        #expect(Set(looks).count == roles.count, "\(looks)")
        // Only where it must be another's are the theme's own colours left.
        if colours >= 256 { #expect(roles.allSatisfy { fitted[$0] == theme[$0] }) }
    }

    @Test func `colours that a role leaves open are those of the plain text`() throws {
        let theme = try load(
            "[text]\nforeground = \"white\"\nbackground = \"black\"\n[prod]\nforeground = \"red\"\n")
        #expect(theme[.prod] == Style(foreground: .palette(1), background: .palette(0)))
        #expect(theme[.ok].background == .palette(0))
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

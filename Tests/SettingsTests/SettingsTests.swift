import Screen
import Settings
import TestSupport
import TOML
import Testing

struct SettingsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a missing file means the defaults`() throws {
        let settings = try Settings.load(path: folder.file("none/config.toml"))
        #expect(settings == Settings())
    }

    @Test func `the clock is corrected unless the file says otherwise`() throws {
        #expect(Settings().correctsClock)
        let path = try folder.write("correct_clock = false\n", to: "config.toml")
        #expect(try !Settings.load(path: path).correctsClock)
        try folder.write("theme = \"dark\"\ncorrect_clock = \"no\"\n", to: "config.toml")
        let problem = #expect(throws: TOMLProblem.self) { try Settings.load(path: path) }
        #expect(problem?.what == "\(path):2: correct_clock is not a flag")
    }

    @Test func `theme and psql are read, unknown keys are told with their line`() throws {
        let path = try folder.write(
            "theme = \"dark\"\n\npsql = \"/opt/psql\"\ncolour = 3\n", to: "config.toml")
        let settings = try Settings.load(path: path)
        #expect(settings.theme == "dark" && settings.psql == "/opt/psql")
        #expect(settings.warnings == ["\(path):4: unknown key colour, passed over"])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var expected: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Fault(text: "theme = \"dark\"\npsql = 3\n", expected: ":2: psql is not a text"),
        Fault(text: "theme = \"dark\"\n\nbroken here\n", expected: ":3: "),
        Fault(text: "theme = [\n", expected: ":1: "),
        Fault(text: "theme = \"\u{7}\"", expected: ":1: "),
    ])
    func `a broken file is told with file and line`(fault: Fault) throws {
        let path = try folder.write(fault.text, to: "config.toml")
        let problem = #expect(throws: TOMLProblem.self) { try Settings.load(path: path) }
        #expect(problem?.what.hasPrefix(path + fault.expected) == true, "\(problem?.what ?? "")")
        #expect(problem?.remedy.isEmpty == false && problem?.what.contains("\n") == false)
    }

    @Test func `a folder or a huge file in its place is refused`() throws {
        #expect(throws: TOMLProblem.self) { try Settings.load(path: folder.path) }
        let path = try folder.write(String(repeating: "# padding\n", count: 120_000), to: "big.toml")
        #expect(throws: TOMLProblem.self) { try Settings.load(path: path) }
    }
}

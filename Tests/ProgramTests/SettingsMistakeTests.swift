#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// What is wrong in the settings takes nothing else with it, and never a guard.
@Suite(.timeLimit(.minutes(14)))
struct SettingsMistakeTests {
    private let home: ProgramHome
    private static let config = ".config/pgfob/config.toml"
    private static let guarded = "policy: type the name, read-only by default"
    private static let rules = "[environments.dev]\nconfirm = \"name\"\nread_only = true\n"

    init() throws {
        home = try ProgramHome([
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        ])
        let added = try home.pgfob(
            "add", "--name", "orders", "--host", "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com", "--user",
            "jo", "--env", "dev")
        #expect(added.code == 0, "\(added.errors)")
    }

    private func write(_ text: String) throws { try home.folder.write(text, to: Self.config) }

    @Test func `a value that cannot be leaves the guards of other keys as they are, live`() throws {
        try write(Self.rules)
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor(Self.guarded)
        try write("mouse = \"yes\"\ngroup_by = \"clustr\"\n" + Self.rules)
        try terminal.waitFor("2 things are wrong with the settings, :settings lists them.")
        #expect(terminal.screen.contains(Self.guarded))
        // The lines break where the folder's name has them break.
        try terminal.send(":settings\r")
        try terminal.waitFor(":1: mouse")
        try terminal.waitFor(":2: group_by")
        try terminal.waitFor("\"clustr\"")
    }

    /// The lines of `doctor` on the settings, with its code.
    private func doctor() throws -> (lines: [String], code: Int32?) {
        let run = try home.pgfob("doctor")
        let lines = run.output.split(separator: "\n").map(String.init)
        return (lines.filter { $0.dropFirst(9).hasPrefix("settings") }, run.code)
    }

    @Test func `doctor warns of what subcommands warn of, and calls an error what they refuse`() throws {
        try write("mouse = \"yes\"\ngroup_by = \"clustr\"\nsort = \"colour\"\n")
        let config = home.folder.file(Self.config)
        let (warnings, code) = try doctor()
        #expect(code == 0)
        #expect(
            warnings.prefix(2) == [
                "warning  settings     \(config):1: mouse is not a flag: write mouse = true or false",
                "warning  settings     \(config):2: group_by is no \"clustr\": did you mean cluster?",
            ])
        #expect(
            warnings.last?.hasPrefix(
                "warning  settings     \(config):3: sort is no \"colour\": choose last-used, ")
                == true)
        try write("mouse = \"yes\"\n[environments.dev]\nconfirm = \"nmae\"\n")
        let mistaken = try doctor()
        #expect(mistaken.code == 1 && mistaken.lines.count == 2)
        #expect(
            mistaken.lines.last
                == "error    settings     \(config):3: environments.dev.confirm is no \"nmae\": did you mean name? "
                + "(until then \"name\" holds)")
    }

    @Test
    func `the command line refuses a file for what it uses itself, and warns of what only the screen does`()
        throws
    {
        try write("mouse = \"yes\"\ngroup_by = \"clustr\"\n[keys]\nlist = 3\n")
        let list = try home.pgfob("list")
        #expect(list.code == 0 && list.output.contains("orders"), "\(list)")
        #expect(list.errors.contains("pgfob: warning: ") && list.errors.contains(":1: mouse is not a flag"))
        #expect(list.errors.contains(":2: group_by is no \"clustr\""))
        #expect(list.errors.components(separatedBy: "mouse is not").count == 2, "\(list.errors)")
        #expect(try home.pgfob("token", "orders").code == 0)
        try write("mouse = \"yes\"\ntoken_seconds = 901\n")
        let connect = try home.pgfob("connect", "orders", "--", "-c", "select 1")
        #expect(connect.code == 125 && connect.errors.contains(":2: token_seconds 901 is not"), "\(connect)")
        #expect(try home.pgfob("list").code == 2)
    }

    @Test func `where a guard itself is mistyped it is as strict as it can be`() throws {
        try write("[environments.dev]\nconfirm = \"nmae\"\nread_only = \"yes\"\n")
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor(Self.guarded)
        try terminal.waitFor("2 things are wrong with the settings")
        try terminal.send(":settings\r")
        try terminal.waitFor("(until then \"name\" holds)")
        try terminal.waitFor("(until then true holds)")
    }

    @Test func `a file that is no TOML changes nothing while pgfob runs, and guards everything at its start`()
        throws
    {
        try write("group_by = \"cluster\"\n")
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("by:cluster")
        try write("group_by = \n")
        try terminal.waitFor("until then the settings stay as they were")
        #expect(terminal.screen.contains("by:cluster"))
        try write(Self.rules)
        try terminal.waitFor(Self.guarded)
        try write(Self.rules + "[[[\n")
        try terminal.waitFor("until then the settings stay as they were")
        #expect(terminal.screen.contains(Self.guarded))
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        try write("[[[\n")
        let anew = try home.screen(columns: 150)
        try anew.waitFor(Self.guarded)
        try anew.waitFor("until then nothing of the file holds, and everything asks for its name")
    }

    @Test func `how long tokens live is taken anew when it is saved`() throws {
        try write("")
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("by:env")
        try terminal.send("K")
        try terminal.waitUntil("it is minted") {
            $0.contains("minted, good for 15:00") || $0.contains("minted, good for 14:5")
        }
        try write("token_seconds = 60\ngroup_by = \"none\"\n")
        try terminal.waitFor("by:none")
        try terminal.send("K")
        try terminal.waitUntil("it is minted") {
            $0.contains("minted, good for 1:00") || $0.contains("minted, good for 0:5")
        }
    }
}

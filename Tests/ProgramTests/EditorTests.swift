#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// A profile in the user's own editor, from the screen and from the command line.
@Suite(.timeLimit(.minutes(14)))
struct EditorTests {
    private let home: ProgramHome

    /// The editor is a script: it keeps what it was given and does what the test left for it.
    init() throws {
        home = try ProgramHome()
        try home.folder.write(
            """
            #!/bin/sh
            echo "$@" >> "$HOME/argv"
            for file; do :; done
            cp "$file" "$HOME/seen"
            stat -c %a "$file" > "$HOME/mode"
            . "$HOME/script"
            """, to: "bin/vi", mode: 0o755)
        let added = try home.pgfob(
            "add", "--name", "orders", "--host", "h.example", "--auth", "none", "--tag", "pci", "--parameter",
            "keepalives=1")
        #expect(added.code == 0, "\(added.errors)")
    }

    private var path: [String: String] {
        ["PATH": "\(home.folder.file("bin")):/usr/bin:/bin", "EDITOR": "vi"]
    }

    private func script(_ text: String) throws { try home.folder.write(text, to: "script") }

    private func profile() throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try home.pgfob("list", "--json").output.utf8))
    }

    private var leftovers: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: home.folder.file(".local/state/pgfob"))) ?? [])
            .filter { $0.hasPrefix("profile-") }
    }

    @Test func `what the editor saves is shown in the form, and saved with it`() throws {
        try script("sed -i 's/^port = 5432/port = 6000/; s/^notes = .*/notes = \"by hand\"/' \"$file\"")
        let terminal = try home.screen(more: path)
        try terminal.waitFor("orders")
        try terminal.send("e")
        try terminal.waitFor("Edit profile: orders")
        try terminal.press(.control("e"))
        try terminal.waitFor("2 changed")
        #expect(terminal.screen.contains("6000") && terminal.screen.contains("by hand"))
        #expect(terminal.screen.isAlternate)
        #expect(home.folder.read("mode") == "600\n" && leftovers.isEmpty)
        #expect(home.folder.read("seen")?.contains("keepalives = \"1\"") == true)
        try terminal.press(.control("s"))
        try terminal.waitFor("changed orders")
        #expect(try profile()["port"]?.int == 6000 && profile()["notes"]?.string == "by hand")
    }

    @Test func `a mistake comes back with its line marked, and nothing typed is lost`() throws {
        try script("sed -i 's/^port = 5432/port = \"54x2\"/; s/^notes = .*/notes = \"by hand\"/' \"$file\"")
        let terminal = try home.screen(more: path)
        try terminal.waitFor("orders")
        try terminal.send("e")
        try terminal.waitFor("Edit profile")
        try terminal.press(.control("e"))
        try terminal.waitFor("the text has a mistake: line 5: port ")
        try script("sed -i 's/54x2/5433/' \"$file\"")
        try terminal.press(.control("e"))
        try terminal.waitFor("2 changed")
        let seen = try #require(home.folder.read("seen"))
        #expect(seen.contains("# pgfob: port ") && seen.contains("\nport = \"54x2\""))
        // The editor was told where to begin.
        #expect(home.folder.read("argv")?.split(separator: "\n").last?.hasPrefix("+6 ") == true)
        #expect(terminal.screen.contains("5433") && terminal.screen.contains("by hand"))
    }

    @Test func `an editor that fails, or is not there, changes nothing`() throws {
        try script("exit 3")
        let terminal = try home.screen(more: path)
        try terminal.waitFor("orders")
        try terminal.send("e")
        try terminal.waitFor("Edit profile")
        try terminal.press(.control("e"))
        try terminal.waitFor("the editor did not end well: nothing was taken over")
        let missing = try home.screen(more: ["EDITOR": "nowhere-to-be-found"])
        try missing.waitFor("orders")
        try missing.send("e")
        try missing.waitFor("Edit profile")
        try missing.press(.control("e"))
        try missing.waitFor("the editor nowhere-to-be-found is not there")
        #expect(leftovers.isEmpty)
    }

    @Test func `the command line does the same`() throws {
        try script(
            "sed -i 's/^port = 5432/port = 6001/' \"$file\"; echo 'colour = \"red\"' | cat - \"$file\" > \"$file.x\"; mv \"$file.x\" \"$file\""
        )
        let run = try home.pgfob(["edit", "orders", "--editor"], more: path)
        #expect(run.code == 0 && run.output == "changed orders\n", "\(run.errors)")
        #expect(run.errors == "pgfob: warning: unknown, and not saved: colour = \"red\"\n")
        #expect(try profile()["port"]?.int == 6001 && profile()["tags"]?.array?.count == 1)
        try script(":")
        #expect(
            try home.pgfob(["edit", "orders", "--editor"], more: path).output
                == "nothing to change in orders\n")
        try script(
            "sed -i '1i shape = \"round\"' \"$file\"; sed -i 's/^port = .*/port = 6002/; s/$/\\r/' \"$file\"")
        let dos = try home.pgfob(["edit", "orders", "--editor"], more: path)
        #expect(dos.errors == "pgfob: warning: unknown, and not saved: shape = \"round\"\n", "\(dos)")
        #expect(try profile()["port"]?.int == 6002)
        try script("sed -i 's/^auth = .*/auth = \"iam\"/' \"$file\"")
        let lacking = try home.pgfob(["edit", "orders", "--editor"], more: path)
        #expect(
            lacking.errors.hasPrefix(
                "pgfob: warning: user is missing: a token is signed for one database user\n"
                    + "pgfob: warning: host: h.example is not an RDS endpoint name: "), "\(lacking)")
        try script("echo 'name = ' > \"$file\"")
        let broken = try home.pgfob(["edit", "orders", "--editor"], more: path)
        #expect(broken.code == 1 && broken.errors.contains(".toml: line 1: "))
        #expect(leftovers.count == 1)
        #expect(try profile()["port"]?.int == 6002)
    }

    @Test(arguments: [("\t", "half"), ("", "orders-new.cluster-c1x9.eu-west-1.rds.amazonaws.com")])
    func `a form with nothing but a name or a paste is there at the next start too`(
        keys: String, text: String
    ) throws {
        let first = try home.screen()
        try first.waitFor("orders")
        try first.send("n")
        try first.waitFor("New profile")
        try first.send(keys + text)
        try first.waitFor(text)
        first.hangUp()
        _ = try first.ending()
        #expect(home.folder.read(".local/state/pgfob/draft.toml")?.contains(text) == true)
        let second = try home.screen()
        try second.waitFor("typed before pgfob was ended, and not saved yet")
        try second.waitFor(text)
        try second.press(.escape)
        try second.waitFor("Discard 1 change?")
        try second.send("y")
        try second.waitUntil("the list") { !$0.contains("New profile") }
        try second.send("q")
        #expect(try second.ending() == .exited(0))
    }

    @Test func `what stands in a form when the terminal goes is there at the next start`() throws {
        let first = try home.screen()
        try first.waitFor("orders")
        try first.send("e")
        try first.waitFor("Edit profile: orders")
        try first.send("\u{1b}[6~half a thought")
        try first.waitFor("1 changed")
        first.hangUp()
        _ = try first.ending()
        let draft = ".local/state/pgfob/draft.toml"
        #expect(home.folder.mode(of: draft) == 0o600)
        let second = try home.screen()
        try second.waitFor("typed before pgfob was ended, and not saved yet")
        try second.waitFor("half a thought")
        #expect(home.folder.read(draft) == nil)
        try second.press(.control("s"))
        try second.waitFor("changed orders")
        #expect(try profile()["notes"]?.string == "half a thought")
    }

    @Test func `so is a field that cannot be read, and the editor's text with its mistake`() throws {
        try script("sed -i 's/^port = 5432/port = 54x2/' \"$file\"")
        let first = try home.screen(more: path)
        try first.waitFor("orders")
        try first.send("e")
        try first.waitFor("Edit profile: orders")
        try first.send("\t\u{15}bad host")
        try first.waitFor("\"bad host\" is not a host name")
        try first.press(.control("e"))
        try first.waitFor("the text has a mistake")
        first.hangUp()
        _ = try first.ending()
        let second = try home.screen(more: path)
        try second.waitFor("typed before pgfob was ended, and not saved yet")
        try second.waitFor("the editor's key opens its text again")
        try second.waitFor("bad host")
        try second.waitFor("1 changed, 1 error")
        try script("grep -q '^port = 54x2' \"$file\" && sed -i 's/54x2/6002/' \"$file\"")
        try second.press(.control("e"))
        try second.waitUntil("the text is taken over") { $0.contains("6002") }
        #expect(second.screen.contains("bad host"))
        try second.press(.escape)
        try second.waitFor("Discard 2 changes?")
        try second.send("y")
        try second.waitUntil("the list") { !$0.contains("Edit profile") }
        try second.send("q")
        #expect(try second.ending() == .exited(0))
        #expect(home.folder.read(".local/state/pgfob/draft.toml") == nil)
    }
}

import TestSupport
import Testing

/// Whom a token may go to unchecked is asked once, before it is saved (design/decisions.md, "Refusals that protect").
@Suite(.timeLimit(.minutes(14)))
struct ExposureTests {
    private let home: ProgramHome
    private static let endpoint = "orders.cluster-cxyz1234abcd.eu-west-1.rds.amazonaws.com"
    private static let meaning = "the token goes to whoever answers at that address"

    init() throws { home = try ProgramHome() }

    private func add(_ name: String, _ more: String...) throws -> ProgramRun {
        try home.pgfob(["add", "--name", name, "--host", Self.endpoint, "--user", "jo"] + more)
    }

    /// What a subcommand on a terminal is asked and answered, and how it ends.
    private func asked(_ arguments: [String], _ answer: String) throws -> PseudoTerminal {
        let terminal = try home.screen(arguments, columns: 200)
        try terminal.waitFor("Save it so? [y/N]")
        try terminal.send(answer)
        _ = try terminal.ending()
        return terminal
    }

    private func mode(_ name: String) throws -> String? {
        let line = try home.pgfob("list", "--json", name).output
        return line.firstMatch(of: /"sslmode":"([a-z-]*)"/).map { String($0.output.1) }
    }

    @Test func `a new profile is saved on a yes alone`() throws {
        let new = [
            "add", "--name", "orders", "--host", Self.endpoint, "--user", "jo", "--sslmode", "require",
        ]
        for answer in ["\r", "n\r", "q\r"] {
            let refused = try asked(new, answer)
            #expect(try refused.ending() == .exited(1))
            #expect(refused.screen.contains(Self.meaning))
            #expect(refused.screen.contains("pgfob: nothing was saved: "), "\(refused.screen.text)")
            #expect(try mode("orders") == nil)
        }
        let saved = try asked(new, "y\r")
        #expect(try saved.ending() == .exited(0) && saved.screen.contains("added orders"))
        #expect(try mode("orders") == "require")
    }

    @Test func `a saved one is asked about where it goes further, and once`() throws {
        #expect(try add("orders").code == 0)
        let refused = try asked(["edit", "orders", "--sslmode", "verify-ca"], "n\r")
        #expect(refused.screen.contains("the token goes to any server of the same CA"))
        #expect(try mode("orders") == "verify-full")
        _ = try asked(["edit", "orders", "--sslmode", "verify-ca"], "yes\r")
        #expect(try mode("orders") == "verify-ca")
        _ = try asked(["edit", "orders", "--sslmode", "require"], "y\r")
        #expect(try mode("orders") == "require")
        for words in [["--notes", "as it is"], ["--sslmode", "verify-ca"], ["--sslmode", "verify-full"]] {
            let terminal = try home.screen(["edit", "orders"] + words, columns: 200)
            #expect(try terminal.ending() == .exited(0) && terminal.screen.contains("changed orders"))
            #expect(terminal.count(of: "[y/N]") == 0, "\(terminal.screen.text)")
        }
    }

    @Test func `a login that becomes iam's is asked about like an sslmode, and one without a token never`()
        throws
    {
        let terminal = try home.screen(
            ["add", "--name", "orders", "--host", "h.example", "--auth", "password", "--sslmode", "require"])
        #expect(try terminal.ending() == .exited(0))
        _ = try asked(["edit", "orders", "--auth", "iam", "--region", "eu-west-1", "--user", "jo"], "n\r")
        #expect(try home.pgfob("list", "--json").output.contains(#""auth":"password""#))
    }

    @Test func `what the editor made of it is asked about, and kept where the answer is no`() throws {
        #expect(try add("orders").code == 0)
        let editor = try home.folder.write(
            "#!/bin/sh\nsed -i 's/^sslmode = .*/sslmode = \"require\"/' \"$1\"\n", to: "ed", mode: 0o700)
        let terminal = try home.screen(
            ["edit", "orders", "--editor"], columns: 250, more: ["EDITOR": editor, "VISUAL": editor])
        try terminal.waitFor("Save it so? [y/N]")
        try terminal.send("n\r")
        #expect(try terminal.ending() == .exited(1))
        #expect(terminal.screen.contains("what was edited is in "), "\(terminal.screen.text)")
        #expect(try mode("orders") == "verify-full")
    }

    @Test func `a script has said what it wants, and is warned`() throws {
        let added = try add("orders", "--sslmode", "require")
        #expect(added.code == 0 && added.errors.contains("pgfob: warning: sslmode: require"), "\(added)")
    }

    @Test func `pgfob's own JSON restores it and says of each what it means`() throws {
        #expect(try add("orders", "--sslmode", "require").code == 0)
        #expect(try add("billing").code == 0)
        let exported = try home.pgfob("export").output
        for words in [["import", "-"], ["import", "-", "--json"]] {
            let other = try ProgramHome()
            let run = try other.pgfob(words, input: exported)
            #expect(run.code == 0, "\(run)")
            #expect(
                run.errors.contains("pgfob: warning: orders: sslmode require")
                    && run.errors.contains(Self.meaning),
                "\(run.errors)")
            #expect(!run.errors.contains("billing"))
            #expect(try other.pgfob("export").output == exported)
        }
    }
}

import TestSupport
import Testing

/// The palette on the real screen: it knows what the command line knows, and what only the disk and the store know.
@Suite(.timeLimit(.minutes(14)))
struct PaletteScreenTests {
    private let home: ProgramHome

    init() throws {
        home = try ProgramHome(["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"])
        for name in ["orders", "billing-old"] {
            let added = try home.pgfob(
                "add", "--name", name, "--host", "127.0.0.1", "--port", "1", "--user", "jo", "--auth", "none")
            #expect(added.code == 0, "\(added.errors)")
        }
    }

    /// The names of the subcommands, as `pgfob --help` lists them.
    private func subcommands() throws -> [String] {
        let lines = try home.pgfob("--help").output.split(separator: "\n", omittingEmptySubsequences: false)
        let listed = lines.drop { !$0.hasPrefix("SUBCOMMANDS:") }.dropFirst().prefix { !$0.isEmpty }
        return listed.compactMap { line in
            guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
            return line.split(separator: " ").first.map(String.init)
        }
    }

    @Test func `every subcommand is a command here, or the palette says why not`() throws {
        let names = try subcommands()
        #expect(names.count > 20 && names.contains("history"))
        let terminal = try home.screen()
        try terminal.waitFor("orders")
        for name in names {
            try terminal.send(":\(name)")
            try terminal.waitUntil("\(name) is typed") { screen in
                screen.lines.contains { $0.contains("│ : \(name) ") }
                    && screen.lines.contains { line in
                        line.contains("│ > \(name) ")
                            || line.contains("│   \(name) ") && line.contains("in a shell")
                            || line.contains("list is what you are looking at")
                    }
            }
            try terminal.press(.escape)
            try terminal.waitUntil("it is closed") { !$0.contains("─ Command ─") }
        }
    }

    @Test func `history and root certificates are shown as the command line shows them`() throws {
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("billing-old")
        try terminal.send(":history orders\r")
        try terminal.waitFor("orders: nothing in the history yet")
        try terminal.send(":ca\r")
        try terminal.waitFor("Root certificates")
        let first = try home.pgfob("ca").output.split(separator: "\n").first.map(String.init) ?? "?"
        try terminal.waitFor(first)
        try terminal.press(.escape)
        try terminal.waitUntil("it is closed") { !$0.contains("Root certificates") }
        // Whatever the test comes to, it is the first line of the history.
        try terminal.send(":test\r")
        try terminal.waitFor("FAILED at 4 of 8")
        try terminal.press(.escape)
        try terminal.waitUntil("it is closed") { !$0.contains("Esc close") }
        try terminal.send(":history\r")
        try terminal.waitFor("History: ")
        try terminal.waitFor("  test  failed")
    }

    @Test func `the times of the history are the user's on the screen, and UTC on the command line`() throws {
        #expect(try home.pgfob("test", "orders").code == 1)
        let line = try home.pgfob("history", "orders").output
        let hour = try #require(line.split(separator: "T").dropFirst().first.flatMap { Int($0.prefix(2)) })
        let minutes = try #require(line.split(separator: ":").dropFirst().first)
        let terminal = try home.screen(columns: 120, more: ["TZ": "XST-5"])
        try terminal.waitFor("orders")
        try terminal.send(":history orders\r")
        try terminal.waitFor("History: orders (local time)")
        let local = (hour + 5) % 24
        try terminal.waitFor(" \(local < 10 ? "0" : "")\(local):\(minutes):")
    }

    @Test func `names in the trash and in folders are completed`() throws {
        #expect(try home.pgfob("remove", "billing-old").code == 0)
        try home.folder.write("", to: "exports/fleet.toml")
        let terminal = try home.screen()
        try terminal.waitFor("orders")
        try terminal.send(":restore ")
        try terminal.waitFor("restore billing-old")
        try terminal.send("\t\r")
        try terminal.waitFor("brought back billing-old")
        try terminal.send(":import ~/exp")
        try terminal.waitFor("import ~/exports/")
        try terminal.send("\t")
        try terminal.waitFor("import ~/exports/fleet.toml")
        try terminal.send("\t")
        try terminal.waitUntil("the path is whole") { screen in
            screen.lines.contains { $0.contains("│ : import ~/exports/fleet.toml") }
        }
    }

    @Test func `what to do next is said in the words of the palette`() throws {
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("orders")
        try terminal.send(":discover\r")
        try terminal.waitFor("name one, as in `discover eu-west-1`, or `discover all`")
        try terminal.send(":catalogue\r")
        try terminal.waitFor("name the profile whose database holds it: `catalogue pull NAME`")
        #expect(try home.pgfob("catalogue", "status").errors.contains("--through NAME"))
        try terminal.send(":catalogue pull nosuch\r")
        try terminal.waitFor("nosuch")
    }
}

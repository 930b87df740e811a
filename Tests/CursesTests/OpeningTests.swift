import TestSupport
import Testing

struct OpeningTests {
    @Test(arguments: [
        "xterm-256color", "xterm", "tmux-256color", "screen-256color", "screen", "linux", "vt100", "vt220",
        // Debian has no entry for these: they are opened as the xterm that they are.
        "xterm-kitty", "xterm-ghostty", "foot", "wezterm",
    ])
    func `the screen is shown on and given back`(term: String) throws {
        let terminal = try FixtureStart.underShell(["TERM": term])
        try terminal.waitUntil("the picture is whole") {
            $0.lines[0] == "fixture 120x24 selected 0"
                && $0.lines[2] == "┌─ Box ────────────────┐  会計-本番|"
                && $0.lines[3] == "│                      │  e\u{301}té|                    ±Ж…|"
                && $0.lines[4].hasPrefix("└──────────────── end ─┘  palette")
                && $0.lines[23].hasPrefix(" item 18")
        }
        #expect(!terminal.isInLineMode)
        #expect(terminal.screen.modes.contains(2004))
        try terminal.send("q")
        try terminal.waitFor("after")
        #expect(try terminal.ending() == .exited(0))
        let screen = terminal.screen
        #expect(screen.contains("code 0"))
        #expect(!screen.isAlternate)
        #expect(screen.modes.isDisjoint(with: [1000, 1002, 1006, 1004, 2004]) && screen.modes.contains(25))
        // From the bytes: where there is no other screen, the first line was painted over.
        let written = String(decoding: terminal.output, as: UTF8.self)
        let before = written.matches(of: /before ([0-9a-f:]+)/).map(\.output.1)
        let after = written.matches(of: /after ([0-9a-f:]+)/).map(\.output.1)
        #expect(before.count == 1 && before == after)
    }

    @Test(arguments: [
        ("dumb", "refused: the terminal \"dumb\" cannot place its cursor: use the subcommands"),
        (
            "nosuch-terminal",
            "refused: the terminal \"nosuch-terminal\" is not in terminfo: install ncurses-term"
        ),
        ("", "refused: TERM is not set: set it, as in TERM=xterm-256color"),
        ("../../etc/passwd", "refused: the terminal \"../../etc/passwd\" is not in terminfo"),
        ("\u{1b}]0;evil\u{7}", "refused: the terminal \"?]0;evil?\" is not in terminfo"),
    ])
    func `a terminal that can show no screen is refused in one line`(term: String, line: String) throws {
        let terminal = try FixtureStart.alone(["TERM": term], columns: 200)
        #expect(try terminal.ending() == .exited(3))
        #expect(terminal.screen.lines[0].hasPrefix(line))
        #expect(!terminal.output.contains(0x1b))
        #expect(terminal.output.filter { $0 == 0x0a }.count == 1)
    }

    @Test(arguments: [[:], ["LINES": "10", "COLUMNS": "20"]])
    func `the size is the terminal's own and follows it`(environment: [String: String]) throws {
        let terminal = try FixtureStart.alone(environment, columns: 90, rows: 30)
        try terminal.waitFor("fixture 90x30")
        for (columns, rows) in [(120, 40), (60, 15), (1, 1), (200, 60), (20, 5), (80, 24)] {
            terminal.resize(columns: columns, rows: rows)
            let header = "fixture \(columns)x\(rows) selected 0"
            try terminal.waitUntil("\(columns)x\(rows)") {
                $0.lines[0] == String(header.prefix(columns)) && $0.lines.count == rows
                    && (rows < 24 || $0.lines[rows - 1].hasPrefix(" item \(rows - 6)"))
            }
        }
    }

    @Test(arguments: [
        (["LC_ALL": "C"], false), (["LC_ALL": "POSIX"], false), (["LANG": ""], true),
        (["LANG": "C.UTF-8"], true),
        // A locale that came along with ssh and is not installed here: the terminal speaks UTF-8 all the same.
        (["LANG": "xx_YY.UTF-8"], true), (["LANG": "C.UTF-8", "LC_CTYPE": "xx_YY.utf8"], true),
    ])
    func `only ASCII is sent where the locale is not UTF-8`(environment: [String: String], unicode: Bool)
        throws
    {
        let terminal = try FixtureStart.alone(environment)
        try terminal.waitFor(unicode ? "会計-本番|" : "????-????|")
        #expect(terminal.output.allSatisfy { $0 < 0x80 } == !unicode)
        #expect(terminal.screen.contains("┌─ Box"))
    }

    @Test func `stderr goes to the log while the screen is up`() throws {
        let folder = try TemporaryFolder()
        let terminal = try FixtureStart.alone(log: folder.file("log"), command: "echo told >&2; read line")
        try terminal.waitFor("fixture")
        try terminal.send("E")
        try terminal.waitFor("heard: E")
        #expect(folder.read("log") == "noise on stderr\n")
        #expect(folder.mode(of: "log") == 0o600)
        try terminal.send("L")
        try terminal.waitFor("told")
        try terminal.press(.enter)
        try terminal.waitFor("heard: E L")
        try terminal.send("Eq")
        #expect(try terminal.ending() == .exited(0))
        #expect(folder.read("log") == "noise on stderr\nnoise on stderr\n")
    }
}

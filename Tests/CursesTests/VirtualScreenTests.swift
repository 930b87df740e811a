import TestSupport
import Testing

/// The emulator that the other tests see through.
struct VirtualScreenTests {
    private func screen(_ bytes: String, columns: Int = 10, rows: Int = 3) -> VirtualScreen {
        var screen = VirtualScreen(columns: columns, rows: rows)
        screen.feed(bytes)
        return screen
    }

    @Test(arguments: [
        ("ab\r\ncd", ["ab", "cd", ""]), ("\u{1b}[2;3Hx\u{1b}[Hy", ["y", "  x", ""]),
        ("abc\u{8}x", ["abx", "", ""]),
        ("a\tb", ["a       b", "", ""]), ("abcdefghijk", ["abcdefghij", "k", ""]),
        ("1\r\n2\r\n3\r\n4", ["2", "3", "4"]),
        // The cursor waits behind the last column; only the next character wraps.
        ("abcdefghij\rx", ["xbcdefghij", "", ""]), ("\u{1b}[?7labcdefghijkl", ["abcdefghil", "", ""]),
        ("abcdef\u{1b}[3G\u{1b}[K", ["ab", "", ""]), ("abcdef\u{1b}[3G\u{1b}[1K", ["   def", "", ""]),
        ("abcdef\u{1b}[3G\u{1b}[2P", ["abef", "", ""]), ("abcdef\u{1b}[3G\u{1b}[2@", ["ab  cdef", "", ""]),
        ("abcdef\u{1b}[3G\u{1b}[2X", ["ab  ef", "", ""]), ("ab\u{1b}[3b", ["abbbb", "", ""]),
        ("1\r\n2\r\n3\u{1b}[2;1H\u{1b}[L", ["1", "", "2"]),
        ("1\r\n2\r\n3\u{1b}[1;1H\u{1b}[M", ["2", "3", ""]),
        ("1\r\n2\r\n3\u{1b}[J", ["1", "2", "3"]), ("1\r\n2\r\n3\u{1b}[2;1H\u{1b}[J", ["1", "", ""]),
        ("1\r\n2\u{1b}[2J", ["", "", ""]),
        ("1\r\n2\r\n3\u{1b}[1;2r\u{1b}[2;1H\nx", ["2", "x", "3"]),
        ("1\r\n2\u{1b}[H\u{1b}Mx", ["x", "1", "2"]),
        ("a\u{1b}7\u{1b}[3;3Hb\u{1b}8c", ["ac", "", "  b"]), ("\u{1b}[?1049hx\u{1b}[?1049ly", ["y", "", ""]),
        ("会計x", ["会計x", "", ""]), ("abcdefghi会", ["abcdefghi", "会", ""]), ("会\u{1b}[2Gx", [" x", "", ""]),
        ("e\u{301}x", ["e\u{301}x", "", ""]), ("\u{1b}(0lqk\u{1b}(Bq", ["┌─┐q", "", ""]),
        ("\u{1b})0\u{e}x\u{f}x", ["│x", "", ""]),
        ("\u{1b}]0;title\u{7}a\u{1b}]2;t\u{1b}\\b\u{1b}Pq\u{1b}\\c", ["abc", "", ""]),
        ("\u{1b}[>4;1m\u{1b}[!pa", ["a", "", ""]),
        ("\u{1b}[999;999Hx\u{1b}[0;0Hy", ["y", "", "         x"]),
        ("\u{1b}[4hab\u{1b}[Gc\u{1b}[4l", ["cab", "", ""]),
    ])
    func `bytes become text`(bytes: String, lines: [String]) {
        #expect(screen(bytes).lines == lines)
        // Cut anywhere, the sequences mean the same.
        var cut = VirtualScreen(columns: 10, rows: 3)
        for byte in bytes.utf8 { cut.feed([byte]) }
        #expect(cut.lines == lines)
    }

    @Test(
        arguments: [
            ("\u{1b}[1;4;7mx", true, .terminal), ("\u{1b}[1m\u{1b}[0mx", false, .terminal),
            ("\u{1b}[1m\u{1b}[22mx", false, .terminal), ("\u{1b}[31mx", false, .indexed(1)),
            ("\u{1b}[94mx", false, .indexed(12)), ("\u{1b}[38;5;196;1mx", true, .indexed(196)),
            ("\u{1b}[38;2;1;2;3;1mx", true, .rgb(1, 2, 3)), ("\u{1b}[38:2::1:2:3;1mx", true, .rgb(1, 2, 3)),
            ("\u{1b}[38:5:9mx", false, .indexed(9)), ("\u{1b}[31;39mx", false, .terminal),
            ("\u{1b}[31m\u{1b}[mx", false, .terminal),
        ] as [(String, Bool, VirtualColour)])
    func `styles follow SGR`(bytes: String, bold: Bool, colour: VirtualColour) {
        let style = screen(bytes).style(of: "x")
        #expect(style?.bold == bold)
        #expect(style?.foreground == colour)
    }

    @Test func `modes and what scrolled away are kept`() {
        let shown = screen("\u{1b}[?2004h\u{1b}[?25l\u{1b}[?1000;1006h\u{7}1\r\n2\r\n3\r\n4\r\n5")
        #expect(shown.modes == [7, 1000, 1006, 2004])
        #expect(shown.scrollback == ["1", "2"])
        #expect(shown.bells == 1)
        #expect(screen("\u{1b}[?1049h1\r\n2\r\n3\r\n4").scrollback.isEmpty)
    }

    @Test func `bytes of every kind are survived`() {
        var dice = SystemRandomNumberGenerator()
        let pieces = [
            "\u{1b}[", ";", "9", "999999999999", "H", "J", "K", "P", "@", "L", "M", "r", "m", "b", "\u{1b}M",
            "会", "x", "\n",
        ]
        for _ in 0..<200 {
            var screen = VirtualScreen(columns: Int.random(in: 1...5), rows: Int.random(in: 1...4))
            for _ in 0..<100 {
                screen.feed(pieces.randomElement(using: &dice) ?? "")
                screen.feed([UInt8.random(in: 0...255, using: &dice)])
            }
            screen.resize(columns: Int.random(in: 1...9), rows: Int.random(in: 1...9))
            screen.feed("\u{1b}[Hend")
            #expect(screen.lines.count == screen.rows)
            #expect(screen.row < screen.rows && screen.column < screen.columns)
        }
    }

    /// tmux is the second opinion, where it is installed.
    private func tmux(_ command: String, _ body: (PseudoTerminal, () throws -> [String]) throws -> Void)
        throws
    {
        let folder = try TemporaryFolder()
        let socket = folder.file("socket")
        let environment = PseudoTerminal.environment()
        let outside = try PseudoTerminal(
            "/usr/bin/tmux", ["-f", "/dev/null", "-S", socket, "new", command], environment: environment)
        try body(outside) {
            let capture = try ProgramRun(
                "/usr/bin/tmux", ["-S", socket, "capture-pane", "-p"], environment: environment)
            // The last row of the terminal is tmux's own.
            let rows = capture.output.split(separator: "\n", omittingEmptySubsequences: false)
            return rows.prefix(23).map(String.init)
        }
    }

    @Test(.enabled(if: ProgramPath.isInstalled("/usr/bin/tmux")))
    func `tmux sees the same of the same bytes`() throws {
        let bytes = Self.sequences.enumerated().map { "\u{1b}[\($0.offset + 1);1H\u{1b}[m\($0.element)" }
            .joined()
        let folder = try TemporaryFolder()
        let file = try folder.write(bytes + "\u{1b}[23;1Hend", to: "bytes")
        var screen = VirtualScreen(columns: 80, rows: 23)
        screen.feed(folder.read("bytes") ?? "")
        try tmux("stty -opost -echo; cat \(file); read line") { outside, capture in
            try outside.waitUntil("all is shown") { $0.lines[22] == "end" }
            let captured = try capture()
            #expect(screen.lines == captured)
            #expect(outside.screen.lines.dropLast() == captured[...])
            try outside.press(.enter)
            #expect(try outside.ending() == .exited(0))
        }
    }

    /// Each is written from the start of a row of its own. No line drawing: tmux captures its letters.
    private static let sequences = [
        "plain", "a\tb\tc", "abc\u{8}x", "abcdef\u{1b}[3G\u{1b}[K", "abcdef\u{1b}[3G\u{1b}[1K",
        "abcdef\u{1b}[3G\u{1b}[2P", "abcdef\u{1b}[3G\u{1b}[2@", "abcdef\u{1b}[3G\u{1b}[2X", "ab\u{1b}[3b",
        "会計-本番 x",
        "e\u{301}t\u{e9}", "a\u{1b}7bcd\u{1b}8x", "\u{1b}[77Gabcd\rx", "\u{1b}[80G会",
        "\u{1b}[?7l\u{1b}[77Gabcdef\u{1b}[?7h", "\u{1b}[4habc\u{1b}[Gx\u{1b}[4l", "\u{1b}]2;title\u{7}after",
        "\u{1b}[5;8r\u{1b}[8;1H\n\u{1b}[r", "\u{1b}[10;1H\u{1b}[2L", "\u{1b}[10;1H\u{1b}[M",
    ]

    @Test(.enabled(if: ProgramPath.isInstalled("/usr/bin/tmux")))
    func `the picture comes through tmux as it is`() throws {
        try tmux("\(ProgramPath.built("CursesFixture")) /dev/null") { outside, capture in
            try outside.waitFor("item 17")
            try outside.press(.down, .down)
            try outside.waitFor("selected 2")
            try outside.waitForSilence(milliseconds: 50)
            #expect(try outside.screen.lines.dropLast() == capture()[...])
            #expect(outside.screen.style(of: "item 2")?.reverse == true)
            try outside.send("q")
            #expect(try outside.ending() == .exited(0))
        }
    }
}

import TestSupport
import Testing

struct PaintingTests {
    /// Entries that only ncurses-term brings, for `tic`.
    private static let entries = #"""
        test-16|sixteen colours,
            colors#16, pairs#256, use=xterm-256color,
        test-direct|direct colour as xterm-direct has it,
            RGB, colors#0x1000000, pairs#0x7FFFF, ccc@, initc@, oc@,
            setab=\E[%?%p1%{8}%<%t4%p1%d%e48\:2\:\:%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%d%;m,
            setaf=\E[%?%p1%{8}%<%t3%p1%d%e38\:2\:\:%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%d%;m,
            use=xterm-256color,

        """#

    private func style(_ change: (inout VirtualStyle) -> Void) -> VirtualStyle {
        var style = VirtualStyle()
        change(&style)
        return style
    }

    @Test(
        arguments: [
            ("xterm-256color", [.indexed(1), .indexed(12), .indexed(196), .indexed(45), .indexed(235)]),
            ("test-16", [.indexed(1), .indexed(12), .indexed(9), .indexed(14), .indexed(0)]),
            ("xterm", [.indexed(1), .indexed(4), .indexed(1), .indexed(6), .indexed(0)]),
            ("vt100", [.terminal, .terminal, .terminal, .terminal, .terminal]),
            (
                "test-direct",
                [.indexed(1), .rgb(92, 92, 255), .rgb(255, 0, 0), .rgb(10, 200, 250), .rgb(40, 40, 40)]
            ),
        ] as [(String, [VirtualColour])])
    func `colours map down to what the terminal has`(term: String, colours: [VirtualColour]) throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Self.entries, to: "entries")
        let compiled = try ProgramRun(
            "/usr/bin/tic", ["-x", "-o", folder.file("terminfo"), source], environment: [:])
        try #require(compiled.code == 0, "\(compiled.errors)")
        let terminal = try FixtureStart.alone(["TERM": term, "TERMINFO": folder.file("terminfo")])
        try terminal.waitFor("item 18")
        let shown = ["palette", "bright", "cube", "rgb"].map { terminal.screen.style(of: $0) }
        #expect(shown.map { $0?.foreground ?? .terminal } == Array(colours.prefix(4)))
        #expect(shown[3]?.background == colours[4])
        #expect(shown[0]?.bold == true)
    }

    @Test(arguments: [(["NO_COLOR": "1"], false), (["NO_COLOR": ""], true)])
    func `NO_COLOR takes the colours and leaves the attributes`(
        environment: [String: String], coloured: Bool
    ) throws {
        let terminal = try FixtureStart.alone(environment)
        try terminal.waitFor("item 18")
        let cells = terminal.screen
        #expect((cells.style(of: "palette")?.foreground == .terminal) == !coloured)
        #expect((cells.style(of: "rgb")?.background == .terminal) == !coloured)
        #expect(cells.style(of: "palette")?.bold == true)
        #expect(cells.style(of: "item 0") == style { $0.reverse = true })
        #expect(cells.style(of: "item 1") == VirtualStyle())
    }

    @Test func `the user's palette and the terminal's own colours are left alone`() throws {
        let terminal = try FixtureStart.alone(command: "true")
        try terminal.waitFor("item 18")
        try terminal.send("L")
        try terminal.waitFor("heard: L")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        let bytes = String(decoding: terminal.output, as: UTF8.self)
        // OSC 4 sets palette entries and OSC 104 resets them; 37;40 would paint white on black.
        for sequence in ["\u{1b}]4;", "\u{1b}]104", "\u{1b}[37;40m", "\u{1b}]R"] {
            #expect(bytes.ranges(of: sequence).isEmpty, "\(sequence.dropFirst())")
        }
    }

    @Test func `moving the selection by a row costs less than 500 bytes`() throws {
        let terminal = try FixtureStart.alone(columns: 120, rows: 40)
        try terminal.waitFor("item 34")
        for row in 1...10 {
            let before = terminal.output.count
            try terminal.press(.down)
            try terminal.waitFor("selected \(row)")
            try terminal.waitForSilence(milliseconds: 20)
            #expect(terminal.output.count - before < 500)
        }
        #expect(terminal.screen.style(of: "item 10")?.reverse == true)
        #expect(terminal.screen.style(of: "item 9")?.reverse == false)
        // A cursor that is not shown is parked where the selection is.
        #expect(!terminal.screen.modes.contains(25) && terminal.screen.row == 15)
    }

    @Test func `more pairs of colours than a byte counts are told apart`() throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("item 18")
        try terminal.send("P")
        try terminal.waitFor("heard: P")
        try terminal.waitUntil("all are painted") { $0.cells[10][59].text == "x" }
        for number in 0..<300 {
            let shown = terminal.screen.cells[6 + number / 60][number % 60].style
            #expect(shown.foreground == .indexed(number % 200), "pair \(number)")
            #expect(shown.background == .indexed(16 + number / 200), "pair \(number)")
        }
    }

    @Test(arguments: ["xterm-256color", "linux", "vt100"])
    func `the last cell is painted and nothing scrolls`(term: String) throws {
        let terminal = try FixtureStart.alone(["TERM": term])
        try terminal.waitFor("item 18")
        let whole = terminal.screen.lines
        for _ in 1...2 {
            try terminal.send("C")
            try terminal.waitUntil("every cell is full") {
                $0.lines.count == 24 && $0.lines.allSatisfy { $0 == String(repeating: "#", count: 80) }
            }
            try terminal.send("C")
            try terminal.waitUntil("the picture is back") { $0.lines.dropFirst(2) == whole.dropFirst(2) }
        }
    }

    @Test func `a whole painting is shown at once, a part of it as it is`() throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("item 18")
        try terminal.waitUntil("the update has ended") { !$0.modes.contains(2026) }
        func bytes() -> String { String(decoding: terminal.output, as: UTF8.self) }
        let (begin, end) = ("\u{1b}[?2026h", "\u{1b}[?2026l")
        #expect(bytes().components(of: begin) == 1 && bytes().components(of: end) == 1)
        let inside = try #require(bytes().firstRange(of: begin)).upperBound
        let text = bytes()[inside...]
        let shown = try #require(text.firstRange(of: "item 18"))
        #expect(shown.upperBound <= (try #require(text.firstRange(of: end))).lowerBound)
        try terminal.press(.down)
        try terminal.waitFor("selected 1")
        try terminal.waitForSilence(milliseconds: 20)
        #expect(bytes().components(of: begin) == 1)
        try terminal.send("R")
        try terminal.waitFor("heard: Down R")
        try terminal.waitUntil("the update has ended") { !$0.modes.contains(2026) }
        #expect(bytes().components(of: begin) == 2)
    }

    @Test func `where ambiguous characters are wide only ASCII stands for them`() throws {
        let terminal = try FixtureStart.alone(["PGFOB_AMBIGUOUS": "wide"])
        try terminal.waitFor("???|")
        let screen = terminal.screen
        #expect(screen.lines[2].hasPrefix("+- Box ----------------+  会計-本番|"))
        #expect(screen.lines[3].hasPrefix("|                      |  "))
        #expect(screen.lines[4].hasPrefix("+---------------- end -+"))
        // Neither their own characters nor line drawing by another character set.
        let bytes = String(decoding: terminal.output, as: UTF8.self)
        for character in ["─", "│", "±", "Ж", "…", "\u{1b}(0"] {
            #expect(bytes.components(of: character) == 0)
        }
    }

    @Test func `a screen that something else has painted over is painted anew`() throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("item 18")
        let whole = terminal.screen.lines.dropFirst(2)
        try terminal.send("R")
        try terminal.waitFor("heard: R")
        try terminal.waitForSilence(milliseconds: 50)
        #expect(terminal.screen.lines.dropFirst(2) == whole)
        #expect(String(decoding: terminal.output, as: UTF8.self).components(of: " item 18 ") == 2)
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}

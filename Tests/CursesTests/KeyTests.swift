import TestSupport
import Testing

struct KeyTests {
    @Test(arguments: [
        ("j", "j"), (" ", "Space"), ("会", "会"), ("\r", "Enter"), ("\n", "Enter"), ("\t", "Tab"),
        ("\u{1b}[Z", "S-Tab"), ("\u{7f}", "Backspace"), ("\u{8}", "Backspace"), ("\u{3}", "^C"),
        ("\u{13}", "^S"),
        ("\u{1c}", ""), ("\u{1b}[A", "Up"), ("\u{1b}OA", "Up"), ("\u{1b}[B", "Down"), ("\u{1b}OB", "Down"),
        ("\u{1b}[C", "Right"), ("\u{1b}OD", "Left"), ("\u{1b}[H", "Home"), ("\u{1b}OH", "Home"),
        ("\u{1b}[1~", "Home"), ("\u{1b}[F", "End"), ("\u{1b}[4~", "End"), ("\u{1b}[5~", "PgUp"),
        ("\u{1b}[6~", "PgDn"), ("\u{1b}[2~", "Ins"), ("\u{1b}[3~", "Del"), ("\u{1b}OP", "F1"),
        ("\u{1b}[11~", "F1"), ("\u{1b}[24~", "F12"), ("\u{1b}", "Esc"), ("\u{1b}d", "M-d"),
        ("\u{1b}[<0;10;10M", "mouse"), ("\u{1b}[<0;10;10m", "mouse"), ("\u{1b}[<65;1;1M", "mouse"),
        ("\u{1b}[<0;10;x", ""),
        // Sequences that mean nothing here: none of their letters is a key.
        ("\u{1b}[M !!", ""), ("\u{1b}[27;5;13~", ""), ("\u{1b}[1;9D", ""), ("\u{1b}[99z", ""),
        ("\u{1b}[1;5D", "C-Left"), ("\u{1b}[1;5C", "C-Right"), ("\u{1b}[1;3D", "C-Left"),
        ("\u{1b}[1;3C", "C-Right"),
    ])
    func `keys are read by every name that terminals give them`(bytes: String, name: String) throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("fixture")
        try terminal.send(bytes)
        // Some time after the Escape, as a person would, so that the two are not one Alt.
        if bytes == "\u{1b}" { try terminal.waitFor("heard: Esc") }
        try terminal.send(".")
        try terminal.waitFor(name.isEmpty ? "heard: ." : "heard: \(name) .")
    }

    @Test(arguments: ["xterm-256color", "screen", "linux", "vt100", "tmux-256color"])
    func `arrows with Ctrl are known wherever they are sent`(term: String) throws {
        let terminal = try FixtureStart.alone(["TERM": term])
        try terminal.waitFor("fixture")
        try terminal.send("\u{1b}[1;5D\u{1b}[1;5C.")
        try terminal.waitFor("heard: C-Left C-Right .")
    }

    @Test func `a key with Ctrl is found by its name in terminfo, whatever the terminal sends for it`() throws
    {
        let folder = try TemporaryFolder()
        let source = try folder.write(
            "test-keys|rxvt's arrows,\n    kLFT5=\\EOd, kRIT5=\\EOc, use=xterm-256color,\n", to: "entries")
        let compiled = try ProgramRun(
            "/usr/bin/tic", ["-x", "-o", folder.file("terminfo"), source], environment: [:])
        try #require(compiled.code == 0, "\(compiled.errors)")
        let terminal = try FixtureStart.alone(["TERM": "test-keys", "TERMINFO": folder.file("terminfo")])
        try terminal.waitFor("fixture")
        try terminal.send("\u{1b}Od\u{1b}Oc.")
        try terminal.waitFor("heard: C-Left C-Right .")
    }

    @Test func `slow lines get the time that ESCDELAY gives them`() throws {
        let terminal = try FixtureStart.alone(["ESCDELAY": "60000"])
        try terminal.waitFor("fixture")
        try terminal.press(.escape)
        try terminal.waitForSilence(milliseconds: 100)
        try terminal.send("[A")
        try terminal.waitFor("heard: Up")
    }

    @Test(arguments: [
        ("one\rtwo\r\nthree", 1, "paste13(one/two/three)"), ("a\u{1b}[Ab", 1, "paste2(ab)"),
        ("", 1, "paste0()"),
        ("x", 100_000, "paste100000()"), ("会計\r", 9_000, "paste27000()"),
    ])
    func `a paste comes as one key`(text: String, times: Int, heard: String) throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("fixture")
        try terminal.paste(String(repeating: text, count: times))
        try terminal.send(".")
        try terminal.waitFor("heard: \(heard) .")
    }

    @Test func `a paste that never ends is left with one Ctrl-C`() throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("fixture")
        try terminal.send("\u{1b}[200~half a paste")
        try terminal.press(.control("c"))
        try terminal.send(".")
        try terminal.waitFor("heard: .")
    }

    @Test func `the program learns that its terminal has gone`() throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("fixture")
        terminal.hangUp()
        #expect(try terminal.ending() == .exited(0))
    }
}

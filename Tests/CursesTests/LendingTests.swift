#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

struct LendingTests {
    @Test func `a program that is lent the terminal finds the normal screen and whole lines`() throws {
        let terminal = try FixtureStart.underShell(
            command: "stty -g; echo name; read name; echo got $name; read end")
        try terminal.waitFor("fixture")
        try terminal.send("L")
        try terminal.waitFor("name")
        #expect(!terminal.screen.isAlternate && terminal.isInLineMode)
        #expect(terminal.screen.modes.contains(25) && !terminal.screen.modes.contains(2004))
        // The modes are those that the shell had.
        let settings = terminal.screen.lines.filter { $0.contains(":") }.map {
            $0.replacing("before ", with: "")
        }
        #expect(settings.count == 2 && settings.first == settings.last)
        try terminal.send("orders\n")
        try terminal.waitFor("got orders")
        try terminal.press(.enter)
        try terminal.waitUntil("the screen is back") {
            $0.contains("item 18") && $0.isAlternate && $0.modes.contains(2004) && !$0.modes.contains(25)
        }
        #expect(!terminal.isInLineMode)
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(terminal.screen.contains("got orders") && terminal.screen.contains("code 0"))
    }

    @Test func `whatever a killed program left behind is undone`() throws {
        let left =
            #"printf '\033[?1000h\033[?1003h\033[?1006h\033[?1004h\033[?25l\033[7m'; stty raw -echo; kill -9 $$"#
        let terminal = try FixtureStart.underShell(command: left)
        try terminal.waitFor("item 18")
        let whole = terminal.screen.lines.dropFirst(2)
        try terminal.send("L")
        try terminal.waitFor("heard: L")
        try terminal.waitForSilence(milliseconds: 50)
        #expect(terminal.screen.modes.isDisjoint(with: [1000, 1003, 1006, 1004]))
        #expect(terminal.screen.lines.dropFirst(2) == whole)
        #expect(terminal.screen.style(of: "item 3") == VirtualStyle())
        try terminal.send("q")
        try terminal.waitFor("after")
        #expect(terminal.isInLineMode && terminal.screen.modes.contains(25))
    }

    @Test func `Ctrl-C and a resize reach the lent program alone`() throws {
        // In a file: on the shell's command line its words would be shown before they are printed.
        let folder = try TemporaryFolder()
        let script = "trap 'echo caught' INT; echo ready; until read line; do :; done; stty size; read line"
        let terminal = try FixtureStart.underJobControl(
            command: "sh " + folder.write(script, to: "script"))
        try terminal.send("L")
        try terminal.waitFor("ready")
        try terminal.press(.control("c"))
        try terminal.waitFor("caught")
        terminal.resize(columns: 100, rows: 30)
        try terminal.press(.enter)
        try terminal.waitFor("30 100")
        try terminal.press(.enter)
        try terminal.waitFor("fixture 100x30")
        try terminal.waitFor("item 24")
        try terminal.send("q")
        try terminal.waitFor("shell>")
    }

    @Test func `keys typed at the lent program are not heard afterwards`() throws {
        let folder = try TemporaryFolder()
        let script = "stty -icanon; echo ready; until test -e \(folder.file("go")); do :; done"
        let terminal = try FixtureStart.alone(command: script)
        try terminal.waitFor("fixture")
        try terminal.send("L")
        try terminal.waitFor("ready")
        try terminal.send("qqq")
        // Their echo says that they have arrived.
        try terminal.waitFor("qqq")
        try folder.write("", to: "go")
        try terminal.waitFor("heard: L")
        try terminal.send(".")
        try terminal.waitFor("heard: L .")
    }

    @Test func `Ctrl-Z stops the program, fg brings it back`() throws {
        let terminal = try FixtureStart.underJobControl()
        try terminal.waitFor("item 18")
        let whole = terminal.screen.lines.dropFirst(2)
        for round in 1...2 {
            try terminal.press(.control("z"))
            try terminal.waitUntil("the shell has it") { !$0.isAlternate && $0.contains("Stopped") }
            #expect(terminal.isInLineMode && terminal.screen.modes.contains(25))
            #expect(!terminal.screen.modes.contains(2004))
            try terminal.send("clear; fg\n")
            try terminal.waitFor("heard: " + Array(repeating: "^Z", count: round).joined(separator: " "))
            try terminal.waitUntil("all is painted") {
                $0.lines.dropFirst(2) == whole && !$0.modes.contains(25)
            }
            #expect(!terminal.isInLineMode)
        }
        try terminal.send("q")
        try terminal.waitFor("shell>")
    }

    @Test func `a program continued in the background waits for the foreground`() throws {
        let terminal = try FixtureStart.underJobControl()
        try terminal.press(.control("z"))
        try terminal.waitFor("Stopped")
        try terminal.send("clear; bg; until jobs | grep -q Stopped; do :; done; echo still here\n")
        try terminal.waitUntil("the shell goes on") { $0.lines.contains("still here") }
        #expect(!terminal.screen.isAlternate && terminal.isInLineMode)
        try terminal.send("fg\n")
        try terminal.waitFor("heard: ^Z")
        #expect(!terminal.isInLineMode)
        try terminal.send("q")
        try terminal.waitUntil("the shell has it back") { !$0.isAlternate }
        try terminal.send("echo ended\n")
        try terminal.waitUntil("the shell answers") {
            $0.lines.contains { $0.hasSuffix("ended") && !$0.contains("echo") }
        }
        #expect(terminal.isInLineMode)
    }

    @Test func `a stop from elsewhere is survived`() throws {
        let terminal = try FixtureStart.underJobControl()
        let fixture = terminal.foregroundGroup
        kill(fixture, SIGSTOP)
        try terminal.waitFor("Stopped")
        try terminal.send("fg\n")
        try terminal.waitUntil("it is painted anew") {
            $0.lines[0].hasPrefix("fixture") && $0.lines[23].hasPrefix(" item 18") && !$0.contains("Stopped")
        }
        #expect(!terminal.isInLineMode)
        try terminal.send("q")
        try terminal.waitFor("shell>")
        #expect(terminal.isInLineMode && !terminal.screen.isAlternate)
    }

    @Test func `Ctrl-Z does nothing where no shell could continue the program`() throws {
        let terminal = try FixtureStart.underShell()
        try terminal.waitFor("item 18")
        try terminal.press(.control("z"))
        try terminal.waitFor("heard: ^Z")
        try terminal.send(".")
        try terminal.waitFor("heard: ^Z .")
    }

    @Test(arguments: ["X", "Z"])
    func `a program that dies of a fault leaves a usable terminal`(key: String) throws {
        let folder = try TemporaryFolder()
        let terminal = try FixtureStart.underShell(["SWIFT_BACKTRACE": "enable=no"], log: folder.file("log"))
        try terminal.waitFor("item 18")
        try terminal.send(key)
        try terminal.waitFor("after")
        #expect(try terminal.ending() == .exited(0))
        let screen = terminal.screen
        #expect(!screen.isAlternate && screen.modes.contains(25) && !screen.modes.contains(2004))
        let code = screen.lines.first { $0.hasPrefix("code") }
        #expect(code.map { $0 >= "code 132" && $0 <= "code 139" } == true)
        let settings = screen.lines.filter { $0.contains(":") }
        #expect(settings.first?.dropFirst(7) == settings.last?.dropFirst(6))
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func `a signal to end gives the terminal back`(signal: Int32) throws {
        let terminal = try FixtureStart.alone()
        try terminal.waitFor("item 18")
        terminal.signal(signal)
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.isAlternate && terminal.screen.modes.contains(25))
    }
}

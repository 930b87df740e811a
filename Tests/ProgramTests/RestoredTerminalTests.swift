import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// However the program ends, the shell gets its terminal back as it was.
@Suite(.timeLimit(.minutes(14)))
struct RestoredTerminalTests {
    enum Ending: String, CaseIterable, Sendable {
        case key, controlC, controlBackslash, terminate, hangUp, interrupt, fault, abort, formThenTerminate
    }

    @Test(arguments: Ending.allCases)
    func `the modes after are the modes before`(ending: Ending) throws {
        let home = try ProgramHome()
        #expect(try home.pgfob("add", "--name", "orders", "--host", "h.example", "--auth", "none").code == 0)
        // Not what every terminal has anyway: what is only set to a standard would show.
        let script = """
            stty -ixon -echoctl erase '^H' intr '^G'; echo "before $(stty -g)"
            '\(ProgramPath.pgfob)'; echo "after $(stty -g)"; read end
            """
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", script], environment: home.environment, folder: home.folder.path, columns: 100)
        try terminal.waitFor("orders")
        let child = try #require(terminal.child)
        switch ending {
        case .key: try terminal.send("q")
        case .controlC: try terminal.press(.control("c"))
        case .controlBackslash:
            // Nothing that the list has a use for: it must not end by it, nor dump core.
            try terminal.press(.control("\\"))
            try terminal.send("q")
        case .terminate: kill(child, SIGTERM)
        case .hangUp: kill(child, SIGHUP)
        case .interrupt: kill(child, SIGINT)
        case .fault: kill(child, SIGSEGV)
        case .abort: kill(child, SIGABRT)
        case .formThenTerminate:
            try terminal.send("e")
            try terminal.waitFor("Edit profile")
            kill(child, SIGTERM)
        }
        try terminal.waitFor("after ")
        let modes = terminal.screen.lines.flatMap { line -> [String] in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 2 && ["before", "after"].contains(words[0]) ? [words[1]] : []
        }
        #expect(modes.count == 2 && modes.first == modes.last, "\(terminal.screen.text)")
        #expect(!terminal.screen.isAlternate && terminal.screen.modes.contains(25))
        for mode in [1, 1000, 1002, 1003, 1004, 1006, 2004] {
            #expect(!terminal.screen.modes.contains(mode), "private mode \(mode)")
        }
        try terminal.press(.enter)
        _ = try terminal.ending()
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// What the first paint waits for, and what it does not.
@Suite(.timeLimit(.minutes(14)))
struct FirstPaintTests {
    #if os(Linux)
    @Test func `a screen that only shows its list has loaded neither libpq nor OpenSSL`() throws {
        let home = try ProgramHome()
        #expect(try home.pgfob("add", "--name", "orders", "--host", "h.example", "--auth", "none").code == 0)
        let terminal = try home.screen()
        try terminal.waitFor("orders")
        try terminal.waitFor("? help")
        // Foundation takes such a file for ended at its first page.
        let loaded = try ProgramRun("/bin/cat", ["/proc/\(terminal.pid)/maps"], environment: [:]).output
        #expect(loaded.contains("/libsqlite3."))
        for library in ["/libpq.", "/libssl.", "/libcrypto."] {
            #expect(!loaded.contains(library), "\(library)")
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
    #endif

    @Test(arguments: [1, 3, 40, 200])
    func `whatever the number of profiles and rows, the list counts all and reaches the last`(count: Int)
        throws
    {
        let home = try ProgramHome()
        let lines = (1...count).map {
            "{\"name\": \"p\($0 + 1000)\", \"host\": \"h.example\", \"auth\": \"none\", \"environment\": \"dev\"}"
        }
        let path = home.folder.path + "/profiles.json"
        try Data("[\(lines.joined(separator: ","))]".utf8).write(to: URL(filePath: path))
        #expect(try home.pgfob("import", path).code == 0)
        let terminal = try home.screen()
        try terminal.waitFor("p1001")
        try terminal.waitFor("\(count) profile")
        try terminal.press(.end)
        try terminal.waitFor("p\(count + 1000)")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Tests/Servers/private.py: a PostgreSQL server of one test's own, which verifies tokens and may be frozen, filled or
/// shut down.
package final class PrivateServer {
    private let process: ChildProgram
    private let folder: TemporaryFolder
    /// What it says of itself, in the words of the fleet.
    package let facts: JSONValue

    package init() throws {
        folder = try TemporaryFolder()
        // Root's server runs as another user, who has to get there.
        chmod(folder.path, 0o755)
        process = try ChildProgram(
            "/usr/bin/env",
            [Python.program, "\(ProgramPath.repository)/Tests/Servers/private.py", folder.file("server")],
            environment: Python.environment, input: nil)
        try process.wait(120, for: "the server") { [process] in process.output.contains("\n") }
        let line = process.output.split(separator: "\n").first ?? ""
        facts = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
    }

    deinit {
        process.send("stop\n")
        _ = try? process.end(within: 60)
    }

    /// Does what the script's head says, and waits until it is done.
    package func command(_ word: String) throws {
        let before = process.output.count
        process.send("\(word)\n")
        try process.wait(120, for: word) { [process] in process.output.count > before }
    }

    package subscript(path: String...) -> String? {
        path.reduce(Optional(facts)) { value, name in value?[name] }?.string
    }
}

/// Tests/Servers/faults.py: many listeners in one process, each of which misbehaves in its own way, most of them after
/// a real TLS handshake.
package final class FaultServer {
    /// The endpoint that its certificates are for.
    package static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    /// Its certificates, made once for all tests of this run.
    package static let certificates: TemporaryFolder? = {
        guard let folder = try? TemporaryFolder(),
            let made = try? ProgramRun(
                "/usr/bin/env", [Python.program, script, "--make", folder.path, host],
                environment: Python.environment), made.code == 0
        else { return nil }
        return folder
    }()

    private static var script: String { "\(ProgramPath.repository)/Tests/Servers/faults.py" }

    private let process: ChildProgram
    private let ports: [String: Int]
    private let folder: TemporaryFolder

    package struct Failure: Error { package var what: String }

    /// - Parameter modes: by name; the script says what there is.
    package init(_ modes: [String: String]) throws {
        guard let folder = Self.certificates else { throw Failure(what: "no certificates") }
        self.folder = folder
        process = try ChildProgram(
            "/usr/bin/env",
            [Python.program, Self.script, folder.path]
                + modes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" },
            environment: Python.environment, input: nil)
        try process.wait(for: "ports") { [process] in process.output.contains("READY\n") }
        var ports: [String: Int] = [:]
        for line in process.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let port = Int(words[1]) { ports[String(words[0])] = port }
        }
        self.ports = ports
    }

    /// One listener.
    package convenience init(_ mode: String) throws { try self.init(["it": mode]) }

    package func port(_ name: String = "it") throws -> Int {
        guard let port = ports[name] else { throw Failure(what: "no listener \(name)") }
        return port
    }

    /// The roots that its good certificates end at.
    package var roots: String { folder.file("root.pem") }

    /// Gives a listener another mode.
    package func set(_ name: String = "it", _ mode: String) throws {
        let before = process.output.count
        process.send("set \(name) \(mode)\n")
        try process.wait(for: "another mode") { [process] in process.output.count > before }
    }

    /// How many connections a listener has had.
    package func connections(_ name: String = "it") throws -> Int {
        let before = process.output.count
        process.send("stats\n")
        try process.wait(for: "numbers") { [process] in
            process.output.dropFirst(before).hasSuffix(".\n")
        }
        let line = process.output.dropFirst(before).split(separator: "\n").first { $0.hasPrefix("\(name) ") }
        return line.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Proxies over the fleet and their clients, which live as long as this.
final class ProxyTrial {
    let run: FleetRun
    private var children: [ChildProgram] = []

    init() throws { run = try FleetRun() }

    func start(
        _ program: String, _ arguments: [String], _ environment: [String: String], input: String? = ""
    ) throws -> ChildProgram {
        let child = try ChildProgram(program, arguments, environment: environment, input: input)
        children.append(child)
        return child
    }

    /// One that takes clients, and how they find it.
    func proxy(_ arguments: String..., more: [String: String] = [:]) throws -> (
        ChildProgram, conninfo: String
    ) {
        let child = try start(
            ProgramPath.pgfob, ["proxy", "orders-stg"] + arguments, run.environment.merging(more) { $1 },
            input: nil)
        try child.wait(for: "connection string") { child.output.contains("\n") }
        return (child, child.output.split(separator: "\n").map(String.init)[0])
    }

    /// Its socket.
    static func socket(_ conninfo: String) throws -> String {
        let words = Dictionary(
            uniqueKeysWithValues: conninfo.split(separator: " ").compactMap { word in
                word.firstIndex(of: "=").map { (String(word[..<$0]), String(word[word.index(after: $0)...])) }
            })
        return "\(try #require(words["host"]))/.s.PGSQL.\(try #require(words["port"]))"
    }

    var clientEnvironment: [String: String] { ["PATH": "/usr/bin:/bin", "HOME": run.folder.path] }

    func psql(_ conninfo: String, _ arguments: String...) throws -> ProgramRun {
        try ProgramRun("/usr/bin/psql", [conninfo, "-wX"] + arguments, environment: clientEnvironment)
    }

    func client(_ conninfo: String, _ sql: String = "select 1") throws -> ChildProgram {
        try start("/usr/bin/psql", [conninfo, "-wXAtc", sql], clientEnvironment)
    }

    /// A client in Python, to its end.
    func python(_ script: String, _ arguments: String...) throws -> ProgramRun {
        try ProgramRun(
            "/usr/bin/env", [Python.program, "-c", script] + arguments, environment: Python.environment,
            input: "")
    }
}

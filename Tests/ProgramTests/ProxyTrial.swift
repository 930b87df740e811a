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

    /// - Parameter more: as in ``FleetRun``.
    init(_ more: [String: String] = [:]) throws { run = try FleetRun(more) }

    func start(
        _ program: String, _ arguments: [String], _ environment: [String: String], input: String? = ""
    ) throws -> ChildProgram {
        let child = try ChildProgram(program, arguments, environment: environment, input: input)
        children.append(child)
        return child
    }

    /// One that takes clients, and how they find it.
    func proxy(
        _ arguments: String..., to profile: String = "orders-stg", more: [String: String] = [:]
    ) throws -> (ChildProgram, conninfo: String) {
        let child = try start(
            ProgramPath.pgfob, ["proxy", profile] + arguments, run.environment.merging(more) { $1 },
            input: nil)
        // At a port a password comes behind it.
        let lines = arguments.contains { $0.hasPrefix("127.") } ? 2 : 1
        try child.wait(for: "connection string") { child.output.count { $0 == "\n" } >= lines }
        return (child, child.output.split(separator: "\n").map(String.init)[0])
    }

    /// The password of a proxy at a port.
    func password(of proxy: ChildProgram) throws -> String {
        let line = try #require(proxy.output.split(separator: "\n").last { $0.hasPrefix("password=") })
        return String(line.dropFirst("password=".count))
    }

    /// How clients find a proxy of orders-stg that was told no place, however it was started.
    var ownConninfo: String {
        get throws {
            let names = try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob"))
            let folder = try #require(names.first { $0.hasPrefix("proxy-orders-stg-") })
            return "host=\(run.folder.file("pgfob/\(folder)")) port=5432 dbname=orders user=jane_doe"
        }
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

    func psql(
        _ conninfo: String, _ arguments: String..., password: String? = nil, input: String = ""
    ) throws -> ProgramRun {
        var environment = clientEnvironment
        environment["PGPASSWORD"] = password
        return try ProgramRun(
            "/usr/bin/psql", [conninfo, "-wX"] + arguments, environment: environment, input: input)
    }

    /// psql with a session that goes on.
    ///
    /// - Parameter isHeard: whether what the server answers is kept.
    func client(
        _ conninfo: String, _ sql: String = "select 1", isHeard: Bool = true, more: [String: String] = [:]
    ) throws -> ChildProgram {
        try start(
            "/usr/bin/psql", [conninfo, "-wXAtc", sql] + (isHeard ? [] : ["-o", "/dev/null"]),
            clientEnvironment.merging(more) { $1 })
    }

    /// A client that says how its session ends, once it has one or is answered.
    func toldClient(_ socket: String, _ sql: [String] = []) throws -> ChildProgram {
        let child = try start(
            "/usr/bin/env",
            [
                Python.program, "\(ProgramPath.repository)/Tests/Servers/told_client.py", socket, "jane_doe",
                "orders",
            ] + sql, Python.environment)
        try child.wait(for: "session") { child.output.hasSuffix("\n") }
        return child
    }

    /// A client in Python, to its end.
    func python(_ script: String, _ arguments: String..., input: String = "") throws -> ProgramRun {
        try ProgramRun(
            "/usr/bin/env", [Python.program, "-c", script] + arguments, environment: Python.environment,
            input: input)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Several pgfobs that find a store missing or old at the same time: one makes or migrates it, and none is lost.
@Suite(.timeLimit(.minutes(14)))
struct SharedStoreTests {
    private static let many = 8
    let home: ProgramHome
    private var folder: String { home.folder.file(".local/share/pgfob") }

    init() throws { home = try ProgramHome() }

    private struct Run {
        var ending: ProgramEnding
        var output: String
        var errors: String
        var isGood: Bool { ending == .exited(0) && errors.isEmpty }
    }

    /// Starts them together.
    private func atOnce(_ arguments: (Int) -> [String]) throws -> [Run] {
        let children = try (0..<Self.many).map {
            try ChildProgram(ProgramPath.pgfob, arguments($0), environment: home.environment, input: "")
        }
        return try children.map {
            let ending = try $0.end(within: 300)
            return Run(ending: ending, output: $0.output, errors: $0.errors)
        }
    }

    private func add(_ number: Int) -> [String] {
        ["add", "--name", "n\(number)", "--host", "h\(number).example.com", "--auth", "none"]
    }

    /// What lies there but for SQLite's own, which the next to close takes away where two have closed at once.
    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter {
            !$0.hasSuffix(".db-wal") && !$0.hasSuffix(".db-shm")
        }
    }

    /// Does something to a database by SQLite alone.
    private func sql(_ statements: String, _ file: String) throws -> String {
        let script = """
            import sqlite3, sys
            d = sqlite3.connect(sys.argv[1], isolation_level=None)
            print([r for s in sys.argv[2].split(';') for r in d.execute(s).fetchall()])
            """
        let run = try ProgramRun(
            "/usr/bin/env", [Python.program, "-c", script, "\(folder)/\(file)", statements],
            environment: Python.environment)
        #expect(run.code == 0, "\(run.errors)")
        return run.output
    }

    @Test func `all that begin with a store that is not there yet save what they are told`() throws {
        for round in 0..<3 {
            let runs = try atOnce { add(round * 10 + $0) }
            #expect(runs.allSatisfy { $0.isGood }, "\(runs)")
            #expect(try home.pgfob("list", "--json").output.split(separator: "\n").count == Self.many)
            #expect(try files() == ["profiles.db"])
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test func `all that find an older store wait for the one that migrates it, with one whole copy`() throws
    {
        #expect(try home.pgfob(add(0)).code == 0)
        let earlier = """
            ALTER TABLE history DROP COLUMN name; ALTER TABLE profiles DROP COLUMN own_defaults;
            DROP TABLE last_reports;
            DELETE FROM grdb_migrations WHERE substr(identifier, 1, 2) IN ('9 ', '10', '11', '12')
            """
        for _ in 0..<3 {
            _ = try sql(earlier, "profiles.db")
            let runs = try atOnce { _ in ["list", "--json"] }
            #expect(
                runs.allSatisfy {
                    $0.isGood && $0.output.contains("\"name\":\"n0\"")
                },
                "\(runs)")
            #expect(try files() == ["profiles.db", "profiles.db.before-9"])
            let copy = try sql(
                "PRAGMA integrity_check; SELECT count(*) FROM grdb_migrations; SELECT name FROM profiles",
                "profiles.db.before-9")
            #expect(copy == "[('ok',), (8,), ('n0',)]\n")
        }
    }
}

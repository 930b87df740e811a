#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// A team's catalogue whose database was restored from a backup: same catalogue, earlier numbers.
@Suite(
    .enabled(if: LocalFleet.running != nil, "Tests/run has PostgreSQL"), .serialized, .timeLimit(.minutes(10))
)
struct CatalogueRestoreTests {
    let server: PrivateServer
    let ann: ProgramHome
    let ben: ProgramHome

    init() throws {
        server = try PrivateServer()
        ann = try PrivateServerTests.home(server)
        ben = try PrivateServerTests.home(server)
        #expect(try ann.pgfob("catalogue", "init", "own", "--writer", "iam_dba").code == 0)
        #expect(try ben.pgfob("catalogue", "pull", "--through", "own").code == 0)
    }

    private static let host = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"

    private func share(_ name: String) throws {
        #expect(try ann.pgfob("add", "--name", name, "--host", Self.host, "--user", "u").code == 0)
        #expect(try ann.pgfob("catalogue", "push", name).output == "added 1\n")
    }

    private func port(_ name: String, _ home: ProgramHome) throws -> Int? {
        let line = try home.pgfob("list", "name:\(name)", "--json").output
        return try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))["port"]?.int
    }

    /// The table as a backup has it that was taken before all but the first change.
    private func restore() throws {
        let run = try ann.pgfob(
            "run", "own", "--write", "--yes", "-c",
            """
            ALTER TABLE pgfob.profiles DISABLE TRIGGER USER; DELETE FROM pgfob.profiles WHERE name = 'late';
            UPDATE pgfob.profiles SET port = 5432, version = 1, revision = 1;
            DELETE FROM pgfob.history WHERE version > 1 OR profile ->> 'name' = 'late';
            ALTER TABLE pgfob.profiles ENABLE TRIGGER USER; SELECT setval('pgfob.revisions', 1)
            """)
        #expect(run.code == 0, "\(run)")
    }

    @Test func `a database that was restored is followed from there on`() throws {
        defer { withExtendedLifetime(server) {} }
        try share("orders")
        #expect(try ann.pgfob("edit", "orders", "--port", "7001").code == 0)
        #expect(try ann.pgfob("catalogue", "push").output == "changed 1\n")
        try share("late")
        #expect(try ben.pgfob("catalogue", "pull").code == 0)
        try restore()
        let pulled = try ben.pgfob("catalogue", "pull")
        #expect(pulled.code == 0 && pulled.errors.contains("gone back"), "\(pulled)")
        #expect(
            pulled.errors.contains("no longer shared, as the catalogue lacks them: late"), "\(pulled.errors)")
        #expect(try port("orders", ben) == 5432)
        let quiet = try ben.pgfob("catalogue", "pull")
        #expect(quiet.errors.isEmpty && quiet.output == "pulled nothing new\n", "\(quiet)")
        // Ben goes on there, past the number that Ann knows.
        for port in ["7002", "7003", "7004"] {
            #expect(try ben.pgfob("edit", "orders", "--port", port).code == 0)
            #expect(try ben.pgfob("catalogue", "push").output == "changed 1\n")
        }
        let hers = try ann.pgfob("catalogue", "pull")
        #expect(hers.code == 0 && hers.errors.contains("lacks them: late"), "\(hers)")
        #expect(try port("orders", ann) == 7004)
        #expect(try ann.pgfob("edit", "orders", "--port", "7005").code == 0)
        #expect(try ann.pgfob("catalogue", "push").output == "changed 1\n")
        #expect(try ann.pgfob("catalogue", "push", "late").output == "added 1\n")
        #expect(try ben.pgfob("catalogue", "pull").code == 0)
        #expect(try port("orders", ben) == 7005)
    }

    @Test func `what a catalogue lacks is told with what to do about it`() throws {
        defer { withExtendedLifetime(server) {} }
        let role = try ann.pgfob("catalogue", "init", "--reader", "nobody_here")
        #expect(role.code == 1 && role.errors.contains("create it, or correct its name"), "\(role)")
        try share("orders")
        #expect(try ann.pgfob("catalogue", "status").output.hasPrefix("catalogue  1 profile through own"))
        let drop = try ann.pgfob(
            "run", "own", "--write", "--yes", "-c", "ALTER TABLE pgfob.profiles DROP COLUMN confirm")
        #expect(drop.code == 0, "\(drop)")
        let pulled = try ben.pgfob("catalogue", "pull")
        #expect(pulled.code == 1 && pulled.errors.contains("is not as pgfob made it"), "\(pulled)")
        // Without the piece of the statement that the server marks.
        #expect(!pulled.errors.contains("LINE 1") && pulled.errors.split(separator: "\n").count == 1)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import ProfileStore
import Profiles
import TestSupport
import Testing

/// Stores that an earlier pgfob has written.
struct MigrationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `profiles whose names look alike both stay, the later one under another name`() throws {
        let path = folder.file("profiles.db")
        let store = try ProfileStore(path: path)
        let profiles = ["caf\u{e9}", "two", "ASCII", "thrown"].map { Profile(name: $0, host: "h.example") }
        try store.insert(profiles)
        try store.trash([profiles[3].id])
        try store.update(
            Profile(id: profiles[0].id, name: "caf\u{e9}", host: "first.example"), from: profiles[0])
        try DatabaseQueue(path: path).write { db in
            // As it was before: the name as it was typed, and a key of its own.
            for (name, old) in [("cafe\u{301}", "two"), ("CAFE\u{301}", "thrown")] {
                try db.execute(
                    sql:
                        "UPDATE profiles SET name = ?, folded_name = ?, created_at = created_at + 1 WHERE name = ?",
                    arguments: [name, name.lowercased(), old])
            }
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '11 canonical names'")
        }
        let opened = try ProfileStore(path: path)
        let live = try opened.all().map(\.profile)
        #expect(Set(live.map(\.id)) == Set(profiles.prefix(3).map(\.id)))
        #expect(live.first { $0.id == profiles[0].id }?.name == "caf\u{e9}")
        #expect(live.first { $0.id == profiles[1].id }?.name == "cafe\u{301} (2)")
        #expect(try opened.find(name: "CAFE\u{301}")?.profile.host == "first.example")
        #expect(try opened.trashed().map(\.id) == [profiles[3].id])
        // Nothing of the file is lost that it was before.
        let copies = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(copies.contains { $0.hasPrefix("profiles.db.before-") })
    }

    @Test func `a copy that was not finished is made anew and has its name only once it is whole`() throws {
        let path = folder.file("profiles.db")
        let store = try ProfileStore(path: path)
        try store.insert([Profile(name: "one", host: "h.example")])
        try DatabaseQueue(path: path).write { db in
            // As it was before the latest migrations.
            try db.execute(sql: "DROP TABLE last_reports")
            try db.execute(
                sql:
                    "DELETE FROM grdb_migrations WHERE identifier IN ('11 canonical names', '12 last reports')"
            )
        }
        try folder.write(
            String(repeating: "half a copy ", count: 1000), to: "profiles.db.before-11.part", mode: 0o600)
        #expect(try ProfileStore(path: path).all().map(\.profile.name) == ["one"])
        let copy = try DatabaseQueue(path: folder.file("profiles.db.before-11"))
        let counted = try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations") }
        #expect(counted == 10 && folder.mode(of: "profiles.db.before-11") == 0o600)
        #expect(folder.read("profiles.db.before-11.part") == nil)
    }

    @Test func `what a profile by service was told comes back, and an older row has been told nothing`()
        throws
    {
        let path = folder.file("profiles.db")
        let store = try ProfileStore(path: path)
        var told = Profile(name: "told")
        (told.auth, told.service) = (.service, "legacy")
        var untold = told
        (untold.id, untold.name) = (UUID(), "untold")
        try told.set(.sslmode, to: "verify-full")
        try told.set(.database, to: "postgres")
        try store.insert([told, untold])
        let read = try store.all().map(\.profile)
        #expect(read == [told, untold])
        #expect(read[0].says(.sslmode) && read[0].says(.database) && !read[0].says(.port))
        #expect(!read[1].says(.sslmode) && !read[1].says(.database))
    }
}

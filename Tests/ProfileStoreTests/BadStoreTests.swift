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
import GRDB
import ProfileStore
import Profiles
import TestSupport
import Testing

/// Files that are no store: each is told in one line, and left as it is.
struct BadStoreTests {
    let folder: TemporaryFolder
    var path: String { folder.file("profiles.db") }

    init() throws { folder = try TemporaryFolder() }

    private func failure(_ path: String) -> StoreFailure? {
        let failure = #expect(throws: StoreFailure.self) { try ProfileStore(path: path) }
        #expect(failure.map { !$0.what.contains("\n") && !$0.remedy.isEmpty } == true)
        return failure
    }

    @Test func `a file of something else is told and left alone`() throws {
        try folder.write(
            "This is a letter, and it is longer than a header.\n", to: "profiles.db", mode: 0o644)
        #expect(failure(path)?.what.contains("is not a pgfob store") == true)
        #expect(folder.read("profiles.db")?.hasPrefix("This is a letter") == true)
        #expect(folder.mode(of: "profiles.db") == 0o644)
    }

    @Test func `another program's database is told and left alone`() throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE bookmarks (id INTEGER)") }
        let before = FileManager.default.contents(atPath: path)
        #expect(failure(path)?.what.contains("another program's database") == true)
        #expect(FileManager.default.contents(atPath: path) == before)
    }

    @Test func `what lies beside a store that was read-only for a while is opened again with it`() throws {
        // SQLite keeps both files there while it is open.
        let store = try ProfileStore(path: path)
        try store.insert([Profile(name: "a", host: "h")])
        let beside = ["profiles.db-wal", "profiles.db-shm"]
        for (mode, expected): (mode_t, mode_t) in [(0o400, 0o400), (0o600, 0o600)] {
            for name in beside { #expect(chmod(folder.file(name), 0o400) == 0) }
            #expect(chmod(path, mode) == 0)
            _ = try ProfileStore(path: path).all()
            for name in beside { #expect(folder.mode(of: name) == expected, "\(name)") }
        }
        #expect(try store.all().count == 1)
    }

    @Test func `a store cut in half is told as damaged`() throws {
        let store = try ProfileStore(path: path)
        try store.insert((0..<500).map { Profile(name: "p\($0)", host: "h") })
        _ = try DatabaseQueue(path: path).writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let data = try #require(FileManager.default.contents(atPath: path))
        let damaged = folder.file("damaged.db")
        #expect(FileManager.default.createFile(atPath: damaged, contents: data.prefix(data.count / 2)))
        let failure = #expect(throws: StoreFailure.self) { _ = try ProfileStore(path: damaged).all() }
        #expect(failure?.what.contains("damaged") == true)
    }

    @Test func `a store of a newer pgfob is refused and not touched`() throws {
        _ = try ProfileStore(path: path)
        try DatabaseQueue(path: path).write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
        }
        #expect(failure(path)?.what.contains("newer pgfob") == true)
    }

    @Test func `a folder in place of the file is told`() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(failure(path)?.what.contains("is not a file") == true)
    }

    @Test func `a folder that cannot be made is told`() throws {
        try folder.write("", to: "file")
        #expect(failure(folder.file("file/sub/profiles.db"))?.what.contains("file") == true)
        #expect(failure("/proc/pgfob/profiles.db")?.remedy.contains("--store") == true)
    }

    @Test func `a device in place of the file is told`() {
        #expect(failure("/dev/full")?.what.contains("is not a file") == true)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

/// The SQLite file of the profiles. Safe for threads; two programs may share one file.
package final class ProfileStore: Sendable {
    /// Where the file lies.
    package let path: String
    let queue: DatabaseQueue

    /// Opens the store, making it where it is missing and bringing its schema up to date.
    ///
    /// - Parameter makesFolders: whether the folders above a missing one are made, too.
    /// - Throws: ``StoreFailure``; an existing file is unchanged then.
    package convenience init(path: String, makesFolders: Bool = true) throws(StoreFailure) {
        try self.init(path: path, makesFolders: makesFolders, migrator: StoreSchema.migrator)
    }

    /// Whether a store's file is there.
    ///
    /// - Throws: ``StoreFailure`` where that cannot be told, or its folder is not there and would not be made.
    package static func isThere(_ path: String, makesFolders: Bool) throws(StoreFailure) -> Bool {
        if try StoreFile.isThere(path) { return true }
        if !makesFolders { try StoreFile.refuseMissingFolder(of: path) }
        return false
    }

    init(path: String, makesFolders: Bool = true, migrator: DatabaseMigrator) throws(StoreFailure) {
        try StoreFile.prepare(path, makesFolders: makesFolders)
        self.path = path
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.label = "pgfob.store"
            var name = path
            if StoreFile.isOnReadOnlyDisk(path) {
                // WAL needs to write even to read; what nobody can write needs no lock (SQLite documentation,
                // "URI Filenames", immutable).
                configuration.readonly = true
                name = StoreFile.immutableURI(path)
            }
            queue = try DatabaseQueue(path: name, configuration: configuration)
            try Self.bringUpToDate(queue, migrator, path)
            StoreFile.makePrivate(path)
        } catch {
            throw StoreFailure(error, path: path)
        }
    }

    private static func bringUpToDate(
        _ queue: DatabaseQueue, _ migrator: DatabaseMigrator, _ path: String
    ) throws {
        enum State { case new, current, old(Set<String>) }
        let state: State = try queue.inDatabase { db in
            let identity = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            if identity == StoreSchema.applicationID {
                if try migrator.hasCompletedMigrations(db) {
                    guard try !migrator.hasBeenSuperseded(db) else {
                        throw StoreFailure(
                            .unusable, "the store \(path) was written by a newer pgfob",
                            do: "update pgfob, or name another store with --store")
                    }
                    return .current
                }
                return .old(try Set(migrator.appliedIdentifiers(db)))
            }
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            guard identity == 0, tables == 0 else {
                throw StoreFailure(
                    .unusable, "\(path) is another program's database",
                    do: "it is left as it is; name another store with --store")
            }
            return .new
        }
        switch state {
        case .current:
            return
        case .new:
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
            }
        case .old(let applied):
            guard try !queue.read(migrator.hasBeenSuperseded) else {
                throw StoreFailure(
                    .unusable, "the store \(path) was written by a newer pgfob",
                    do: "update pgfob, or name another store with --store")
            }
            if !applied.isEmpty { try keepCopy(queue, path, applied.count) }
        }
        try migrator.migrate(queue)
    }

    /// A copy of the file as it was, beside it: `profiles.db.before-2`.
    private static func keepCopy(_ queue: DatabaseQueue, _ path: String, _ version: Int) throws {
        let copy = "\(path).before-\(version + 1)"
        try StoreFile.prepare(copy)
        try queue.backup(to: DatabaseQueue(path: copy))
    }

    // MARK: Reading

    /// All live profiles, by name.
    package func all() throws(StoreFailure) -> [SavedProfile] {
        try reading { db in
            try Self.fetch(db, "WHERE deleted_at IS NULL ORDER BY folded_name")
        }
    }

    private static let firstPageClause = """
        WHERE deleted_at IS NULL
        ORDER BY CASE environment WHEN 'prod' THEN 0 WHEN 'stage' THEN 1 WHEN 'dev' THEN 2
                WHEN 'local' THEN 3 ELSE 4 + (environment IS NULL) END,
            pinned DESC, coalesce(last_used_at, -1e300) DESC, folded_name
        LIMIT ?
        """

    /// What ``firstPage(limit:)`` asks; an index of that order answers it.
    package static let firstPageSQL = "SELECT \(SavedProfile.selection) FROM profiles \(firstPageClause)"

    /// The first live profiles in the order of the list: by environment, pinned ones first, then the last used,
    /// then by name.
    ///
    /// - Parameter limit: how many of them.
    package func firstPage(limit: Int) throws(StoreFailure) -> FirstPage {
        try reading { db in
            let profiles = try Self.fetch(db, Self.firstPageClause, [limit])
            let rows = try Row.fetchAll(
                db,
                sql:
                    "SELECT environment, count(*) FROM profiles WHERE deleted_at IS NULL GROUP BY environment"
            )
            let counts = rows.map { row in
                FirstPage.Count((row[0] as String?).flatMap { Environment($0) }, row[1])
            }
            return FirstPage(profiles: profiles, counts: counts)
        }
    }

    /// What lies in the trash, the latest first.
    package func trashed() throws(StoreFailure) -> [SavedProfile] {
        try reading { db in
            try Self.fetch(db, "WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC")
        }
    }

    /// The live profile of a name, without regard to case.
    package func find(name: String) throws(StoreFailure) -> SavedProfile? {
        try reading { db in
            try Self.fetch(db, "WHERE folded_name = ? AND deleted_at IS NULL", [Profile.fold(name)]).first
        }
    }

    /// A number that changes whenever another connection has committed (SQLite documentation,
    /// "PRAGMA data_version").
    package func dataVersion() throws(StoreFailure) -> Int {
        try reading { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
    }

    static func fetch(
        _ db: Database, _ clause: String, _ arguments: StatementArguments = []
    ) throws -> [SavedProfile] {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT \(SavedProfile.selection) FROM profiles \(clause)", arguments: arguments)
        var profiles: [SavedProfile] = []
        while let row = try rows.next() { profiles.append(SavedProfile(row: row)) }
        return profiles
    }

    func reading<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
        do { return try queue.inDatabase(body) } catch { throw StoreFailure(error, path: path) }
    }

    /// One transaction: all of it, or nothing.
    func writing<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
        do { return try queue.write(body) } catch { throw StoreFailure(error, path: path) }
    }
}

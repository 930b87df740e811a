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
    /// Why it is read from a copy in memory: the disk has no room for what SQLite keeps beside the file, or an older file
    /// cannot be written. Nil where it is not.
    private let reason: StoreFailure?

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
        StoreFile.openCompanions(of: path)
        self.path = path
        do {
            queue = try Self.open(path, migrator)
            reason = nil
            StoreFile.makePrivate(path)
        } catch {
            let failure = StoreFailure(error, path: path)
            guard let copy = Self.copy(path, migrator, after: failure) else { throw failure }
            (queue, reason) = (copy, failure)
        }
    }

    private static func open(_ path: String, _ migrator: DatabaseMigrator) throws -> DatabaseQueue {
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
        let queue = try DatabaseQueue(path: name, configuration: configuration)
        try StoreUpgrade(queue: queue, migrator: migrator, path: path).run()
        return queue
    }

    /// A copy in memory of a store whose disk is full, for WAL needs a little room even to read, or of an older one that
    /// cannot be brought up to date where it is. Another program may write, so that the file itself is not read any longer
    /// than that.
    ///
    /// - Returns: nil where that is not what keeps it shut, or what is in the file is not all there is.
    private static func copy(
        _ path: String, _ migrator: DatabaseMigrator, after failure: StoreFailure
    ) -> DatabaseQueue? {
        guard [.diskFull, .readOnly].contains(failure.kind), StoreFile.isWhole(path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let file = try DatabaseQueue(path: StoreFile.immutableURI(path), configuration: configuration)
            let copy = try DatabaseQueue()
            try file.backup(to: copy)
            let upgrade = StoreUpgrade(queue: copy, migrator: migrator, path: path)
            return try StoreFile.isWhole(path) && upgrade.runAlone() ? copy : nil
        } catch {
            return nil
        }
    }

    /// Whether there is room again for the store, which is read from a copy: it is to be opened anew.
    package var isOutdated: Bool { reason?.isDiskFull == true && !StoreFile.isDiskFull(under: path) }

    /// Why a store that is not there could not be made; nil where it could. Makes nothing.
    package static func hindrance(toMaking path: String) -> StoreFailure? {
        StoreFile.isDiskFull(under: path) ? .diskFull(path) : StoreFile.hindrance(toMaking: path)
    }

    /// Why nothing can be written to it now; nil where something can, or another program just writes. Writes nothing.
    package var hindrance: StoreFailure? {
        if let reason { return reason }
        if StoreFile.isDiskFull(under: path) { return .diskFull(path) }
        do {
            // Asks for the right to write; without it SQLite begins what only reads, whatever BEGIN says.
            try queue.write { db in try db.execute(sql: "DELETE FROM profiles WHERE false") }
        } catch {
            if case .SQLITE_BUSY? = (error as? DatabaseError)?.resultCode { return nil }
            return StoreFailure(error, path: path)
        }
        return nil
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
    package func find(name: String) throws(StoreFailure) -> SavedProfile? { try find(names: [name])[0] }

    /// The live profile of each name, without regard to case; nil where none has it.
    package func find(names: [String]) throws(StoreFailure) -> [SavedProfile?] {
        try reading { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(SavedProfile.selection) FROM profiles WHERE folded_name = ? AND deleted_at IS NULL
                    """)
            return try names.map { name in
                try Row.fetchOne(statement, arguments: [Profile.fold(name)]).map { SavedProfile(row: $0) }
            }
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
        // A copy would take it, and lose it.
        if let reason { throw reason }
        do { return try queue.write(body) } catch { throw StoreFailure(error, path: path) }
    }

    /// The same for what happened, of which there may be much at once: it does not wait for the disk. When the power
    /// fails the last entries may be gone, and nothing else is (SQLite documentation, "PRAGMA synchronous", of WAL).
    func noting<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
        if let reason { throw reason }
        do {
            return try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                defer { try? db.execute(sql: "PRAGMA synchronous = FULL") }
                var result: Value?
                try db.inTransaction {
                    result = try body(db)
                    return .commit
                }
                // Without a result it has thrown.
                return result!
            }
        } catch {
            throw StoreFailure(error, path: path)
        }
    }
}

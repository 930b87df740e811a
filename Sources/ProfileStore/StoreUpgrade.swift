#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import GRDB

/// Brings the schema of a store up to date: once, however many programs find it old or new at the same time.
struct StoreUpgrade {
    /// How long another program is let do it.
    private static let patience = Duration.seconds(15)
    /// How long it is tried again where somebody does it at the same time all the same.
    private static let persistence = Duration.seconds(30)
    private static let pause: Int32 = 20

    let queue: DatabaseQueue
    let migrator: DatabaseMigrator
    let path: String

    private enum State: Hashable {
        case new
        case current
        /// With what was done to it already.
        case old(Set<String>)
    }

    /// - Throws: ``StoreFailure``, or what SQLite says; a file that is no store of this version is unchanged then.
    func run() throws {
        guard try look() != .current else { return }
        guard !queue.configuration.readonly else { throw StoreFailure.readOnly(path) }
        let start = ContinuousClock.now
        let turn = StoreTurn(path, until: start + Self.patience)
        while true {
            let found = try look()
            do {
                try bring(found)
                break
            } catch let error as DatabaseError {
                // A pgfob that takes no turn, of an earlier version or on a disk that knows none, was at it as well: each
                // step is a transaction, so that what it has done is done whole.
                let isBusy = [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
                guard ContinuousClock.now - start < Self.persistence, try isBusy || look() != found else {
                    throw error
                }
                poll(nil, 0, Self.pause)
            }
        }
        _ = consume turn
    }

    /// The same for a copy in memory, which nobody else has.
    ///
    /// - Returns: false where it is not a store's.
    func runAlone() throws -> Bool {
        let found = try look()
        if case .old = found { try migrator.migrate(queue) }
        return found != .new
    }

    /// At one moment, whoever writes meanwhile.
    private func look() throws -> State {
        try queue.read { db in
            db.clearSchemaCache()
            let identity = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            guard identity == StoreSchema.applicationID else {
                let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
                guard identity == 0, tables == 0 else {
                    throw StoreFailure(
                        .unusable, "\(path) is another program's database",
                        do: "it is left as it is; name another store with --store")
                }
                return .new
            }
            guard try !migrator.hasBeenSuperseded(db) else {
                throw StoreFailure(
                    .unusable, "the store \(path) was written by a newer pgfob",
                    do: "update pgfob, or name another store with --store")
            }
            if try migrator.hasCompletedMigrations(db) { return .current }
            return .old(try Set(migrator.appliedIdentifiers(db)))
        }
    }

    private func bring(_ found: State) throws {
        switch found {
        case .current: return
        case .new:
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
            }
        case .old(let applied): if !applied.isEmpty { try keepCopy(applied.count) }
        }
        try migrator.migrate(queue)
    }

    /// A copy of the file as it was, beside it: `profiles.db.before-2`. It has that name only once it is whole.
    private func keepCopy(_ version: Int) throws {
        let copy = "\(path).before-\(version + 1)"
        let part = "\(copy).part"
        // Of a program that was killed while it made it.
        unlink(part)
        do {
            try StoreFile.prepare(part)
            let target = try DatabaseQueue(path: part)
            try queue.backup(to: target)
            try target.close()
            guard rename(part, copy) == 0 else {
                throw StoreFailure(
                    .unusable, "the copy \(copy) cannot be made (\(String(cString: strerror(errno))))",
                    do: "make room for it, or name another store with --store")
            }
        } catch {
            for end in ["", "-journal", "-wal", "-shm"] { unlink("\(part)\(end)") }
            throw error
        }
    }
}

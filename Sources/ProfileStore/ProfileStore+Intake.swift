#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

/// Changes that come in together, and what AWS says of profiles.
extension ProfileStore {
    /// Makes all changes of a batch in one transaction, or none of them.
    package func write(_ batch: ProfileBatch) throws(StoreFailure) {
        guard !batch.isEmpty else { return }
        try writing { db in try Self.write(batch, db) }
    }

    static func write(_ batch: ProfileBatch, _ db: Database) throws {
        // What goes makes room for names that come.
        try trash(batch.trashed, db)
        for update in batch.updated { try Self.update(update.new, from: update.old, db) }
        try restore(batch.restored, db)
        try insert(batch.inserted, db)
        for (id, origin) in batch.origins { try save(origin, of: id, db) }
        if !batch.catalogue.isEmpty { try save(batch.catalogue, db) }
        if let source = batch.source, !batch.inserted.isEmpty {
            try db.execute(
                sql: "INSERT INTO intakes (source, made_at, profile_ids) VALUES (?, ?, ?)",
                arguments: [
                    source, Date().timeIntervalSince1970,
                    batch.inserted.map { $0.id.uuidString.lowercased() }.joined(separator: " "),
                ])
        }
    }

    /// Moves to the trash what the last intake has added, and forgets that intake.
    ///
    /// - Returns: where it came from and how many of its profiles were still there; nil where there is none.
    package func undoLastIntake() throws(StoreFailure) -> (source: String, count: Int)? {
        try writing { db in
            while let row = try Row.fetchOne(
                db, sql: "SELECT id, source, profile_ids FROM intakes ORDER BY id DESC LIMIT 1")
            {
                let (id, source, ids): (Int, String, String) = (row[0], row[1], row[2])
                let before = try Self.countLive(db)
                try Self.trash(ids.split(separator: " ").compactMap { UUID(uuidString: String($0)) }, db)
                try db.execute(sql: "DELETE FROM intakes WHERE id = ?", arguments: [id])
                let count = before - (try Self.countLive(db))
                // One that was taken back on the screen has nothing left to go.
                if count > 0 { return (source, count) }
            }
            return nil
        }
    }

    private static func countLive(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM profiles WHERE deleted_at IS NULL") ?? 0
    }

    // MARK: Origins

    /// What AWS says of profiles, by their ids; those in the trash too.
    package func origins() throws(StoreFailure) -> [UUID: CloudOrigin] {
        do {
            return try queue.inDatabase { db in
                let rows = try Row.fetchCursor(
                    db,
                    sql:
                        "SELECT profile_id, key, account, region, cluster, resource_id, engine, iam, tags, written FROM origins"
                )
                var origins: [UUID: CloudOrigin] = [:]
                while let row = try rows.next() {
                    guard let id = UUID(uuidString: row[0]) else { continue }
                    origins[id] = CloudOrigin(
                        key: row[1], account: row[2], region: row[3], cluster: row[4], resourceID: row[5],
                        engine: row[6], isIAMEnabled: row[7], tags: Self.texts(row[8]),
                        written: Self.texts(row[9]))
                }
                return origins
            }
        } catch { throw StoreFailure(error, path: path) }
    }

    private static func save(_ origin: CloudOrigin, of id: UUID, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO origins (profile_id, key, account, region, cluster, resource_id, engine, iam,
                    tags, written, seen_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key(id), origin.key, origin.account, origin.region, origin.cluster, origin.resourceID,
                origin.engine, origin.isIAMEnabled, json(origin.tags), json(origin.written),
                Date().timeIntervalSince1970,
            ])
    }

    private static func json(_ texts: [String: String]) -> String {
        JSONText.object(texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }).text
    }

    private static func texts(_ json: String) -> [String: String] {
        (JSONTree(json.utf8)?.members ?? [:]).compactMapValues(\.string)
    }
}

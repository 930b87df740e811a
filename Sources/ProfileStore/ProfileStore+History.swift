#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

/// What happened to profiles. Bounded: of each kind the latest ``kept`` of a profile.
extension ProfileStore {
    /// How many entries of a kind are kept for each profile.
    package static let kept = 200

    /// Adds an entry, and lets the oldest of its kind go.
    ///
    /// - Returns: its number, for ``replace(_:with:)``.
    @discardableResult
    package func add(_ entry: HistoryEntry) throws(StoreFailure) -> Int64 {
        try noting { db in try Self.add(entry, db) }
    }

    /// Writes an entry anew, such as a session's that has ended.
    package func replace(_ number: Int64, with entry: HistoryEntry) throws(StoreFailure) {
        try noting { db in
            try db.cachedStatement(
                sql: "UPDATE history SET at = ?, outcome = ?, ms = ?, detail = ? WHERE id = ?"
            ).execute(arguments: [
                entry.at.timeIntervalSince1970, entry.outcome, entry.milliseconds, entry.detail, number,
            ])
            // So many came after it that it has gone.
            if db.changesCount == 0 { try Self.add(entry, db) }
        }
    }

    /// Closes the entries of sessions whose program has gone without a word. Writes nothing where there are none.
    ///
    /// - Parameter isOver: told the run that an entry names (``SessionRecord``).
    package func closeLost(_ isOver: (String?) -> Bool) throws(StoreFailure) {
        let open: [(Int64, String?)] = try reading { db in
            try Row.fetchAll(db, sql: "SELECT id, detail FROM history WHERE outcome = 'open'").map {
                ($0[0], $0[1])
            }
        }
        let lost = open.filter { isOver($0.1.flatMap { HistoryEntry.run(of: $0) }) }
        guard !lost.isEmpty else { return }
        try writing { db in
            for (number, _) in lost {
                // It may have ended well meanwhile.
                try db.execute(
                    sql: "UPDATE history SET outcome = ? WHERE id = ? AND outcome = 'open'",
                    arguments: [HistoryEntry.unknownEnd, number])
            }
        }
    }

    @discardableResult
    static func add(_ entry: HistoryEntry, _ db: Database) throws -> Int64 {
        let key = key(entry.profileID)
        try db.cachedStatement(
            sql: """
                INSERT INTO history (profile_id, kind, at, outcome, stage, cause, ms, role, version, detail, name)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce((SELECT name FROM profiles WHERE id = ?), ?))
                """
        ).execute(arguments: [
            key, entry.kind.rawValue, entry.at.timeIntervalSince1970, entry.outcome, entry.failedStage,
            entry.cause, entry.milliseconds, entry.role?.rawValue, entry.serverVersion, entry.detail,
            key, entry.name,
        ])
        let number = db.lastInsertedRowID
        try db.cachedStatement(
            sql: """
                DELETE FROM history WHERE profile_id = ? AND kind = ? AND id <= (
                    SELECT id FROM history WHERE profile_id = ? AND kind = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
                """
        ).execute(arguments: [key, entry.kind.rawValue, key, entry.kind.rawValue, kept])
        return number
    }

    /// The profiles that had a name when something happened to them.
    ///
    /// - Parameter folded: as ``Profile/fold(_:)`` has it.
    package func profiles(onceNamed folded: String) throws(StoreFailure) -> Set<UUID> {
        try reading { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT DISTINCT profile_id, name FROM history WHERE name IS NOT NULL")
            return Set(
                rows.compactMap { row in
                    let (id, name): (String, String) = (row[0], row[1])
                    return Profile.fold(name) == folded ? SavedProfile.uuid(id) : nil
                })
        }
    }

    /// The latest entries first.
    ///
    /// - Parameters:
    ///   - ids: nil for all profiles.
    ///   - limit: at most so many.
    package func history(
        of ids: Set<UUID>?, kinds: Set<HistoryEntry.Kind>, limit: Int
    ) throws(StoreFailure) -> [HistoryEntry] {
        try reading { db in
            let places = Array(repeating: "?", count: kinds.count).joined(separator: ", ")
            var arguments = kinds.map(\.rawValue).sorted().map(\.databaseValue)
            var clause = "kind IN (\(places))"
            if let ids {
                clause += " AND profile_id IN (\(ids.map { _ in "?" }.joined(separator: ", ")))"
                arguments += ids.map { Self.key($0) }
            }
            arguments.append(limit.databaseValue)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT profile_id, kind, at, outcome, stage, cause, ms, role, version, detail, name
                    FROM history WHERE \(clause) ORDER BY at DESC, id DESC LIMIT ?
                    """, arguments: StatementArguments(arguments))
            var entries: [HistoryEntry] = []
            while let row = try rows.next() {
                if let entry = HistoryEntry(row: row) { entries.append(entry) }
            }
            return entries
        }
    }
}

extension HistoryEntry {
    /// Nil for a kind that a newer version wrote.
    fileprivate init?(row: Row) {
        let (id, kind): (String, String) = (row[0], row[1])
        guard let uuid = SavedProfile.uuid(id), let known = Kind(rawValue: kind) else { return nil }
        self.init(
            profileID: uuid, kind: known, at: Date(timeIntervalSince1970: row[2]), outcome: row[3],
            failedStage: row[4], cause: row[5], milliseconds: row[6],
            role: (row[7] as String?).flatMap { ClusterRole(rawValue: $0) }, serverVersion: row[8],
            detail: row[9])
        name = row[10]
    }
}

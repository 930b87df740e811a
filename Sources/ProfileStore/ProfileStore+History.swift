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
    package func add(_ entry: HistoryEntry) throws(StoreFailure) {
        try writing { db in try Self.add(entry, db) }
    }

    static func add(_ entry: HistoryEntry, _ db: Database) throws {
        let key = key(entry.profileID)
        try db.cachedStatement(
            sql: """
                INSERT INTO history (profile_id, kind, at, outcome, stage, cause, ms, role, version, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            key, entry.kind.rawValue, entry.at.timeIntervalSince1970, entry.outcome, entry.failedStage,
            entry.cause, entry.milliseconds, entry.role?.rawValue, entry.serverVersion, entry.detail,
        ])
        try db.cachedStatement(
            sql: """
                DELETE FROM history WHERE profile_id = ? AND kind = ? AND id <= (
                    SELECT id FROM history WHERE profile_id = ? AND kind = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
                """
        ).execute(arguments: [key, entry.kind.rawValue, key, entry.kind.rawValue, kept])
    }

    /// The latest entries first.
    ///
    /// - Parameters:
    ///   - id: nil for all profiles.
    ///   - limit: at most so many.
    package func history(
        of id: UUID?, kinds: Set<HistoryEntry.Kind>, limit: Int
    ) throws(StoreFailure) -> [HistoryEntry] {
        try reading { db in
            let places = Array(repeating: "?", count: kinds.count).joined(separator: ", ")
            var arguments = kinds.map(\.rawValue).sorted().map(\.databaseValue)
            var clause = "kind IN (\(places))"
            if let id {
                clause += " AND profile_id = ?"
                arguments.append(Self.key(id))
            }
            arguments.append(limit.databaseValue)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT profile_id, kind, at, outcome, stage, cause, ms, role, version, detail
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
    }
}

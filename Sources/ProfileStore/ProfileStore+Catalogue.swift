#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

/// What of a team's catalogue was taken over: enough to tell, without asking it, what was changed on which side.
extension ProfileStore {
    /// The catalogue and its profiles as they are known here.
    package func catalogueSnapshot() throws(StoreFailure) -> CatalogueSnapshot {
        try reading { db in try Self.snapshot(db) }
    }

    /// The catalogue that this store takes part in; nil where there is none.
    package func catalogueState() throws(StoreFailure) -> CatalogueState? {
        try reading { db in try Self.state(db) }
    }

    /// Whether anything of the catalogue waits for somebody to decide on it; told without reading the profiles.
    package func hasCatalogueConflicts() throws(StoreFailure) -> Bool {
        try reading { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM catalogue_links WHERE conflicts <> '' OR deletion IS NOT NULL)
                    """) ?? false
        }
    }

    /// How many rows of the catalogue are known here, apart from those of which it has to be decided whether they go; told
    /// without reading the profiles.
    package func catalogueRowCount() throws(StoreFailure) -> Int {
        try reading { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM catalogue_links WHERE deletion IS NULL") ?? 0
        }
    }

    /// Decides on changes and makes them in one transaction: nobody changes anything between what was looked at and
    /// what is written.
    ///
    /// - Parameter decide: what is to be written; may be called on another thread.
    package func exchange(_ decide: (CatalogueSnapshot) -> ProfileBatch) throws(StoreFailure) {
        try writing { db in
            let batch = decide(try Self.snapshot(db))
            if !batch.isEmpty { try Self.write(batch, db) }
        }
    }

    private static func snapshot(_ db: Database) throws -> CatalogueSnapshot {
        let live = try fetch(db, "WHERE deleted_at IS NULL ORDER BY folded_name").map(\.profile)
        let trashed = try fetch(db, "WHERE deleted_at IS NOT NULL").map(\.profile)
        return CatalogueSnapshot(
            live: live, trashed: trashed, state: try state(db), links: try links(db))
    }

    private static func state(_ db: Database) throws -> CatalogueState? {
        guard
            let row = try Row.fetchOne(db, sql: "SELECT id, through, revision, pulled_at FROM catalogues"),
            let through = SavedProfile.uuid(row[1])
        else { return nil }
        return CatalogueState(
            id: row[0], through: through, revision: row[2], pulledAt: Date(timeIntervalSince1970: row[3]))
    }

    private static func links(_ db: Database) throws -> [CatalogueLink] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT row_id, profile_id, version, base, own, conflicts, deletion, changed_by, changed_at
                FROM catalogue_links
                """)
        var links: [CatalogueLink] = []
        while let row = try rows.next() {
            guard let id = SavedProfile.uuid(row[0]), let profile = SavedProfile.uuid(row[1]) else {
                continue
            }
            var link = CatalogueLink(
                rowID: id, profileID: profile, version: row[2], base: row[3], changedBy: row[7],
                changedAt: Date(timeIntervalSince1970: row[8]))
            link.own = fields(row[4])
            link.conflicts = fields(row[5])
            link.deletion = (row[6] as String?).flatMap { CatalogueLink.Deletion(rawValue: $0) }
            links.append(link)
        }
        return links
    }

    /// Writes what a pull or a push leaves behind.
    static func save(_ record: CatalogueRecord, _ db: Database) throws {
        if record.startsAnew { try db.execute(sql: "DELETE FROM catalogue_links") }
        if let state = record.state {
            try db.execute(sql: "DELETE FROM catalogues")
            try db.execute(
                sql: "INSERT INTO catalogues (id, through, revision, pulled_at) VALUES (?, ?, ?, ?)",
                arguments: [
                    state.id, key(state.through), state.revision, state.pulledAt.timeIntervalSince1970,
                ])
        }
        let forget = try db.makeStatement(sql: "DELETE FROM catalogue_links WHERE row_id = ?")
        for id in record.forgotten { try forget.execute(arguments: [key(id)]) }
        let save = try db.makeStatement(
            sql: """
                INSERT OR REPLACE INTO catalogue_links
                    (row_id, profile_id, version, base, own, conflicts, deletion, changed_by, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for link in record.links {
            try save.execute(arguments: [
                key(link.rowID), key(link.profileID), link.version, link.base, text(link.own),
                text(link.conflicts), link.deletion?.rawValue, link.changedBy,
                link.changedAt.timeIntervalSince1970,
            ])
        }
    }

    private static func text(_ fields: [ProfileField: String]) -> String {
        guard !fields.isEmpty else { return "" }
        return JSONText.object(
            fields.map { .init($0.key.rawValue, .string($0.value)) }.sorted { $0.name < $1.name }
        ).text
    }

    private static func fields(_ json: String) -> [ProfileField: String] {
        guard !json.isEmpty else { return [:] }
        var fields: [ProfileField: String] = [:]
        for (name, value) in JSONTree(json.utf8)?.members ?? [:] {
            if let field = ProfileField(rawValue: name) { fields[field] = value.string }
        }
        return fields
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A row of a team's catalogue, as the database sent it: nothing of it has been judged.
package struct CatalogueEntry: Sendable, Hashable {
    package var id: UUID
    /// Counts the changes of this row, from 1.
    package var version: Int
    /// Counts the changes of all rows.
    package var revision: Int
    package var isDeleted: Bool
    package var fields: TeamFields
    /// The database user who changed it last, and when.
    package var changedBy: String
    package var changedAt: Date

    package init(
        id: UUID, version: Int, revision: Int, isDeleted: Bool, fields: TeamFields, changedBy: String,
        changedAt: Date
    ) {
        self.id = id
        self.version = version
        self.revision = revision
        self.isDeleted = isDeleted
        self.fields = fields
        self.changedBy = changedBy
        self.changedAt = changedAt
    }
}

/// A change that is to go into a catalogue.
package struct CatalogueUpload: Sendable, Hashable {
    package var id: UUID
    /// The version that it was made from; nil for a row that is to be new.
    package var version: Int?
    package var fields: TeamFields
    package var deletes = false

    package init(id: UUID, version: Int?, fields: TeamFields, deletes: Bool = false) {
        self.id = id
        self.version = version
        self.fields = fields
        self.deletes = deletes
    }
}

/// What a catalogue says of itself and of who asks.
package struct CatalogueFacts: Sendable, Hashable {
    /// Made with the catalogue: tells one from another.
    package var id: String
    package var format: Int
    /// Whether the database's grants let this user change it, and the server takes writes.
    package var isWritable: Bool
    package var user: String
    /// How many profiles it holds.
    package var count: Int
    /// The number of its last change; nil on a server that follows another, which may not have it yet.
    package var lastRevision: Int?

    package init(
        id: String, format: Int, isWritable: Bool, user: String, count: Int, lastRevision: Int? = nil
    ) {
        self.id = id
        self.format = format
        self.isWritable = isWritable
        self.user = user
        self.count = count
        self.lastRevision = lastRevision
    }
}

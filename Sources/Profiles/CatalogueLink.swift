#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A profile that is shared: which row of the catalogue it is, and what both sides agreed on last.
package struct CatalogueLink: Sendable, Hashable {
    /// One side has deleted what the other has changed.
    package enum Deletion: String, Sendable, Hashable {
        case here, there
    }

    package var rowID: UUID
    package var profileID: UUID
    /// The row's version that ``base`` is of.
    package var version: Int
    /// The row's fields as they were taken over or sent last, as ``TeamFields/json``.
    package var base: String
    /// Where the profile differs on purpose and only here: the fields with their values.
    package var own: [ProfileField: String] = [:]
    /// Where both sides have changed a field: what it was before. Here is what the profile says, there is ``base``.
    package var conflicts: [ProfileField: String] = [:]
    package var deletion: Deletion?
    package var changedBy: String
    package var changedAt: Date

    package init(
        rowID: UUID, profileID: UUID, version: Int, base: String, changedBy: String, changedAt: Date
    ) {
        self.rowID = rowID
        self.profileID = profileID
        self.version = version
        self.base = base
        self.changedBy = changedBy
        self.changedAt = changedAt
    }

    /// The fields that were changed here since, those in conflict among them.
    package func changes(_ profile: Profile) -> [ProfileField] {
        let mine = TeamFields(profile)
        // Nearly always, and without reading any JSON.
        if own.isEmpty, mine.json == base { return [] }
        let base = TeamFields(json: base)
        return TeamFields.all.filter { field in
            mine[field] != base[field] && own[field] != mine[field]
                // Checking a server less is nobody's business but one's own (design/decisions.md).
                && !(field == .sslmode && Self.lowers(mine[field], base[field]))
        }
    }

    /// Whether the profile checks its server less than the row says, which is never sent and not agreed on.
    package func keepsLowerMode(_ profile: Profile) -> Bool {
        guard profile.sslmode < .verifyFull, own[.sslmode] != profile.sslmode.rawValue else { return false }
        return Self.lowers(profile.sslmode.rawValue, TeamFields(json: base)[.sslmode])
    }

    /// The fields that both sides have changed and nobody has decided on.
    package func openConflicts(_ profile: Profile) -> [ProfileField] {
        conflicts.isEmpty ? [] : changes(profile).filter { conflicts[$0] != nil }
    }

    /// What the row is to hold: the base with what was changed here.
    package func outgoing(_ profile: Profile) -> TeamFields {
        var fields = TeamFields(json: base)
        let mine = TeamFields(profile)
        for field in changes(profile) { fields[field] = mine[field] }
        return fields
    }

    /// Whether the first sslmode checks less than the second.
    package static func lowers(_ new: String, _ old: String) -> Bool {
        guard let new = SSLMode(rawValue: new), let old = SSLMode(rawValue: old) else { return false }
        return new < old
    }
}

/// The catalogue that a store takes part in.
package struct CatalogueState: Sendable, Hashable {
    /// As in ``CatalogueFacts``.
    package var id: String
    /// The profile that reaches it.
    package var through: UUID
    /// Everything up to this revision has been taken over.
    package var revision: Int
    package var pulledAt: Date

    package init(id: String, through: UUID, revision: Int, pulledAt: Date) {
        self.id = id
        self.through = through
        self.revision = revision
        self.pulledAt = pulledAt
    }
}

/// What a pull or a push leaves in the store besides the profiles.
package struct CatalogueRecord: Sendable, Hashable {
    package var state: CatalogueState?
    /// Written in place of what was there for the same row.
    package var links: [CatalogueLink] = []
    /// Rows that are shared no more.
    package var forgotten: [UUID] = []
    /// Whether every link that was there goes first: another catalogue takes the place.
    package var startsAnew = false

    package init() {}

    package var isEmpty: Bool { state == nil && links.isEmpty && forgotten.isEmpty && !startsAnew }
}

/// All that a comparison with a catalogue looks at, read in one transaction.
package struct CatalogueSnapshot: Sendable {
    package var live: [Profile]
    package var trashed: [Profile]
    package var state: CatalogueState?
    package var links: [CatalogueLink]

    package init(live: [Profile], trashed: [Profile], state: CatalogueState?, links: [CatalogueLink]) {
        self.live = live
        self.trashed = trashed
        self.state = state
        self.links = links
    }

    /// As it would be with the changes made, as far as conflicts depend on it.
    package func after(_ batch: ProfileBatch) -> CatalogueSnapshot {
        let updated = Dictionary(batch.updated.map { ($0.old.id, $0.new) }) { first, _ in first }
        let gone = Set(batch.trashed)
        var next = self
        next.live = live.filter { !gone.contains($0.id) }.map { updated[$0.id] ?? $0 } + batch.inserted
        next.trashed += live.filter { gone.contains($0.id) }
        let replaced = Set(batch.catalogue.links.map(\.rowID) + batch.catalogue.forgotten)
        next.links = links.filter { !replaced.contains($0.rowID) } + batch.catalogue.links
        return next
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Changes to several profiles that are made together or not at all.
package struct ProfileBatch: Sendable, Hashable {
    package struct Update: Sendable, Hashable {
        package var new: Profile
        package var old: Profile

        package init(_ new: Profile, from old: Profile) {
            self.new = new
            self.old = old
        }
    }

    package var inserted: [Profile] = []
    package var updated: [Update] = []
    package var trashed: [UUID] = []
    package var restored: [UUID] = []
    /// What AWS says of profiles, by their ids.
    package var origins: [UUID: CloudOrigin] = [:]
    /// What the team's catalogue and these profiles have to do with one another.
    package var catalogue = CatalogueRecord()
    /// Where the new ones come from, remembered for taking them back; nil remembers nothing.
    package var source: String?

    package init() {}

    /// What saves the chosen items.
    ///
    /// - Parameter approved: whose values that have to be approved come in, by place in `items`.
    package init(_ items: [Intake.Item], approved: Set<Int>, source: String?) {
        for (index, item) in items.enumerated() {
            let profile = item.profile(approving: approved.contains(index))
            switch (item.kind, item.old) {
            case (.changed, let old?):
                updated.append(Update(profile, from: old))
                origins[old.id] = item.origin
            case (.gone, let old?): trashed.append(old.id)
            default:
                inserted.append(profile)
                origins[profile.id] = item.origin
            }
        }
        self.source = source
    }

    package var isEmpty: Bool {
        changesNothing && origins.isEmpty && catalogue.isEmpty
    }

    /// Whether no profile is touched.
    package var changesNothing: Bool {
        inserted.isEmpty && updated.isEmpty && trashed.isEmpty && restored.isEmpty
    }

    /// The one that a cursor goes to afterwards.
    package var first: UUID? {
        inserted.first?.id ?? updated.first?.new.id ?? restored.first ?? trashed.first
    }

    /// What takes all of it back.
    package var opposite: ProfileBatch {
        var batch = ProfileBatch()
        batch.trashed = inserted.map(\.id) + restored
        batch.updated = updated.map { Update($0.old, from: $0.new) }
        batch.restored = trashed
        return batch
    }

    /// The same once more after it was taken back: what was new lies in the trash by then.
    package var again: ProfileBatch {
        var batch = self
        batch.restored += inserted.map(\.id)
        batch.inserted = []
        return batch
    }

    /// `imported 3 profiles`, `imported 2, changed 1, removed 1`.
    package func words(_ verb: String) -> String {
        var parts: [String] = []
        if !inserted.isEmpty || (updated.isEmpty && trashed.isEmpty) {
            parts.append("\(verb) \(inserted.count) profile\(inserted.count == 1 ? "" : "s")")
        }
        if !updated.isEmpty { parts.append("changed \(updated.count)") }
        if !trashed.isEmpty { parts.append("removed \(trashed.count)") }
        return parts.joined(separator: ", ")
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ProfileStore
import Profiles

/// What both sides of a catalogue have changed and somebody has to decide on: nothing of either is lost until then.
package struct CatalogueConflict: Sendable, Hashable {
    package struct Difference: Sendable, Hashable {
        package var field: ProfileField
        /// Nil where the two were made apart.
        package var was: String?
        package var here: String
        package var there: String
    }

    package var profile: Profile
    package var link: CatalogueLink
    /// Empty where one side has deleted the profile.
    package var differences: [Difference]

    init?(_ profile: Profile, _ link: CatalogueLink) {
        self.profile = profile
        self.link = link
        let (mine, base) = (TeamFields(profile), TeamFields(json: link.base))
        differences = link.openConflicts(profile).map { field in
            let was = link.conflicts[field] ?? ""
            return Difference(
                field: field, was: was.isEmpty ? nil : was, here: mine[field], there: base[field])
        }
        guard link.deletion != nil || !differences.isEmpty else { return nil }
    }

    /// Who changed it there.
    package var author: String { "\(link.changedBy) at \(Timestamp.rfc3339(link.changedAt))" }

    /// A line for each field.
    package var lines: [String] {
        switch link.deletion {
        case .here: return ["deleted here, changed there by \(author)"]
        case .there: return ["changed here, deleted there by \(author)"]
        case nil:
            return differences.map { difference in
                let was = difference.was.map { ", was \(Self.shown($0))" } ?? ""
                return
                    "\(difference.field.rawValue): here \(Self.shown(difference.here)), there \(Self.shown(difference.there))\(was)"
            }
        }
    }

    /// A value on a line; what is empty is said.
    static func shown(_ text: String) -> String { text.isEmpty ? "nothing" : DialAddress.shown(text) }

    package var json: JSONText {
        .object([
            .init("profile", .string(profile.name)), .init("state", .string("conflict")),
            .init("deleted", .optional(link.deletion?.rawValue)),
            .init(
                "fields",
                .array(
                    differences.map {
                        .object([
                            .init("field", .string($0.field.rawValue)), .init("was", .optional($0.was)),
                            .init("here", .string($0.here)), .init("there", .string($0.there)),
                        ])
                    })),
            .init("by", .string(link.changedBy)),
            .init("at", .string(Timestamp.rfc3339(link.changedAt))),
        ])
    }
}

extension TeamCatalogue {
    /// Whose value stands.
    package enum Side: String, Sendable, Hashable {
        case mine, theirs
    }

    /// What somebody has to decide on, by name.
    package func conflicts() throws(Refusal) -> [CatalogueConflict] {
        let store = try book.store()
        let doubts = try Refusal.wrapping { () throws(StoreFailure) in try store.hasCatalogueConflicts() }
        return doubts ? Self.conflicts(try snapshot()) : []
    }

    static func conflicts(_ snapshot: CatalogueSnapshot) -> [CatalogueConflict] {
        let doubtful = snapshot.links.filter { !$0.conflicts.isEmpty || $0.deletion != nil }
        guard !doubtful.isEmpty else { return [] }
        let profiles = Dictionary((snapshot.live + snapshot.trashed).map { ($0.id, $0) }) { first, _ in first
        }
        return doubtful.compactMap { link in
            profiles[link.profileID].flatMap { CatalogueConflict($0, link) }
        }.sorted { $0.profile.foldedName < $1.profile.foldedName }
    }

    /// Decides conflicts: with `mine` the values stay, and the next push sends them; with `theirs` those of the
    /// catalogue come in.
    ///
    /// - Parameters:
    ///   - names: nil for every profile that has conflicts.
    ///   - fields: only these; nil for all of them.
    /// - Returns: what was decided, and what that changed in the profiles.
    /// - Throws: ``Refusal`` where a profile is named that has none.
    package func decide(
        _ side: Side, names: [String]?, fields: Set<ProfileField>? = nil
    ) throws(Refusal) -> (conflicts: [CatalogueConflict], changes: ProfileBatch) {
        var chosen: [CatalogueConflict] = []
        let all = try conflicts()
        for name in names ?? all.map(\.profile.name) {
            guard let found = all.first(where: { $0.profile.foldedName == Profile.fold(name) }) else {
                let near = Nearest.match(name, among: all.map(\.profile.name))
                throw Refusal(
                    .failed, "\"\(name)\" has no conflict with the catalogue",
                    do: near.map { "did you mean \"\($0)\"?" } ?? "`pgfob catalogue status` shows what has")
            }
            chosen.append(found)
        }
        let problem = Problem()
        try exchange { snapshot in
            var batch = ProfileBatch()
            // What was looked at may have changed meanwhile: it is decided on as it is now.
            let ids = Set(chosen.map(\.link.rowID))
            for conflict in Self.conflicts(snapshot) where ids.contains(conflict.link.rowID) {
                conflict.decide(side, fields, &batch) { problem.texts.append($0) }
            }
            problem.changes = batch
            return batch
        }
        let revived = Set(chosen.filter { $0.link.deletion == .here && side == .theirs }.map(\.link.rowID))
        if !revived.isEmpty { try takeOver(revived) }
        if let text = problem.texts.first {
            throw Refusal(.failed, text, do: "edit the profile, or decide for mine")
        }
        // What the catalogue has to do with them is not to be taken back: the team's side stays as it is known.
        var changes = problem.changes
        changes.catalogue = CatalogueRecord()
        return (chosen, changes)
    }

    /// Gives profiles that came back from the trash what the catalogue says.
    private func takeOver(_ rows: Set<UUID>) throws(Refusal) {
        try exchange { snapshot in
            var batch = ProfileBatch()
            let live = Dictionary(snapshot.live.map { ($0.id, $0) }) { first, _ in first }
            let taken = Set(snapshot.live.map(\.foldedName))
            for var link in snapshot.links where rows.contains(link.rowID) {
                guard let profile = live[link.profileID] else { continue }
                let base = TeamFields(json: link.base)
                var new = profile
                for field in link.changes(profile) {
                    let isTaken = field == .name && taken.contains(Profile.fold(base[.name]))
                    // What cannot be taken over stays as it is here, and only here.
                    if isTaken || (try? new.setShared(field, to: base[field])) == nil {
                        link.own[field] = TeamFields(profile)[field]
                    }
                }
                guard !new.problems().contains(where: { $0.severity == .error }) else { continue }
                if new != profile { batch.updated.append(.init(new, from: profile)) }
                batch.catalogue.links.append(link)
            }
            return batch
        }
    }

    private final class Problem {
        var texts: [String] = []
        var changes = ProfileBatch()
    }
}

extension CatalogueConflict {
    fileprivate func decide(
        _ side: TeamCatalogue.Side, _ fields: Set<ProfileField>?, _ batch: inout ProfileBatch,
        refused: (String) -> Void
    ) {
        var link = link
        switch (link.deletion, side) {
        case (.here?, .mine), (.there?, .mine):
            // Deleted here: --deleted sends that. Changed here: the next push brings it back there.
            link.deletion = nil
        case (.here?, .theirs):
            link.deletion = nil
            // What was changed there comes in once it is back.
            batch.restored.append(profile.id)
        case (.there?, .theirs):
            batch.trashed.append(profile.id)
            batch.catalogue.forgotten.append(link.rowID)
            return
        case (nil, _):
            var new = profile
            for difference in differences where fields?.contains(difference.field) != false {
                if side == .theirs {
                    do throws(FieldProblem) {
                        try new.setShared(difference.field, to: difference.there)
                    } catch {
                        return refused("\(profile.name): \(difference.field.rawValue): \(error.message)")
                    }
                }
                link.conflicts[difference.field] = nil
            }
            if let problem = new.problems().first(where: { $0.severity == .error }) {
                return refused("\(profile.name): \(problem.field.rawValue): \(problem.message)")
            }
            if new != profile { batch.updated.append(.init(new, from: profile)) }
        }
        batch.catalogue.links.append(link)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

extension TeamCatalogue {
    /// How this store and its catalogue stand to one another.
    package struct Status: Sendable {
        package struct Change: Sendable, Hashable {
            package var name: String
            /// The fields with the values of the catalogue and of here.
            package var differences: [CatalogueConflict.Difference]
        }

        package var through: String
        package var pulledAt: Date?
        /// What the catalogue says of itself; nil where it was not reached.
        package var facts: CatalogueFacts?
        /// Why it was not.
        package var unreachable: Refusal?
        /// What a pull would bring.
        package var incoming: Intake?
        /// What a push would send.
        package var changedHere: [Change] = []
        package var deletedHere: [String] = []
        package var conflicts: [CatalogueConflict] = []
        package var shared = 0
        package var unshared = 0
    }

    /// Finds out what a pull and a push would do; what can be told without the network is told without it too.
    ///
    /// - Parameter isOffline: does not ask the catalogue.
    /// - Throws: ``Refusal`` where no catalogue is known.
    package func status(
        through profile: Profile, isNamed: Bool = false, isOffline: Bool = false, options: SignerOptions
    ) throws(Refusal) -> Status {
        let snapshot = try snapshot()
        let profiles = Dictionary((snapshot.live + snapshot.trashed).map { ($0.id, $0) }) { first, _ in first
        }
        let live = Set(snapshot.live.map(\.id))
        var status = Status(through: profile.name, pulledAt: snapshot.state?.pulledAt)
        for link in snapshot.links {
            guard let profile = profiles[link.profileID] else { continue }
            guard live.contains(profile.id) else {
                if link.deletion == nil { status.deletedHere.append(profile.name) }
                continue
            }
            status.shared += 1
            let (mine, base) = (TeamFields(profile), TeamFields(json: link.base))
            let open = Set(link.openConflicts(profile))
            let changed = link.deletion == nil ? link.changes(profile).filter { !open.contains($0) } : []
            guard !changed.isEmpty else { continue }
            status.changedHere.append(
                .init(
                    name: profile.name,
                    differences: changed.map {
                        .init(field: $0, was: base[$0], here: mine[$0], there: base[$0])
                    }))
        }
        status.changedHere.sort { $0.name < $1.name }
        status.deletedHere.sort()
        status.unshared = snapshot.live.count - status.shared
        status.conflicts = Self.conflicts(snapshot)
        guard !isOffline else { return status }
        do throws(Refusal) {
            let found = try pull(through: profile, isNamed: isNamed, isTrial: true, options: options)
            (status.facts, status.incoming) = (found.facts, found.intake)
            status.foresee(found.conflicts)
        } catch {
            status.unreachable = error
        }
        return status
    }
}

extension TeamCatalogue.Status {
    /// What would be in conflict after a pull is not to be pushed.
    fileprivate mutating func foresee(_ conflicts: [CatalogueConflict]) {
        self.conflicts = conflicts
        let open = Dictionary(conflicts.map { ($0.profile.name, $0) }) { first, _ in first }
        changedHere = changedHere.compactMap { change in
            guard let conflict = open[change.name] else { return change }
            guard conflict.link.deletion == nil else { return nil }
            let fields = Set(conflict.differences.map(\.field))
            var change = change
            change.differences.removeAll { fields.contains($0.field) }
            return change.differences.isEmpty ? nil : change
        }
    }

    /// For people.
    package var lines: [String] {
        var lines: [String] = []
        if let facts {
            let rights = facts.isWritable ? "read and write" : "read-only"
            let count = "\(facts.count) profile\(facts.count == 1 ? "" : "s")"
            lines.append("catalogue  \(count) through \(through), \(rights) for \(facts.user)")
        } else {
            let last = pulledAt.map { ", last reached \(Timestamp.rfc3339($0))" } ?? ""
            lines.append("catalogue  through \(through)\(last)")
        }
        lines.append("here       \(shared) shared, \(unshared) not shared")
        if let incoming, !incoming.items.isEmpty || !incoming.problems.isEmpty {
            lines.append("to pull    \(incoming.counts)")
            lines += incoming.items.prefix(Self.shown).flatMap {
                ["    " + $0.line] + $0.changes.map { "        \($0)" }
            }
            if incoming.items.count > Self.shown {
                lines.append("    and \(incoming.items.count - Self.shown) more")
            }
            lines += incoming.problems.map { "    left out: \($0)" }
        }
        if !changedHere.isEmpty {
            lines.append("to push    \(changedHere.count) changed here")
            for change in changedHere {
                lines.append("    \(change.name)")
                lines += change.differences.map {
                    "        \($0.field.rawValue): \(CatalogueConflict.shown($0.there)) -> \(CatalogueConflict.shown($0.here))"
                }
            }
        }
        if !deletedHere.isEmpty {
            lines.append(
                "deleted    \(deletedHere.count) here: \(deletedHere.prefix(Self.shown).joined(separator: ", "))"
            )
        }
        if !conflicts.isEmpty {
            lines.append("conflicts  \(conflicts.count)")
            for conflict in conflicts {
                lines.append("    \(conflict.profile.name)   changed there by \(conflict.author)")
                lines += conflict.lines.map { "        \($0)" }
            }
        }
        return lines
    }

    /// More of a kind is counted.
    private static let shown = 20

    /// One object of the whole, then one for each profile that is not the same on both sides.
    package var json: [JSONText] {
        let head = JSONText.object([
            .init("through", .string(through)),
            .init("pulled_at", .optional(pulledAt.map { Timestamp.rfc3339($0) })),
            .init("reached", .bool(facts != nil)),
            .init("writable", facts.map { .bool($0.isWritable) } ?? .null),
            .init("user", .optional(facts?.user)),
            .init("profiles", facts.map { .integer($0.count) } ?? .null),
            .init("shared", .integer(shared)), .init("unshared", .integer(unshared)),
            .init("problems", .array((incoming?.problems ?? []).map { .string($0) })),
        ])
        let incoming = (incoming?.items ?? []).map { item in
            Self.object(
                item.profile.name, "\(item.kind.rawValue)-there",
                item.old.map { old in
                    TeamFields.all.filter { old.text(of: $0) != item.profile.text(of: $0) }.map {
                        .init(field: $0, was: nil, here: old.text(of: $0), there: item.profile.text(of: $0))
                    }
                } ?? [])
        }
        let changed = changedHere.map { Self.object($0.name, "changed-here", $0.differences) }
        let deleted = deletedHere.map { Self.object($0, "deleted-here", []) }
        return [head] + incoming + changed + deleted + conflicts.map(\.json)
    }

    private static func object(
        _ name: String, _ state: String, _ differences: [CatalogueConflict.Difference]
    ) -> JSONText {
        .object([
            .init("profile", .string(name)), .init("state", .string(state)),
            .init(
                "fields",
                .array(
                    differences.map {
                        .object([
                            .init("field", .string($0.field.rawValue)), .init("here", .string($0.here)),
                            .init("there", .string($0.there)),
                        ])
                    })),
        ])
    }
}

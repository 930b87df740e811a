#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Holds what a catalogue says against what is saved, field by field: what only the catalogue has changed is taken
/// over, what was changed here stays, and what both have changed is kept apart until somebody decides.
package struct CatalogueComparison {
    private let live: [UUID: Profile]
    private let trashed: [UUID: Profile]
    private var links: [UUID: CatalogueLink]
    private var unlinked: [String: UUID] = [:]
    private let linkedProfiles: Set<UUID>
    private var names: FreeNames
    private let user: String?
    private var usersTaken = 0

    package private(set) var batch = ProfileBatch()
    package private(set) var items: [Intake.Item] = []
    package private(set) var problems: [String] = []
    /// The first row that could not come in: it is asked for again the next time.
    package private(set) var firstRefused: Int?
    /// Whether the catalogue has gone back to what it was once: a version says nothing of what is later then.
    private var wentBack = false
    private var notes: [String] = []

    /// - Parameter user: the database user of new profiles that log in with a token; the usual one where nil.
    package init(_ snapshot: CatalogueSnapshot, user: String?) {
        live = Dictionary(snapshot.live.map { ($0.id, $0) }) { first, _ in first }
        trashed = Dictionary(snapshot.trashed.map { ($0.id, $0) }) { first, _ in first }
        links = Dictionary(snapshot.links.map { ($0.rowID, $0) }) { first, _ in first }
        linkedProfiles = Set(snapshot.links.map(\.profileID))
        names = FreeNames(snapshot.live.map(\.foldedName))
        for profile in snapshot.live where !linkedProfiles.contains(profile.id) {
            unlinked[Self.key(profile)] = profile.id
        }
        let users = Dictionary(
            grouping: snapshot.live.compactMap { $0.auth == .iam ? $0.user : nil }, by: { $0 })
        self.user =
            user ?? users.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
    }

    /// The same name for the same place: one profile that two people have typed.
    private static func key(_ profile: Profile) -> String {
        var profile = profile
        profile.user = nil
        return "\(profile.foldedName)\u{0}\(profile.connectionKey)"
    }

    /// All of it; what was deleted goes first and makes room for names.
    package mutating func take(_ entries: [CatalogueEntry]) {
        for entry in entries where entry.isDeleted { take(entry) }
        for entry in entries where !entry.isDeleted { take(entry) }
    }

    /// Whether rows are older than they were seen here, or fewer: the database was restored from a backup, or what took
    /// its place had not got all of it.
    ///
    /// - Parameter count: how many rows the catalogue says it has, without the deleted ones.
    package func isSetBack(by entries: [CatalogueEntry], count: Int) -> Bool {
        // Of what was changed here it may have been decided that it comes back there.
        var known = Set(
            links.values.filter { link in
                link.deletion == nil && live[link.profileID].map { link.changes($0).isEmpty } == true
            }.map(\.rowID))
        for entry in entries {
            if isOlder(entry) { return true }
            if entry.isDeleted { known.remove(entry.id) } else { known.insert(entry.id) }
        }
        return known.count > count
    }

    private func isOlder(_ entry: CatalogueEntry) -> Bool {
        links[entry.id].map { entry.version < $0.version } ?? false
    }

    /// All that a catalogue holds which has gone back to what it was once. What was shared since is the store's alone.
    package mutating func take(restored entries: [CatalogueEntry]) {
        wentBack = true
        let isOlder = entries.contains(where: isOlder)
        take(entries)
        let there = Set(entries.map(\.id))
        let lost = links.values.filter { !there.contains($0.rowID) }
        for link in lost { forget(link) }
        // Somebody may have added a row between two questions: all was read for nothing then.
        guard isOlder || !lost.isEmpty else { return }
        notes.append(
            "the catalogue has gone back to what it was once, as after a restore: all of it was read")
        let names = lost.compactMap { live[$0.profileID]?.name }.sorted()
        guard !names.isEmpty else { return }
        let shown =
            names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        notes.append("no longer shared, as the catalogue lacks them: \(shown); push NAME shares them again")
    }

    /// What came, for people; what belongs to the store is in ``batch``.
    package func intake(source: String) -> Intake {
        var intake = Intake(source: source, items: items, problems: problems, notes: notes)
        if usersTaken > 0, let user {
            intake.notes.append("\(usersTaken) new with the user \(user): --user names another")
        }
        return intake
    }

    // MARK: One row

    private mutating func take(_ entry: CatalogueEntry) {
        guard var link = links[entry.id] else { return takeNew(entry) }
        guard entry.version > link.version || wentBack && entry.says(otherThan: link) else { return }
        (link.version, link.changedBy, link.changedAt) = (entry.version, entry.changedBy, entry.changedAt)
        switch (live[link.profileID], entry.isDeleted) {
        case (nil, true): forget(link)
        case (nil, false):
            if entry.fields.json != link.base { link.deletion = .here }
            link.base = entry.fields.json
            save(link)
        case (let local?, true):
            guard link.changes(local).isEmpty else {
                link.deletion = .there
                return save(link)
            }
            batch.trashed.append(local.id)
            names.free(local.name)
            items.append(Intake.Item(.gone, local, old: local, notes: [Self.author(entry)]))
            forget(link)
        case (let local?, false):
            link.deletion = nil
            merge(entry, into: local, link)
        }
    }

    private mutating func save(_ link: CatalogueLink) {
        links[link.rowID] = link
        batch.catalogue.links.append(link)
    }

    private mutating func forget(_ link: CatalogueLink) {
        links[link.rowID] = nil
        batch.catalogue.forgotten.append(link.rowID)
    }

    private static func author(_ entry: CatalogueEntry) -> String {
        "by \(entry.changedBy) at \(Timestamp.rfc3339(entry.changedAt))"
    }

    /// Three ways: the base, here, and there.
    private mutating func merge(_ entry: CatalogueEntry, into local: Profile, _ link: CatalogueLink) {
        var link = link
        let (base, mine) = (TeamFields(json: link.base), TeamFields(local))
        let changed = Set(link.changes(local))
        var new = local
        var agreed = entry.fields
        var notes: [String] = []
        for field in TeamFields.all {
            let (was, here, there) = (base[field], mine[field], entry.fields[field])
            if here == there {
                (link.conflicts[field], link.own[field]) = (nil, nil)
            } else if there == was {
                continue
            } else if changed.contains(field) {
                link.conflicts[field] = link.conflicts[field] ?? was
            } else if field == .sslmode, CatalogueLink.lowers(there, here) {
                link.own[field] = here
                notes.append("sslmode stays \(here): the catalogue does not lower it")
            } else if field == .name, Profile.fold(there) != local.foldedName,
                names.isTaken(there)
            {
                link.own[field] = here
                notes.append("is still called \(here) here: another profile has its name")
            } else {
                do throws(FieldProblem) {
                    try new.setShared(field, to: there)
                    link.own[field] = nil
                } catch {
                    agreed[field] = was
                    refuse(entry, local.name, error)
                }
            }
        }
        if let problem = new.problems().first(where: { $0.severity == .error }) {
            return refuse(entry, local.name, problem)
        }
        link.base = agreed.json
        save(link)
        guard new != local else { return }
        names.free(local.name)
        names.take(new.name)
        batch.updated.append(.init(new, from: local))
        items.append(
            Intake.Item(.changed, new, old: local, notes: notes + [Self.author(entry)]))
    }

    /// A row that is not known here yet: a new profile, or one that is there under the same name already.
    private mutating func takeNew(_ entry: CatalogueEntry) {
        guard !entry.isDeleted else { return }
        var profile = Profile(id: entry.id)
        for field in TeamFields.all {
            do throws(FieldProblem) { try profile.setShared(field, to: entry.fields[field]) } catch {
                return refuse(entry, Self.label(entry), error)
            }
        }
        var link = CatalogueLink(
            rowID: entry.id, profileID: entry.id, version: entry.version, base: entry.fields.json,
            changedBy: entry.changedBy, changedAt: entry.changedAt)
        let isOwn = live[entry.id] != nil && !linkedProfiles.contains(entry.id)
        if let known = isOwn ? entry.id : unlinked[Self.key(profile)], let local = live[known] {
            unlinked[Self.key(local)] = nil
            link.profileID = known
            return join(entry, local, link)
        }
        if let old = trashed[entry.id], !linkedProfiles.contains(entry.id) {
            // It was deleted on both sides and has come back: what was one's own is so again.
            profile.takePersonalValues(from: old)
            (profile.user, profile.notes, profile.pinned) = (old.user, old.notes, old.pinned)
        }
        if profile.lacking != nil {
            // It comes in once there is one: the row is asked for again.
            guard let user else {
                return refuse(entry, Self.label(entry), FieldProblem(.user, "name one by --user"))
            }
            profile.user = user
            usersTaken += 1
        }
        var notes: [String] = []
        if HostName(profile.host).isSignable, profile.sslmode < .verifyFull {
            notes.append("sslmode \(profile.sslmode.rawValue) made verify-full")
            profile.sslmode = .verifyFull
            link.own[.sslmode] = profile.sslmode.rawValue
        }
        if !names.take(profile.name) {
            profile.name = names.takeNumbered(profile.name)
            link.own[.name] = profile.name
            notes.append("called \(profile.name) here: another profile has its name")
        }
        // Its id may lie in the trash, from before it was brought back there.
        if live[entry.id] != nil || trashed[entry.id] != nil { profile.id = UUID() }
        link.profileID = profile.id
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            return refuse(entry, Self.label(entry), problem)
        }
        batch.inserted.append(profile)
        save(link)
        items.append(Intake.Item(.new, profile, notes: notes))
    }

    /// Two that were made apart have no base: what one leaves open the other decides, and the rest is for people.
    private mutating func join(_ entry: CatalogueEntry, _ local: Profile, _ link: CatalogueLink) {
        var link = link
        let (mine, plain) = (TeamFields(local), TeamFields(Profile()))
        var new = local
        for field in TeamFields.all where mine[field] != entry.fields[field] {
            if field == .sslmode, CatalogueLink.lowers(entry.fields[field], mine[field]) {
                link.own[field] = mine[field]
            } else if mine[field] == plain[field], field != .sslmode {
                do throws(FieldProblem) { try new.setShared(field, to: entry.fields[field]) } catch {
                    link.conflicts[field] = ""
                }
            } else if entry.fields[field] != plain[field] {
                link.conflicts[field] = ""
            }
        }
        save(link)
        guard new != local else { return }
        batch.updated.append(.init(new, from: local))
        items.append(Intake.Item(.changed, new, old: local, notes: [Self.author(entry)]))
    }

    private mutating func refuse(_ entry: CatalogueEntry, _ name: String, _ problem: FieldProblem) {
        problems.append("\(name): \(problem.field.rawValue): \(problem.message)")
        firstRefused = min(firstRefused ?? entry.revision, entry.revision)
    }

    private static func label(_ entry: CatalogueEntry) -> String {
        DialAddress.shown(entry.fields[.name])
    }
}

extension CatalogueEntry {
    fileprivate func says(otherThan link: CatalogueLink) -> Bool {
        version != link.version || isDeleted || fields.json != link.base
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import ProfileStore
import Profiles
import Synchronization

/// The profiles that a team shares through a database that it has: what is there comes here, what was changed here
/// goes there, and the store at hand works without any of it.
package final class TeamCatalogue: Sendable {
    let book: ProfileBook
    let preparer: SessionPreparer

    package init(book: ProfileBook, preparer: SessionPreparer) {
        self.book = book
        self.preparer = preparer
    }

    /// The profile that reaches the catalogue.
    ///
    /// - Parameter name: nil for the one that was used last.
    /// - Throws: ``Refusal`` where none is known or there is none of that name.
    package func gate(_ name: String?) throws(Refusal) -> Profile {
        if let name { return try book.named(name).profile }
        guard let state = try state() else {
            throw Refusal(
                .usage, "no catalogue is known here",
                do: "name the profile whose database holds it: --through NAME",
                onScreen: "name the profile whose database holds it: `catalogue pull NAME`")
        }
        guard let found = try book.live().first(where: { $0.id == state.through }) else {
            throw Refusal(
                .failed, "the profile that reached the catalogue was deleted",
                do: "name another: --through NAME", onScreen: "name another: `catalogue pull NAME`")
        }
        return found.profile
    }

    /// The catalogue that this store takes part in; nil where there is none.
    package func state() throws(Refusal) -> CatalogueState? {
        let store = try book.store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.catalogueState() }
    }

    private func rowCount() throws(Refusal) -> Int {
        let store = try book.store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.catalogueRowCount() }
    }

    func snapshot() throws(Refusal) -> CatalogueSnapshot {
        let store = try book.store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.catalogueSnapshot() }
    }

    /// Asks a catalogue, and words its failure.
    static func asking<Value>(
        _ profile: Profile, _ body: () throws(CatalogueFailure) -> Value
    ) throws(Refusal) -> Value {
        do throws(CatalogueFailure) { return try body() } catch { throw Refusal(error, profile) }
    }

    // MARK: Making one

    /// Makes the catalogue in a profile's database, where there is none, and lets roles take part.
    ///
    /// - Returns: whether it was made now, and what it says of itself.
    package func create(
        through profile: Profile, readers: [String], writers: [String], options: SignerOptions
    ) throws(Refusal) -> (isNew: Bool, facts: CatalogueFacts) {
        let open = try preparer.openCatalogue(profile, readOnly: false, options: options)
        let (isNew, facts) = try Self.asking(profile) { () throws(CatalogueFailure) in
            let isNew = try open.table.create(options.wait)
            try open.table.grant(to: readers, writes: false, options.wait)
            try open.table.grant(to: writers, writes: true, options.wait)
            return (isNew, try open.table.facts(options.wait))
        }
        let before = try state()
        if before?.id != facts.id || before?.through != profile.id {
            try exchange { _ in
                var batch = ProfileBatch()
                batch.catalogue.startsAnew = before?.id != facts.id
                batch.catalogue.state = CatalogueState(
                    id: facts.id, through: profile.id,
                    revision: before?.id == facts.id ? before?.revision ?? 0 : 0,
                    pulledAt: Date())
                return batch
            }
        }
        return (isNew, facts)
    }

    func exchange(_ decide: (CatalogueSnapshot) -> ProfileBatch) throws(Refusal) {
        let store = try book.store()
        try Refusal.wrapping { () throws(StoreFailure) in try store.exchange(decide) }
    }

    // MARK: Taking over

    /// What a pull found and did.
    package struct Pulled: Sendable {
        package var intake: Intake
        package var facts: CatalogueFacts
        /// Fields that both sides have changed, those from before among them.
        package var conflicts: [CatalogueConflict] = []

        /// Whether any profile was changed.
        package var hasChanged: Bool { !intake.items.isEmpty }
    }

    /// Takes over what the catalogue has that is not here yet.
    ///
    /// - Parameters:
    ///   - user: the database user of new profiles that log in with a token.
    ///   - isNamed: whether somebody named the profile: only then another catalogue takes the place of the known one.
    ///   - isTrial: only finds out.
    package func pull(
        through profile: Profile, user: String? = nil, isNamed: Bool = false, isTrial: Bool = false,
        options: SignerOptions
    ) throws(Refusal) -> Pulled {
        let open = try preparer.openCatalogue(profile, readOnly: true, options: options)
        return try pull(
            open, through: profile, user: user, isNamed: isNamed, isTrial: isTrial, options: options)
    }

    func pull(
        _ open: OpenCatalogue, through profile: Profile, user: String? = nil, isNamed: Bool = false,
        isTrial: Bool = false, options: SignerOptions
    ) throws(Refusal) -> Pulled {
        let known = try state()
        let facts = try Self.asking(profile) { () throws(CatalogueFailure) in
            try open.table.facts(options.wait)
        }
        if let known, known.id != facts.id, !isNamed {
            throw Refusal(
                .failed, "the database of \(profile.name) holds another catalogue than the one known here",
                do: "--through \(profile.name) takes it in its place; the profiles stay",
                onScreen: "`catalogue pull \(profile.name)` takes it in its place; the profiles stay")
        }
        let isKnown = known?.id == facts.id
        let seen = isKnown ? known?.revision ?? 0 : 0
        var entries = try Self.asking(profile) { () throws(CatalogueFailure) in
            try open.table.changes(after: seen, options.wait)
        }
        // A database that was restored counts on from an earlier number.
        var wentBack = false
        if isKnown, let last = facts.lastRevision {
            wentBack = last < seen
            // Nothing came, and no row is missing there: nobody has to read thousands of profiles for that.
            let mayLackRows = try entries.isEmpty ? rowCount() > facts.count : true
            if !wentBack, mayLackRows {
                wentBack = CatalogueComparison(try snapshot(), user: nil)
                    .isSetBack(by: entries, count: facts.count)
            }
        }
        if wentBack {
            entries = try Self.asking(profile) { () throws(CatalogueFailure) in
                try open.table.changes(after: 0, options.wait)
            }
        }
        let user = user ?? (profile.auth == .iam ? profile.user : nil)
        let source = "the catalogue through \(profile.name)"
        let found = Found()
        let decide = { [entries, wentBack] (snapshot: CatalogueSnapshot) -> ProfileBatch in
            var snapshot = snapshot
            if !isKnown { snapshot.links = [] }
            var comparison = CatalogueComparison(snapshot, user: user)
            if wentBack { comparison.take(restored: entries) } else { comparison.take(entries) }
            var batch = comparison.batch
            batch.catalogue.startsAnew = !isKnown && known != nil
            let seen =
                comparison.firstRefused.map { $0 - 1 }
                ?? max(entries.last?.revision ?? 0, isKnown && !wentBack ? snapshot.state?.revision ?? 0 : 0)
            // What nobody has to be told is not written either: other programs would read everything again.
            if !isKnown || seen != snapshot.state?.revision || snapshot.state?.through != profile.id {
                batch.catalogue.state = CatalogueState(
                    id: facts.id, through: profile.id, revision: seen, pulledAt: Date())
            }
            found.intake = comparison.intake(source: source)
            return batch
        }
        // Nothing came: there is nothing to compare either.
        let isIdle = entries.isEmpty && isKnown && !wentBack && known?.through == profile.id
        var foreseen: [CatalogueConflict]?
        if isTrial {
            let snapshot = try snapshot()
            foreseen = Self.conflicts(snapshot.after(decide(snapshot)))
        } else if !isIdle {
            try exchange(decide)
        }
        var pulled = Pulled(intake: found.intake ?? Intake(source: source), facts: facts)
        if let foreseen {
            pulled.conflicts = foreseen
        } else {
            pulled.conflicts = try conflicts()
        }
        return pulled
    }

    /// What comes out of a transaction besides what is written.
    final class Found {
        var intake: Intake?
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import Profiles

extension TeamCatalogue {
    /// What a push sends.
    package struct Selection: Sendable {
        /// Profiles that are to be shared from now on, besides those that are.
        package var names: [String] = []
        /// Every live profile.
        package var everything = false
        /// Whether what was deleted here is to be deleted there.
        package var deletes = false

        package init(names: [String] = [], everything: Bool = false, deletes: Bool = false) {
            self.names = names
            self.everything = everything
            self.deletes = deletes
        }
    }

    /// What a push came to.
    package struct Pushed: Sendable {
        /// What came from there first.
        package var pulled: Pulled
        package var added: [String] = []
        package var changed: [String] = []
        package var deleted: [String] = []
        /// What was not sent, as both sides have changed it.
        package var held: [String] = []
        /// What was deleted here and stays there.
        package var kept = 0
        /// What of a shared profile stays here, a line each.
        package var stays: [String] = []
        package var conflicts: [CatalogueConflict] = []
    }

    /// How often a push begins anew where others are faster.
    private static let attempts = 4

    /// Sends what was changed here: takes over what is there first, and leaves out what both sides have changed.
    ///
    /// - Throws: ``Refusal`` where the grants of the database make it read-only for this user.
    package func push(
        _ selection: Selection, through profile: Profile, isNamed: Bool = false, isTrial: Bool = false,
        options: SignerOptions
    ) throws(Refusal) -> Pushed {
        var shared: Set<UUID> = []
        for name in selection.names { shared.insert(try book.named(name).id) }
        let open = try preparer.openCatalogue(profile, readOnly: isTrial, options: options)
        var pushed = Pushed(
            pulled: try pull(open, through: profile, isNamed: isNamed, isTrial: isTrial, options: options))
        guard pushed.pulled.facts.isWritable || isTrial else {
            throw Refusal(
                .failed, "the catalogue is read-only for \(pushed.pulled.facts.user)",
                do: "its owner can let them write: pgfob catalogue init --through PROFILE --writer ROLE")
        }
        for attempt in 1...Self.attempts {
            let outgoing = try outgoing(selection, shared)
            if attempt == 1 {
                (pushed.held, pushed.kept) = (outgoing.held, outgoing.kept)
                pushed.stays = outgoing.stays
            }
            if isTrial {
                for send in outgoing.sends { pushed.note(send) }
                break
            }
            let versions = try Self.asking(profile) { () throws(CatalogueFailure) in
                try open.table.send(outgoing.sends.map(\.upload), options.wait)
            }
            let done = outgoing.sends.filter { versions[$0.upload.id] != nil }
            try settle(done, versions, by: pushed.pulled.facts.user)
            for send in done { pushed.note(send) }
            guard done.count < outgoing.sends.count else { break }
            // Somebody was faster with the rest: what they did comes first.
            let again = try pull(open, through: profile, options: options)
            pushed.pulled.intake.items += again.intake.items
            if attempt == Self.attempts {
                throw Refusal(
                    .failed, "the catalogue changes faster than changes can be sent", do: "push once more")
            }
        }
        pushed.conflicts = try conflicts()
        return pushed
    }

    fileprivate struct Send {
        var upload: CatalogueUpload
        var profile: Profile
        /// Nil for a row that is to be new.
        var link: CatalogueLink?
    }

    private func outgoing(
        _ selection: Selection, _ shared: Set<UUID>
    ) throws(Refusal) -> (sends: [Send], held: [String], kept: Int, stays: [String]) {
        let snapshot = try snapshot()
        let links = Dictionary(snapshot.links.map { ($0.profileID, $0) }) { first, _ in first }
        var (sends, held, kept, stays): ([Send], [String], Int, [String]) = ([], [], 0, [])
        for profile in snapshot.live {
            guard let link = links[profile.id] else {
                guard selection.everything || shared.contains(profile.id) else { continue }
                let upload = CatalogueUpload(id: profile.id, version: nil, fields: TeamFields(profile))
                sends.append(Send(upload: upload, profile: profile))
                continue
            }
            if link.keepsLowerMode(profile) {
                stays.append(
                    "\(profile.name): sslmode \(profile.sslmode.rawValue) stays here: a catalogue is never lowered"
                )
            }
            guard !link.changes(profile).isEmpty else { continue }
            guard link.deletion == nil, link.openConflicts(profile).isEmpty else {
                held.append(profile.name)
                continue
            }
            let upload = CatalogueUpload(
                id: link.rowID, version: link.version, fields: link.outgoing(profile))
            sends.append(Send(upload: upload, profile: profile, link: link))
        }
        for profile in snapshot.trashed {
            guard let link = links[profile.id] else { continue }
            if link.deletion != nil {
                held.append(profile.name)
            } else if selection.deletes {
                let upload = CatalogueUpload(
                    id: link.rowID, version: link.version, fields: TeamFields(json: link.base),
                    deletes: true)
                sends.append(Send(upload: upload, profile: profile, link: link))
            } else {
                kept += 1
            }
        }
        return (sends, held, kept, stays)
    }

    /// Remembers what the catalogue holds now.
    private func settle(_ sends: [Send], _ versions: [UUID: Int], by user: String) throws(Refusal) {
        guard !sends.isEmpty else { return }
        try exchange { _ in
            var batch = ProfileBatch()
            for send in sends {
                if send.upload.deletes {
                    batch.catalogue.forgotten.append(send.upload.id)
                    continue
                }
                var link =
                    send.link
                    ?? CatalogueLink(
                        rowID: send.upload.id, profileID: send.profile.id, version: 0, base: "",
                        changedBy: user, changedAt: Date())
                (link.version, link.base) = (versions[send.upload.id] ?? 0, send.upload.fields.json)
                (link.changedBy, link.changedAt) = (user, Date())
                link.conflicts = [:]
                batch.catalogue.links.append(link)
            }
            return batch
        }
    }
}

extension TeamCatalogue.Pushed {
    fileprivate mutating func note(_ send: TeamCatalogue.Send) {
        if send.upload.deletes {
            deleted.append(send.profile.name)
        } else if send.link == nil {
            added.append(send.profile.name)
        } else {
            changed.append(send.profile.name)
        }
    }

    /// `added 3, changed 1`; nothing where nothing was sent.
    package var words: String {
        let parts = [("added", added), ("changed", changed), ("deleted", deleted)].compactMap { word, names in
            names.isEmpty ? nil : "\(word) \(names.count)"
        }
        return parts.isEmpty ? "nothing to send" : parts.joined(separator: ", ")
    }
}

import App
import Operations
import Synchronization
import Workers

/// Whether the team's catalogue is being followed.
final class CatalogueFollowing: Sendable {
    private let isUnderWay = Mutex(false)
    let crew = Crew(limit: 1)

    /// - Returns: false where it is being followed already.
    func begin() -> Bool {
        isUnderWay.withLock { isUnderWay in
            defer { isUnderWay = true }
            return !isUnderWay
        }
    }

    func end() { isUnderWay.withLock { $0 = false } }
}

/// The team's catalogue on the screen.
extension EffectRunner {
    /// Follows the catalogue over one connection, where the store takes part in one and nobody does so yet: what
    /// others change appears by itself. Ends with the program.
    func followCatalogue() {
        guard following.begin() else { return }
        following.crew.submit { [verbs, mailbox, ending, following, storeCrew] in
            defer { following.end() }
            verbs.catalogue.follow(ending) { event in
                switch event {
                case .changed(let line):
                    // In order with what this program writes and reads.
                    storeCrew.submit {
                        Self.post(verbs, mailbox)
                        mailbox.post(.notice(line))
                    }
                case .trouble(let line): mailbox.post(.notice(line))
                }
            }
        }
    }

    static func answer(
        _ question: CatalogueQuestion, _ verbs: Verbs, _ options: SignerOptions
    ) throws(Refusal) -> Answer {
        let catalogue = verbs.catalogue
        switch question {
        case .status(let through):
            let status = try catalogue.status(
                through: catalogue.gate(through), isNamed: through != nil, options: options)
            var lines = status.lines
            if let refusal = status.unreachable { lines += ["", refusal.line] }
            if !status.conflicts.isEmpty {
                lines += ["", "`catalogue mine` or `catalogue theirs` decides on the selected profile"]
            }
            return .text(
                title: "The team's catalogue", name: "how the catalogue stands",
                lines.joined(separator: "\n"))
        case .pull(let through):
            let pulled = try catalogue.pull(
                through: catalogue.gate(through), isNamed: through != nil, options: options)
            return .done(
                "catalogue: \(pulled.hasChanged ? pulled.intake.counts : "nothing new")\(words(pulled.conflicts))"
            )
        case .push(let names):
            let pushed = try catalogue.push(
                TeamCatalogue.Selection(names: names), through: catalogue.gate(nil), options: options)
            return .done("catalogue: \(pushed.words)\(words(pushed.conflicts))")
        case .decide(let mine, let names):
            let (done, changes) = try catalogue.decide(mine ? .mine : .theirs, names: names)
            let who = done.count == 1 ? names[0] : "\(done.count) profiles"
            // No profile has changed, and nothing has been sent, so that there is nothing to take back: until the push the
            // other value is told beside this one.
            guard !mine else {
                return .done("\(who): yours stands; `catalogue` shows both, `catalogue push` sends yours")
            }
            return .changed("\(who): theirs was taken", changes)
        }
    }

    private static func words(_ conflicts: [CatalogueConflict]) -> String {
        conflicts.isEmpty ? "" : ", \(conflicts.count) in conflict: `catalogue` shows them"
    }
}

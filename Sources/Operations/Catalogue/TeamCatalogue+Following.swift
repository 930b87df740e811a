#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import Profiles
import Workers

extension TeamCatalogue {
    /// What following a catalogue tells.
    package enum Event: Sendable {
        /// Profiles were changed by what came; one line.
        case changed(String)
        /// It cannot be reached for now, or something of it could not come in; one line.
        case trouble(String)
    }

    /// A login may take as long; nobody waits for it.
    private static let loginTimeout = Duration.seconds(30)
    /// One answer may.
    private static let answerTimeout = Duration.seconds(60)
    /// How long after a failure it is tried again: at first, and at most.
    private static let (firstPause, lastPause) = (Duration.seconds(2), Duration.seconds(120))
    /// A server that tells nobody is asked instead, as often.
    private static let askingPause = Duration.seconds(30)
    /// A connection that has silently gone is noticed by then.
    private static let checkPause = Duration.seconds(600)

    /// Takes over every change of the catalogue as it happens, over one connection. Blocks until it is cancelled, or
    /// where this store takes part in no catalogue. Nobody is asked for anything: what needs an answer waits.
    ///
    /// - Parameter tell: called on this thread.
    package func follow(_ cancellation: Cancellation, tell: (Event) -> Void) {
        var pause = Self.firstPause
        var told: String?
        while !cancellation.isCancelled {
            do throws(Refusal) {
                guard try state() != nil else { return }
                try followOnce(cancellation) { event in
                    (pause, told) = (Self.firstPause, nil)
                    if let event { tell(event) }
                }
            } catch {
                guard !cancellation.isCancelled else { return }
                // The same once is enough.
                if error.what != told { tell(.trouble("\(error.line)")) }
                told = error.what
            }
            Self.nap(pause, cancellation)
            pause = min(pause * 2, Self.lastPause)
        }
    }

    /// - Parameter tell: called after each pull, with nil where there is nothing to say.
    private func followOnce(_ cancellation: Cancellation, tell: (Event?) -> Void) throws(Refusal) {
        let profile = try gate(nil)
        func options(_ timeout: Duration) -> SignerOptions {
            SignerOptions(timeout: timeout, cancellation: cancellation)
        }
        let open = try preparer.openCatalogue(
            profile, readOnly: true, options: options(Self.loginTimeout))
        var isTold = true
        do throws(CatalogueFailure) {
            try open.table.listen(Self.wait(Self.answerTimeout, cancellation))
        } catch {
            guard case .readOnly = error else { throw Refusal(error, profile) }
            isTold = false
        }
        while true {
            let before = Set(try conflicts().map(\.link.rowID))
            let pulled = try pull(open, through: profile, options: options(Self.answerTimeout))
            tell(Self.event(pulled, before: before))
            guard isTold else {
                guard Self.nap(Self.askingPause, cancellation) else { return }
                continue
            }
            // Asking now and then finds out that the other end has gone without a word.
            _ = try Self.asking(profile) { () throws(CatalogueFailure) in
                try open.table.waitForChange(Self.wait(Self.checkPause, cancellation))
            }
        }
    }

    private static func event(_ pulled: Pulled, before: Set<UUID>) -> Event? {
        let new = pulled.conflicts.filter { !before.contains($0.link.rowID) }
        var words: [String] = pulled.hasChanged ? [pulled.intake.counts] : []
        if !new.isEmpty { words.append("\(new.count) in conflict") }
        if let problem = pulled.intake.problems.first, !pulled.hasChanged, new.isEmpty {
            return .trouble("catalogue: left out: \(problem)")
        }
        return words.isEmpty ? nil : .changed("catalogue: \(words.joined(separator: ", "))")
    }

    private static func wait(_ time: Duration, _ cancellation: Cancellation) -> Wait {
        Wait(deadline: .now + time, cancellation: cancellation)
    }

    /// - Returns: whether the time has passed.
    @discardableResult
    private static func nap(_ time: Duration, _ cancellation: Cancellation) -> Bool {
        wait(time, cancellation).passes()
    }
}

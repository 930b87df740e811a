#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Profiles
import Synchronization
import Workers

/// What tests on the screen found, on its way into the store. What comes in while the store writes is written at
/// once after it: hundreds of tests must not mean hundreds of transactions and readings of the whole list.
final class FoundTests: Sendable {
    private let verbs: Verbs
    private let mailbox: Mailbox
    private let crew: Crew
    private let waiting = Mutex<[(Profile, TestSummary)]>([])

    /// - Parameter crew: of one: its jobs never overlap.
    init(verbs: Verbs, mailbox: Mailbox, crew: Crew) {
        self.verbs = verbs
        self.mailbox = mailbox
        self.crew = crew
    }

    /// Has a result stored. Never blocks.
    func keep(_ profile: Profile, _ summary: TestSummary) {
        let isFirst = waiting.withLock { waiting in
            waiting.append((profile, summary))
            return waiting.count == 1
        }
        if isFirst { crew.submit { self.write() } }
    }

    private func write() {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        // A draft tested from the form is not what the row stands for.
        let saved = verbs.book.saved(among: all.map(\.0))
        verbs.book.recordTests(all.filter { saved.contains($0.0.id) }.map { ($0.0.id, $0.1) })
        EffectRunner.post(verbs, mailbox)
    }
}

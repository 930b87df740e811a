#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CSystem
import Diagnosis
import Operations
import Profiles
import Synchronization
import Workers

/// What tests on the screen found, on its way into the store. Hundreds of tests must not mean hundreds of transactions
/// and readings of the whole list, so that what comes in is collected: until nothing more is expected, or for a moment.
final class FoundTests: Sendable {
    private struct State {
        var found: [(Profile, TestReport)] = []
        var expected = 0
        var written = ContinuousClock.now - FoundTests.moment
        var isWriting = false
        /// How many reports have passed through since memory was given back.
        var passed = 0
    }

    /// So many reports are worth giving their memory back: they would be kept for the rest of the day.
    private static let many = 100

    /// Between one writing and the next, while more is expected.
    private static let moment = Duration.seconds(1)

    private let verbs: Verbs
    private let mailbox: Mailbox
    private let crew: Crew
    private let state = Mutex(State())

    /// - Parameter crew: of one: its jobs never overlap.
    init(verbs: Verbs, mailbox: Mailbox, crew: Crew) {
        self.verbs = verbs
        self.mailbox = mailbox
        self.crew = crew
    }

    /// A test has been asked for: it will come to ``keep(_:_:)``.
    func expect() { state.withLock { $0.expected += 1 } }

    /// Has a result stored. Never blocks.
    ///
    /// - Parameter report: nil where there is none: the test was cancelled.
    func keep(_ profile: Profile, _ report: TestReport?) {
        let isDue = state.withLock { state in
            state.expected -= 1
            if let report { state.found.append((profile, report)) }
            let now = ContinuousClock.now
            guard !state.found.isEmpty, !state.isWriting,
                state.expected == 0 || now - state.written >= Self.moment
            else { return false }
            state.isWriting = true
            return true
        }
        if isDue { crew.submit { self.write() } }
    }

    /// Stores what there is, at the program's end.
    func finish() {
        let found = take()
        if !found.isEmpty { store(found) }
    }

    private func take() -> [(Profile, TestReport)] {
        state.withLock { state in
            (state.isWriting, state.written) = (false, .now)
            state.passed += state.found.count
            defer { state.found = [] }
            return state.found
        }
    }

    private func write() {
        store(take())
        EffectRunner.post(verbs, mailbox)
        let isOver = state.withLock { state in
            guard state.expected == 0, state.passed >= Self.many else { return false }
            state.passed = 0
            return true
        }
        if isOver { csys_release_memory() }
    }

    private func store(_ found: [(Profile, TestReport)]) {
        // A draft tested from the form is not what the row stands for.
        let saved = verbs.book.saved(among: found.map(\.0))
        verbs.book.recordTests(found.filter { saved.contains($0.0.id) }.map { ($0.0.id, $0.1) })
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles

/// `T`: tests of several profiles at once, with how far they are in the status line.
extension Model {
    /// Several tests under way together.
    struct Batch: Sendable {
        var waiting: Set<RequestID> = []
        var count = 0
        var passed = 0
        var failed = 0
        /// Of those, how many for want of a password: none is asked for in the middle of many.
        var unasked = 0

        var isRunning: Bool { !waiting.isEmpty }
    }

    /// The marked ones, else all that are shown.
    mutating func testShown() -> [Effect] {
        let marked = list.markedProfiles
        return testAll(marked.isEmpty ? list.shown : marked)
    }

    mutating func testAll(_ profiles: [SavedProfile]) -> [Effect] {
        var effects: [Effect] = []
        var ids: [RequestID] = []
        for saved in profiles where run(of: saved.id)?.isRunning != true {
            let id = newRequest()
            runs[id] = TestRun(id: id, profile: saved.profile, startedAt: now, isDraft: false)
            if let old = latestRuns[saved.id] { runs[old] = nil }
            latestRuns[saved.id] = id
            ids.append(id)
            effects.append(.testAmongMany(id, saved.profile))
        }
        guard !ids.isEmpty else {
            say(profiles.isEmpty ? "nothing to test" : "all of them are being tested already")
            return []
        }
        // Another batch may be under way: then the two go on as one.
        if batch == nil { batch = Batch() }
        batch?.waiting.formUnion(ids)
        batch?.count += ids.count
        sayBatch()
        return effects
    }

    /// One of them has ended; false where it belongs to none.
    mutating func endedInBatch(_ id: RequestID, _ report: TestReport) -> Bool {
        guard batch?.waiting.remove(id) != nil else { return false }
        switch report.outcome {
        case .ok: batch?.passed += 1
        case .failed:
            batch?.failed += 1
            if let profile = runs[id]?.profile, Self.wantsPassword(profile, report.summary) {
                batch?.unasked += 1
            }
        case .cancelled: break
        }
        sayBatch()
        return true
    }

    /// Whether a test came to nothing because nobody was asked for the profile's password.
    static func wantsPassword(_ profile: Profile, _ summary: TestSummary) -> Bool {
        profile.auth == .password && summary.cause == CauseCode.noPassword.rawValue
    }

    /// Esc: those that are still waiting are cancelled.
    mutating func cancelBatch() -> [Effect] {
        guard let waiting = batch?.waiting else { return [] }
        for id in waiting { runs[id]?.isCancelling = true }
        say("cancelling \(waiting.count) tests ...")
        return waiting.sorted { $0.number < $1.number }.map { .cancelTest($0) }
    }

    private mutating func sayBatch() {
        guard let batch else { return }
        let words = "\(batch.passed) ok, \(batch.failed) failed"
        guard batch.isRunning else {
            let cancelled = batch.count - batch.passed - batch.failed
            let more = cancelled > 0 ? ", \(cancelled) cancelled" : ""
            let want = batch.unasked == 1 ? "wants" : "want"
            let isMixed = batch.passed > 0 && batch.failed > 0
            let hint =
                batch.unasked > 0
                ? "; \(batch.unasked) \(want) a password, \(keyName(.test)) asks for it"
                : isMixed ? "; \(keyName(.filter))test:fail shows which" : ""
            say("tested \(batch.count): \(words)\(more)\(hint)", batch.failed > 0 ? .trouble : .ok)
            self.batch = nil
            return
        }
        say("testing \(batch.count): \(batch.count - batch.waiting.count) done, \(words)   Esc cancels")
    }
}

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
        /// Of those, the ones that want a password for which nobody has been asked yet: that waits until the others are done
        /// and nothing lies over the list.
        var unasked: [Profile] = []
        /// Of those, how many of which the user gave no password.
        var lacking = 0
        /// The test that asks for one now.
        var asking: (id: RequestID, profile: Profile)?
        /// Places of which the password is known by now.
        var answered: Set<PasswordQuestion.Place> = []

        /// Esc has been pressed, and those that run have not all ended yet.
        var isCancelling = false

        var isRunning: Bool { !waiting.isEmpty }

        /// How those that have ended did.
        var words: String { "\(passed) ok, \(failed) failed" }

        /// How many questions come after the one that is asked.
        var questionsLeft: Int {
            var places = Set(unasked.map { PasswordQuestion($0).place })
            if let asking { places.remove(PasswordQuestion(asking.profile).place) }
            return places.count
        }

        /// Takes those out that are not to be asked about.
        mutating func passOver(_ isMeant: (Profile) -> Bool) {
            let before = unasked.count
            unasked.removeAll(where: isMeant)
            lacking += before - unasked.count
        }
    }

    /// The marked ones, else all that are shown.
    mutating func testShown() -> [Effect] {
        let marked = list.markedProfiles
        return testAll(marked.isEmpty ? list.shown : marked)
    }

    mutating func testAll(_ profiles: [SavedProfile]) -> [Effect] {
        let new = profiles.map(\.profile).filter { run(of: $0.id)?.isRunning != true }
        guard !new.isEmpty else {
            say(profiles.isEmpty ? "nothing to test" : "all of them are being tested already")
            return []
        }
        // Another batch may be under way: then the two go on as one.
        if batch == nil { batch = Batch() }
        let repeated = Set(new.map(\.id)).intersection(batch?.unasked.map(\.id) ?? [])
        batch?.unasked.removeAll { repeated.contains($0.id) }
        batch?.failed -= repeated.count
        batch?.count += new.count - repeated.count
        batch?.isCancelling = false
        status = nil
        let effects = new.map { Effect.testAmongMany(begin($0), $0) }
        return effects
    }

    /// A test of the batch is under way.
    private mutating func begin(_ profile: Profile) -> RequestID {
        let id = newRequest()
        runs[id] = TestRun(id: id, profile: profile, startedAt: now, isDraft: false)
        runs[id]?.isOneOfMany = true
        if let old = latestRuns[profile.id] { runs[old] = nil }
        latestRuns[profile.id] = id
        batch?.waiting.insert(id)
        return id
    }

    /// One of them has ended; false where it belongs to none.
    mutating func endedInBatch(_ id: RequestID, _ report: TestReport) -> Bool {
        guard batch?.waiting.remove(id) != nil else { return false }
        switch report.outcome {
        case .ok: batch?.passed += 1
        case .failed: batch?.failed += 1
        case .cancelled: break
        }
        if let profile = runs[id]?.profile, report.outcome != .cancelled {
            let place = PasswordQuestion(profile).place
            let isAsked = batch?.asking?.id == id
            if Self.wantsPassword(profile, report.summary) {
                batch?.unasked.append(profile)
                batch?.answered.remove(place)
                // One question for each place: who gives no answer to it is not asked again.
                if isAsked { batch?.passOver { PasswordQuestion($0).place == place } }
            } else if isAsked, report.causes.first?.code != .passwordRefused {
                batch?.answered.insert(place)
            }
        }
        if batch?.asking?.id == id { batch?.asking = nil }
        sayBatch()
        return true
    }

    // MARK: Passwords

    /// Once the others are done and nothing lies over the list: a test that asks for a password, then those that need no
    /// further question, and so on, as `pgfob test` does on a terminal.
    mutating func askForPasswords() -> [Effect] {
        guard let waits = batch, !waits.isRunning, !waits.unasked.isEmpty, context == .list, layers.isEmpty
        else { return [] }
        // Who has been removed meanwhile is not asked about.
        batch?.passOver { list.profile($0.id) == nil }
        let known = batch?.unasked.filter { waits.answered.contains(PasswordQuestion($0).place) } ?? []
        var effects: [Effect] = []
        if !known.isEmpty {
            batch?.unasked.removeAll { profile in known.contains { $0.id == profile.id } }
            effects = known.map { .testAmongMany(begin($0), $0) }
        } else if let first = batch?.unasked.first {
            batch?.unasked.removeFirst()
            let id = begin(first)
            batch?.asking = (id, first)
            effects = [.test(id, first)]
        }
        // They have been counted once.
        batch?.failed -= effects.count
        if effects.isEmpty { sayBatch() } else { status = nil }
        return effects
    }

    /// Whether the question on top is one of a batch, which goes on without an answer.
    var asksInBatch: Bool {
        guard case .code(let code) = layers.last, case .password(let question) = code.question else {
            return false
        }
        return batch?.asking?.profile.name == question.profile
    }

    /// Why there is nothing to skip but the question that is asked; nil where there is.
    var skipObstacle: String? {
        asksInBatch && batch?.questionsLeft ?? 0 > 0 ? nil : "nothing more is asked after this"
    }

    /// None of the further passwords is asked for.
    mutating func skipQuestions() { batch?.passOver { _ in true } }

    /// Whether a test came to nothing because nobody was asked for the profile's password.
    static func wantsPassword(_ profile: Profile, _ summary: TestSummary) -> Bool {
        profile.auth == .password && summary.cause == CauseCode.noPassword.rawValue
    }

    /// Esc: those that are still waiting are cancelled.
    mutating func cancelBatch() -> [Effect] {
        guard let waiting = batch?.waiting else { return [] }
        skipQuestions()
        for id in waiting { runs[id]?.isCancelling = true }
        batch?.isCancelling = true
        status = nil
        return waiting.sorted { $0.number < $1.number }.map { .cancelTest($0) }
    }

    /// What they came to, once none runs any more.
    private mutating func sayBatch() {
        guard let batch, !batch.isRunning else { return }
        let cancelled = batch.count - batch.passed - batch.failed
        let more = cancelled > 0 ? ", \(cancelled) cancelled" : ""
        let isMixed = batch.passed > 0 && batch.failed > 0
        let wanting = batch.unasked.isEmpty ? batch.lacking : batch.unasked.count
        let want = "; \(wanting) \(wanting == 1 ? "wants" : "want") a password"
        let hint =
            !batch.unasked.isEmpty
            ? "\(want), asked for back in the list"
            : wanting > 0
                ? "\(want), \(keyName(.test)) asks for it"
                : isMixed ? "; \(keyName(.filter))test:fail shows which" : ""
        say("tested \(batch.count): \(batch.words)\(more)\(hint)", batch.failed > 0 ? .trouble : .ok)
        if batch.unasked.isEmpty { self.batch = nil }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Screen

extension Model {
    /// `t`: tests the selected profile and shows the stages; one that is running already is only shown.
    mutating func startTest() -> [Effect] {
        guard let profile = list.selected?.profile else { return [] }
        if let run = run(of: profile.id), run.isRunning {
            layers.append(.test(run.id))
            return []
        }
        return test(profile, isDraft: false)
    }

    /// Starts a test and opens its layer.
    mutating func test(_ profile: Profile, isDraft: Bool) -> [Effect] {
        let id = newRequest()
        runs[id] = TestRun(id: id, profile: profile, startedAt: now, isDraft: isDraft)
        if !isDraft {
            if let old = latestRuns[profile.id] { runs[old] = nil }
            latestRuns[profile.id] = id
        }
        layers.append(.test(id))
        return [.test(id, profile)]
    }

    /// `v`: the stages of the newest test, whoever made it: those of an earlier run, of another pgfob and of the command
    /// line are in the store.
    mutating func showStages() -> [Effect] {
        guard let saved = list.selected else { return [] }
        if let run = run(of: saved.id), run.isRunning || !isOutdated(run, saved) {
            runs[run.id]?.isLookedBackOn = !run.isRunning
            layers.append(.test(run.id))
            return []
        }
        let id = newRequest()
        var run = TestRun(id: id, profile: saved.profile, startedAt: now, isDraft: false)
        (run.isRecalled, run.isLookedBackOn) = (true, true)
        runs[id] = run
        layers.append(.test(id))
        return [.recallTest(id, saved.id)]
    }

    /// Whether somebody else has tested the profile since.
    private func isOutdated(_ run: TestRun, _ saved: SavedProfile) -> Bool {
        guard let report = run.report, let last = saved.lastTest else { return false }
        return last.testedAt.timeIntervalSince(report.testedAt) >= Self.sameInstant
    }

    /// Instants that have gone through the store differ by less.
    private static let sameInstant = 0.001

    /// Whether what is saved is the result of that very test, or of a later one.
    func isKept(_ report: TestReport, _ saved: SavedProfile) -> Bool {
        saved.lastTest.map { $0.testedAt.timeIntervalSince(report.testedAt) > -Self.sameInstant } ?? false
    }

    /// Lets go of tests whose profile has gone, and of those of many that are in the store by now: the reports of thousands
    /// would fill the memory for the rest of the day, and ``showStages()`` finds them there.
    mutating func forgetRuns() {
        let old = latestRuns.filter { profile, id in
            guard let run = runs[id], let report = run.report else { return false }
            guard let saved = list.profile(profile) else { return true }
            return run.isOneOfMany && isKept(report, saved)
        }
        for (profile, run) in old where !layers.contains(where: { $0.shows(test: run) }) {
            latestRuns[profile] = nil
            runs[run] = nil
        }
    }

    /// The store has answered what a test found that this run did not make.
    mutating func recalledTest(_ id: RequestID, _ report: TestReport?, _ trouble: String?) -> [Effect] {
        // Closed again meanwhile.
        guard let run = runs[id], run.isRunning else { return [] }
        guard let report else {
            runs[id] = nil
            layers.removeAll { $0.shows(test: id) }
            if let trouble {
                say(trouble, .trouble)
            } else {
                say("the stages of that test were not kept: \(keyName(.test)) tests")
            }
            // What was typed was not meant for the list.
            return [.flushKeys]
        }
        runs[id]?.finished(report)
        if let old = latestRuns[run.profile.id] { runs[old] = nil }
        latestRuns[run.profile.id] = id
        return []
    }

    /// The profile as it is by now: it may have been changed since it was tested.
    func current(_ run: TestRun) -> Profile {
        run.isDraft ? run.profile : list.profile(run.profile.id)?.profile ?? run.profile
    }

    /// Whether the profile is not what was tested any more.
    func wasChangedSince(_ run: TestRun) -> Bool {
        guard !run.isDraft, let report = run.report, let saved = list.profile(run.profile.id) else {
            return false
        }
        let tested = run.isRecalled ? report.connectionMark : run.profile.connectionMark
        // An older pgfob has kept none.
        guard let tested else { return saved.updatedAt > report.testedAt }
        return tested != saved.profile.connectionMark
    }

    /// The test whose stages lie uppermost.
    var shownRun: TestRun? {
        guard case .test(let id) = layers.last else { return nil }
        return runs[id]
    }

    mutating func testKey(_ action: Action?) -> [Effect] {
        guard let run = shownRun else {
            layers.removeLast()
            return []
        }
        if let action, let obstacle = obstacle(action) {
            say(obstacle)
            return []
        }
        let id = run.id
        switch action {
        case .back:
            if run.isRunning, !run.isCancelling, !run.isRecalled {
                runs[id]?.isCancelling = true
                return [.cancelTest(id)]
            }
            closeTest(run)
        case .leaveTest:
            closeTest(run)
        case .testAgain:
            layers.removeLast()
            runs[id] = nil
            return test(current(run), isDraft: run.isDraft)
        case .editTested:
            closeTest(run)
            return openForm(of: run.profile.id)
        case .login: return login()
        case .applyFix: return applyFix()
        case .copyReport:
            guard let report = run.report else { return [] }
            return copy(report.ticket(program: options.program), "the report of \(label(run.profile))")
        case .help: return openHelp()
        case .scrollUp: scrollTest(run, by: -1)
        case .scrollDown: scrollTest(run, by: 1)
        case .halfUp: scrollTest(run, by: -TestView.room(in: size))
        case .halfDown: scrollTest(run, by: TestView.room(in: size))
        default: break
        }
        return []
    }

    private mutating func scrollTest(_ run: TestRun, by lines: Int) {
        let (top, last) = TestView.scroll(run, self, in: size)
        runs[run.id]?.top = min(max(0, top + lines), last)
    }

    mutating func closeTest(_ run: TestRun) {
        layers.removeLast()
        // What is still read for it goes nowhere.
        if run.isDraft ? !run.isRunning : run.isRecalled && run.isRunning { runs[run.id] = nil }
    }

    mutating func stageEnded(_ id: RequestID, _ result: StageResult) {
        guard let run = runs[id], run.isRunning else { return }
        runs[id]?.ended(result)
        if result.stage == .aws, result.outcome == .ok { tokens.credentialsWork(run.profile) }
    }

    mutating func tested(_ id: RequestID, _ report: TestReport) {
        guard let run = runs[id], run.isRunning else { return }
        runs[id]?.finished(report)
        // The next session uses it too.
        if let clock = report.token { tokens.put(clock, for: run.profile) }
        if !run.isDraft, report.outcome != .cancelled {
            histories[run.profile.id]?.add(HistoryEntry(profileID: run.profile.id, test: report.summary))
        }
        if runs[id]?.asksForLogin == true {
            interrupt(.test, run.profile, login: outlook(of: run.profile)?.login)
        }
        if endedInBatch(id, report) { return }
        let isShown = layers.contains { $0.shows(test: id) }
        if run.isDraft, !isShown { runs[id] = nil }
        guard !isShown else { return }
        switch report.outcome {
        case .ok:
            say("test of \(label(run.profile)): ok \(TimeText.wideMilliseconds(report.milliseconds))", .ok)
        case .cancelled: say("test of \(label(run.profile)) cancelled")
        case .failed:
            let stage = report.failedStage.map { " at \($0.number) \($0.rawValue)" } ?? ""
            say(
                "test of \(label(run.profile)) failed\(stage): \(keyName(.stages)) shows the stages", .trouble
            )
        }
    }

    // MARK: Tokens

    /// `K`: a new token, even where one is still good.
    mutating func mint() -> [Effect] {
        guard let profile = list.selected?.profile else { return [] }
        let id = newRequest()
        pending[id] = .mint(profile)
        tokens.beginMinting(profile)
        status = nil
        return [.mint(id, profile)]
    }

    mutating func minted(_ id: RequestID, _ outcome: MintOutcome) {
        guard case .mint(let profile) = pending.removeValue(forKey: id) else { return }
        tokens.endMinting(profile)
        switch outcome {
        case .minted(let clock):
            tokens.put(clock, for: profile)
            let left = TimeText.countdown(TimeText.left(until: clock.expiresAt, now: now))
            let words = clock.limitedBy == .credentials ? "\(left) (as its AWS keys)" : left
            say("token for \(label(profile)) minted, good for \(words)", .ok)
        case .failed(let line, let needsLogin, let login):
            if needsLogin { interrupt(.mint, profile, login: login) }
            say(login == nil ? line : "\(line) (\(keyName(.login)) does)", .trouble)
        }
    }
}

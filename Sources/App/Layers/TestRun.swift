#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles

/// A connection test of this run, from its start; the result stays for the row and for `v`.
struct TestRun: Sendable {
    let id: RequestID
    let profile: Profile
    let startedAt: Date
    /// A form's draft is tested as typed; its row keeps the result of what is saved.
    let isDraft: Bool
    /// In the order in which they ended.
    private(set) var stages: [StageResult] = []
    private(set) var current: Stage?
    private(set) var report: TestReport?
    /// One of those that `T` has begun.
    var isOneOfMany = false
    /// It was made by an earlier run, another pgfob or the command line, and is read from the store.
    var isRecalled = false
    /// It had ended before its stages were asked for: when that was is worth a word.
    var isLookedBackOn = false
    /// The user asked it to stop; the answer is still to come.
    var isCancelling = false
    /// Lines scrolled past, where not all find room; nil before the user has scrolled.
    var top: Int?

    init(id: RequestID, profile: Profile, startedAt: Date, isDraft: Bool) {
        self.id = id
        self.profile = profile
        self.startedAt = startedAt
        self.isDraft = isDraft
    }

    var isRunning: Bool { report == nil }

    /// Whether it failed for want of a login to AWS.
    var asksForLogin: Bool {
        report?.failedStage == .aws && report?.causes.first?.code.asksForLogin == true
    }

    /// A stage that begins anew, in a second attempt, takes what came after it in the first one with it.
    mutating func began(_ stage: Stage) {
        current = stage
        stages.removeAll { $0.stage >= stage }
    }

    mutating func ended(_ result: StageResult) {
        stages.removeAll { $0.stage == result.stage }
        stages.append(result)
        current = Stage.allCases.first { $0 > result.stage }
    }

    mutating func finished(_ report: TestReport) {
        self.report = report
        current = nil
    }

    /// What is known of a stage by now.
    func result(of stage: Stage) -> StageResult? {
        report?.stages.first { $0.stage == stage } ?? stages.first { $0.stage == stage }
    }

    /// `1/8 prof`: how far it is, for a row.
    var progress: String { progress(\.short) }

    /// `1/8 profile`: the same where there is room.
    var wideProgress: String { progress(\.rawValue) }

    private func progress(_ word: (Stage) -> String) -> String {
        let stage = current ?? .profile
        return "\(stage.number)/\(Stage.allCases.count) \(word(stage))"
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A test as it comes in, stage by stage; the screen and the command line hold the same one.
package struct TestProgress: Sendable, Hashable {
    /// The stage under way, nil between two and after the last.
    package private(set) var current: Stage?
    private var results: [Stage: StageResult] = [:]

    package init() {}

    /// A stage that begins anew, in a second attempt, takes what came after it in the first one with it.
    package mutating func began(_ stage: Stage) {
        current = stage
        results = results.filter { $0.key < stage }
    }

    /// Takes a result; a later one of the same stage stands.
    package mutating func ended(_ result: StageResult) {
        results[result.stage] = result
        if current == result.stage { current = nil }
    }

    /// All eight, in order; those not come to are skipped, `not reached`.
    package var stages: [StageResult] {
        Stage.allCases.map { results[$0] ?? .notReached($0) }
    }

    /// The stage that failed, if one has.
    package var failedStage: Stage? {
        stages.first { $0.outcome == .failed }?.stage
    }

    /// The report of the whole test.
    ///
    /// It is ok when no stage failed and the session was reached.
    package func report(
        profileName: String, cancelled: Bool, causes: [Cause], sqlstate: String? = nil,
        message: String? = nil,
        server: ServerFacts? = nil, milliseconds: Double, testedAt: Date
    ) -> TestReport {
        let reached = results[.session]?.outcome == .ok
        let outcome: TestReport.Outcome =
            cancelled ? .cancelled : reached && failedStage == nil ? .ok : .failed
        let ranked: [Cause] =
            switch outcome {
            case .ok: []
            case .cancelled: [CauseFinder.cause(.cancelled, message: "the test was cancelled")]
            case .failed:
                causes.isEmpty
                    ? [CauseFinder.cause(.unknown, message: "the test stopped without a reason")] : causes
            }
        return TestReport(
            profileName: profileName, outcome: outcome,
            failedStage: outcome == .failed ? failedStage ?? ranked.first?.code.stage : nil,
            milliseconds: milliseconds, stages: stages, causes: ranked, sqlstate: sqlstate, message: message,
            server: server, testedAt: testedAt)
    }
}

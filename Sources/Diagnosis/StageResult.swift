/// What one stage of a test came to.
package struct StageResult: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        case ok, failed
        /// Not reached, not needed or cancelled.
        case skipped
    }

    package var stage: Stage
    package var outcome: Outcome
    /// Nil where the stage was not reached.
    package var milliseconds: Double?
    /// One line for people: what was found. Holds no secret.
    package var detail: String

    package init(stage: Stage, outcome: Outcome, milliseconds: Double? = nil, detail: String) {
        self.stage = stage
        self.outcome = outcome
        self.milliseconds = milliseconds
        self.detail = detail
    }

    /// A stage that the test did not come to.
    package static func notReached(_ stage: Stage) -> StageResult {
        StageResult(stage: stage, outcome: .skipped, detail: "not reached")
    }
}

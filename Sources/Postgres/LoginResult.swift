import Diagnosis

/// What a login attempt came to.
package struct LoginResult: Sendable {
    /// The stages that were begun or passed over, from `dns` on, in order.
    package var stages: [StageResult]
    /// What was seen, where it failed.
    package var observation: Observation?
    package var server: ServerFacts?
    package var cancelled: Bool
}

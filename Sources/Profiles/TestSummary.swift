#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is remembered of a connection test after the screen with its stages has closed.
package struct TestSummary: Sendable, Hashable {
    /// `ok`, `failed` or `cancelled`, as in the JSON of `pgfob test`.
    package var outcome: String
    /// The stage at which it failed, by its name.
    package var failedStage: String?
    /// The cause's code, as in design/cli.md.
    package var cause: String?
    /// The whole attempt in milliseconds.
    package var milliseconds: Double
    package var testedAt: Date
    /// The role that the server said it has.
    package var role: ClusterRole?
    /// The server's version, such as `16.4`.
    package var serverVersion: String?

    package init(
        outcome: String, failedStage: String? = nil, cause: String? = nil, milliseconds: Double,
        testedAt: Date, role: ClusterRole? = nil, serverVersion: String? = nil
    ) {
        self.outcome = outcome
        self.failedStage = failedStage
        self.cause = cause
        self.milliseconds = milliseconds
        self.testedAt = testedAt
        self.role = role
        self.serverVersion = serverVersion
    }

    package var passed: Bool { outcome == "ok" }
}

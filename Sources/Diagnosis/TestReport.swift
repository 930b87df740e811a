#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// The whole of a connection test: every stage, and where it failed the causes, the likeliest first.
package struct TestReport: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        case ok, failed, cancelled
    }

    package var profileName: String
    package var outcome: Outcome
    /// The stage that failed, nil unless ``outcome`` is failed.
    package var failedStage: Stage?
    package var milliseconds: Double
    /// All eight, in order.
    package var stages: [StageResult]
    /// Ranked; empty unless it failed or was cancelled.
    package var causes: [Cause]
    /// The server's SQLSTATE, where it sent one.
    package var sqlstate: String?
    /// libpq's own text, sanitised; nil where libpq said nothing.
    package var message: String?
    package var server: ServerFacts?
    /// When the test ended.
    package var testedAt: Date
    /// The life of the token that it logged in with; nil where none was signed.
    package var token: TokenClock?
    /// What was tested, a line each, for a ticket: endpoint, login, TLS, libpq.
    package var subject: [String] = []
    /// The profile's ``Profile/connectionMark`` as it was tested; nil where it is not known.
    package var connectionMark: String?
    /// How far the server's certificate was checked.
    package var sslmode: SSLMode? = .verifyFull
    /// What the profile's connections go through.
    package var tunnel: TunnelDefinition?

    /// What the failure left out of the question, of a report that was kept; nil where it is found out anew.
    var keptRuledOut: [String]?

    /// What the failure leaves out of the question.
    package var ruledOut: [String] {
        if let keptRuledOut { return keptRuledOut }
        return outcome == .failed
            ? RuledOut.words(stages, failedAt: failedStage, sslmode: sslmode, tunnel: tunnel) : []
    }

    /// The same as a sentence.
    package var ruledOutText: String {
        ruledOut.joined(separator: ", ").replacing(
            ", \(RuledOut.nothingSent)", with: "; \(RuledOut.nothingSent)")
    }

    package init(
        profileName: String, outcome: Outcome, failedStage: Stage? = nil, milliseconds: Double,
        stages: [StageResult], causes: [Cause] = [], sqlstate: String? = nil, message: String? = nil,
        server: ServerFacts? = nil, testedAt: Date
    ) {
        self.profileName = profileName
        self.outcome = outcome
        self.failedStage = failedStage
        self.milliseconds = milliseconds
        self.stages = stages
        self.causes = causes
        self.sqlstate = sqlstate
        self.message = message
        self.server = server
        self.testedAt = testedAt
    }

    /// What the store keeps of it.
    package var summary: TestSummary {
        TestSummary(
            outcome: outcome.rawValue, failedStage: failedStage?.rawValue, cause: causes.first?.code.rawValue,
            milliseconds: milliseconds, testedAt: testedAt, role: server?.role,
            serverVersion: server?.version)
    }
}

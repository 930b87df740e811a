#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Something that happened to a profile and is kept.
package struct HistoryEntry: Sendable, Hashable {
    /// What it was; the words are those of the JSON and of the store.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case test
        /// A session, or several short ones, through `pgfob proxy`.
        case proxy
        /// psql or another program.
        case session
        /// Statements of `pgfob run`.
        case run
    }

    /// The outcome of what still goes on.
    package static let openEnd = "open"
    /// The outcome of a session whose program was killed: nobody saw the end.
    package static let unknownEnd = "unknown"

    package var profileID: UUID
    /// What the profile was called then, its endpoint where it was not saved; nil before that is asked, and for entries of
    /// older versions.
    package var name: String?
    package var kind: Kind
    package var at: Date
    /// `ok` or `failed`; of a session also ``openEnd`` and ``unknownEnd``, of statements and of sessions that a
    /// proxy's end has ended also `cancelled`.
    package var outcome: String
    /// Of a test: the stage at which it failed, by its name.
    package var failedStage: String?
    /// Of a test: the cause's code, as in design/cli.md.
    package var cause: String?
    /// How long it took.
    package var milliseconds: Double?
    package var role: ClusterRole?
    package var serverVersion: String?
    /// What else is known, as one JSON object; each kind has its own.
    package var detail: String?

    package init(
        profileID: UUID, name: String? = nil, kind: Kind, at: Date, outcome: String,
        failedStage: String? = nil,
        cause: String? = nil, milliseconds: Double? = nil, role: ClusterRole? = nil,
        serverVersion: String? = nil, detail: String? = nil
    ) {
        self.profileID = profileID
        self.name = name
        self.kind = kind
        self.at = at
        self.outcome = outcome
        self.failedStage = failedStage
        self.cause = cause
        self.milliseconds = milliseconds
        self.role = role
        self.serverVersion = serverVersion
        self.detail = detail
    }

    /// What a test found.
    package init(profileID: UUID, test: TestSummary) {
        self.init(
            profileID: profileID, kind: .test, at: test.testedAt, outcome: test.outcome,
            failedStage: test.failedStage, cause: test.cause, milliseconds: test.milliseconds,
            role: test.role, serverVersion: test.serverVersion)
    }

    /// The run that something open belongs to, by its folder; nil where the detail names none.
    package static func run(of detail: String) -> String? { JSONTree(detail.utf8)?["run"]?.string }

    /// One line of JSON, without its end.
    ///
    /// - Parameter name: the profile's; nil where it is not saved any more.
    package func jsonLine(profile name: String?) -> String {
        var members: [JSONText.Member] = [
            .init("profile", .optional(name)), .init("kind", .string(kind.rawValue)),
            .init("at", .string(Timestamp.rfc3339(at))), .init("outcome", .string(outcome)),
            .init("failed_stage", .optional(failedStage)), .init("cause", .optional(cause)),
            .init("duration_ms", milliseconds.map { .decimal($0) } ?? .null),
            .init("role", .optional(role?.rawValue)), .init("server_version", .optional(serverVersion)),
        ]
        members.append(.init("detail", detail.map { .literal(Self.shown($0)) } ?? .null))
        return JSONText.object(members).text
    }

    /// Without the run, which is a folder of this machine and nobody else's business.
    private static func shown(_ detail: String) -> String {
        guard let run = run(of: detail) else { return detail }
        let member = JSONText.object([.init("run", .string(run))]).text.dropFirst().dropLast()
        return detail.replacing(",\(member)", with: "")
    }
}

import Profiles

extension TestReport {
    /// One line of JSON, as design/cli.md fixes it for `pgfob test --json`, without the line's end.
    ///
    /// `at`, `ruled_out`, a cause's `check` and `key_fix` (what one key on the screen does), and the server's
    /// `read_only`, `clock_skew_ms`, `round_trip_ms`, `rds_iam`, `instance` and `cluster` are additions to it.
    package var jsonLine: String { JSONText.object(jsonMembers).text }

    /// The same, member by member.
    var jsonMembers: [JSONText.Member] {
        [
            .init("profile", .string(profileName)),
            .init("outcome", .string(outcome.rawValue)),
            .init("failed_stage", .optional(failedStage?.rawValue)),
            .init("duration_ms", .decimal(milliseconds)),
            .init("stages", .array(stages.map(Self.json))),
            .init("cause", causes.first.map(Self.json) ?? .null),
            .init("causes", .array(causes.map(Self.json))),
            .init("ruled_out", .array(ruledOut.map { .string($0) })),
            .init("sqlstate", .optional(sqlstate)),
            .init("message", .optional(message)),
            .init("server", server.map(Self.json) ?? .null),
            .init("at", .string(Timestamp.rfc3339(testedAt))),
        ]
    }

    private static func json(_ stage: StageResult) -> JSONText {
        .object([
            .init("name", .string(stage.stage.rawValue)),
            .init("outcome", .string(stage.outcome.rawValue)),
            .init("duration_ms", stage.milliseconds.map { .decimal($0) } ?? .null),
            .init("detail", .string(stage.detail)),
        ])
    }

    private static func json(_ cause: Cause) -> JSONText {
        .object([
            .init("code", .string(cause.code.rawValue)),
            .init("text", .string(cause.text)),
            .init("fix", .string(cause.fix)),
            .init("check", .string(cause.check)),
            .init("key_fix", .optional(cause.remedy?.words)),
        ])
    }

    private static func json(_ node: ClusterNode) -> JSONText {
        .object([
            .init("name", .string(node.name)),
            .init("role", .string(node.isWriter ? "writer" : "reader")),
            .init("lag_ms", node.lagMilliseconds.map { .decimal($0) } ?? .null),
        ])
    }

    private static func json(_ server: ServerFacts) -> JSONText {
        .object([
            .init("version", .string(server.version)),
            .init("aurora_version", .optional(server.auroraVersion)),
            .init("role", .string(server.role.rawValue)),
            .init("current_user", .string(server.currentUser)),
            .init("read_only", .bool(server.readOnly)),
            .init("clock_skew_ms", server.clockSkewSeconds.map { .decimal($0 * 1000) } ?? .null),
            .init("round_trip_ms", server.roundTripMilliseconds.map { .decimal($0) } ?? .null),
            .init("rds_iam", server.isIAMMember.map { .bool($0) } ?? .null),
            .init("instance", .optional(server.instance ?? server.cluster.first(where: \.isSelf)?.name)),
            .init("cluster", .array(server.cluster.map(json))),
        ])
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Profiles as JSON, one object a line (design/cli.md, "JSON").
package enum ProfileJSON {
    /// The writable fields: what `export` writes and `import` reads.
    package static func export(_ profile: Profile) -> String {
        object(profile).text
    }

    /// The same as a value.
    package static func object(_ profile: Profile) -> JSONText { .object(fields(profile)) }

    /// The fields of `list`: the writable ones, and what the store knows besides.
    package static func list(_ saved: SavedProfile, origin: CloudOrigin? = nil) -> String {
        let test = saved.lastTest.map { test in
            JSONText.object([
                .init("at", .string(Timestamp.rfc3339(test.testedAt))),
                .init("outcome", .string(test.outcome)),
                .init("cause", .optional(test.cause)),
            ])
        }
        let more: [JSONText.Member] = [
            .init("id", .string(saved.id.uuidString.lowercased())), .init("last_test", test ?? .null),
            .init("last_used_at", .optional(saved.lastUsedAt.map { Timestamp.rfc3339($0) })),
            .init("times_used", .integer(saved.timesUsed)),
            .init("created_at", .string(Timestamp.rfc3339(saved.createdAt))),
            .init("updated_at", .string(Timestamp.rfc3339(saved.updatedAt))),
            .init("aws", origin?.json ?? .null),
        ]
        return JSONText.object(fields(saved.profile) + more).text
    }

    private static func fields(_ profile: Profile) -> [JSONText.Member] {
        [
            .init("name", .string(profile.name)), .init("group", .optional(profile.group)),
            .init("environment", .optional(profile.environment?.word)),
            .init("tags", .array(profile.tags.map { .string($0) })), .init("notes", .string(profile.notes)),
            .init("pinned", .bool(profile.pinned)), .init("host", .string(profile.host)),
            // Null is what a profile by service leaves to it.
            .init("port", profile.says(.port) ? .integer(profile.port) : .null),
            .init("database", profile.says(.database) ? .string(profile.database) : .null),
            .init("user", .optional(profile.user)), .init("auth", .string(profile.auth.rawValue)),
            .init("service", .optional(profile.service)), .init("aws_profile", .optional(profile.awsProfile)),
            .init("region", .optional(profile.region?.rawValue)),
            .init("dial", .optional(profile.dial)),
            .init("signing_host", .optional(profile.signingHost)),
            .init("sslmode", profile.says(.sslmode) ? .string(profile.sslmode.rawValue) : .null),
            .init("sslrootcert", .optional(profile.sslrootcert)),
            .init("connect_timeout", profile.connectTimeout.map { .integer($0) } ?? .null),
            .init("application_name", .optional(profile.applicationName)),
            .init("read_only", profile.readOnly.map { .bool($0) } ?? .null),
            .init("confirm", .optional(profile.confirm?.rawValue)),
            .init(
                "parameters",
                .object(
                    profile.parameters.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
            .init("tunnel", .optional(profile.tunnel)),
        ]
    }
}

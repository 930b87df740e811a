#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

extension SavedProfile {
    /// The columns that ``init(row:)`` reads, in its order.
    static let selection: String =
        (["id"] + ProfileColumn.all.map(\.name) + [
            "created_at", "updated_at", "last_used_at", "times_used", "last_session_seconds", "deleted_at",
            "test_outcome", "test_stage", "test_cause", "test_ms", "tested_at", "test_role", "test_version",
        ]).joined(separator: ", ")

    /// Reads a row by the places of its columns: by name would cost a search for each.
    init(row: Row) {
        let id: String = row[0]
        var profile = Profile(id: Self.uuid(id) ?? UUID(), name: row[1])
        // 2 is the folded name.
        profile.group = row[3]
        profile.environment = (row[4] as String?).flatMap { Environment($0) }
        let tags: String = row[5]
        profile.tags = tags.isEmpty ? [] : tags.split(separator: ",").map(String.init)
        profile.notes = row[6]
        profile.pinned = row[7]
        profile.host = row[8]
        profile.port = row[9]
        profile.database = row[10]
        profile.user = row[11]
        profile.auth = Authentication(rawValue: row[12]) ?? .iam
        profile.service = row[13]
        profile.awsProfile = row[14]
        profile.region = (row[15] as String?).flatMap { Region(rawValue: $0) }
        profile.dial = row[16]
        profile.signingHost = row[17]
        profile.sslmode = SSLMode(rawValue: row[18]) ?? .verifyFull
        profile.sslrootcert = row[19]
        profile.connectTimeout = row[20]
        profile.applicationName = row[21]
        profile.readOnly = row[22]
        profile.confirm = (row[23] as String?).flatMap { ConfirmPolicy(rawValue: $0) }
        let parameters: String = row[24]
        if !parameters.isEmpty {
            for setting in Conninfo.read(parameters) ?? [] {
                profile.parameters[setting.keyword] = setting.value
            }
        }
        profile.tunnel = row[25]
        if let own: String = row[26] {
            profile.ownDefaults = Set(
                own.split(separator: ",").compactMap { ProfileField(rawValue: String($0)) })
        }
        self.init(
            profile: profile, createdAt: Date(timeIntervalSince1970: row[27]),
            updatedAt: Date(timeIntervalSince1970: row[28]), lastUsedAt: Self.date(row[29]),
            timesUsed: row[30],
            lastSessionSeconds: row[31], lastTest: Self.test(row), deletedAt: Self.date(row[32]))
    }

    /// Reads what ``ProfileStore`` writes. Foundation's own goes through `sscanf`, which for thousands of rows
    /// took a third of the reading.
    static func uuid(_ text: String) -> UUID? {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        var count = 0
        var text = text
        let isRead = text.withUTF8 { characters in
            guard characters.count == 36 else { return false }
            return withUnsafeMutableBytes(of: &bytes) { bytes in
                for (place, character) in characters.enumerated() {
                    if place == 8 || place == 13 || place == 18 || place == 23 {
                        guard character == 0x2d else { return false }
                        continue
                    }
                    let digit: UInt8
                    switch character {
                    case 0x30...0x39: digit = character - 0x30
                    case 0x61...0x66: digit = character - 0x57
                    case 0x41...0x46: digit = character - 0x37
                    default: return false
                    }
                    bytes[count / 2] = bytes[count / 2] << 4 | digit
                    count += 1
                }
                return true
            }
        }
        return isRead ? UUID(uuid: bytes) : nil
    }

    private static func date(_ seconds: Double?) -> Date? { seconds.map { Date(timeIntervalSince1970: $0) } }

    private static func test(_ row: Row) -> TestSummary? {
        guard let outcome: String = row[33], let at: Double = row[37] else { return nil }
        return TestSummary(
            outcome: outcome, failedStage: row[34], cause: row[35], milliseconds: row[36] ?? 0,
            testedAt: Date(timeIntervalSince1970: at),
            role: (row[38] as String?).flatMap { ClusterRole(rawValue: $0) }, serverVersion: row[39])
    }
}

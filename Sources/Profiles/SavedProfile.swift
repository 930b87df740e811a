#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A profile as the store keeps it: with its dates, its use and its last test.
package struct SavedProfile: Sendable, Hashable, Identifiable {
    package var profile: Profile
    package var createdAt: Date
    package var updatedAt: Date
    /// When psql was last opened through it.
    package var lastUsedAt: Date?
    /// How often psql was opened through it.
    package var timesUsed: Int
    /// How long the last session took, in seconds.
    package var lastSessionSeconds: Double?
    /// What the last test found.
    package var lastTest: TestSummary?
    /// When it went to the trash; nil for a live one.
    package var deletedAt: Date?

    package var id: UUID { profile.id }

    package init(
        profile: Profile, createdAt: Date, updatedAt: Date, lastUsedAt: Date? = nil, timesUsed: Int = 0,
        lastSessionSeconds: Double? = nil, lastTest: TestSummary? = nil, deletedAt: Date? = nil
    ) {
        self.profile = profile
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.lastUsedAt = lastUsedAt
        self.timesUsed = timesUsed
        self.lastSessionSeconds = lastSessionSeconds
        self.lastTest = lastTest
        self.deletedAt = deletedAt
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import GRDB
import Profiles

/// What tests found: the last one of each profile whole, of the others what ``HistoryEntry`` has.
extension ProfileStore {
    /// Keeps what tests found in place of the last ones, and adds them to the history; all in one transaction.
    package func recordTests(_ found: [(UUID, TestReport)]) throws(StoreFailure) {
        // Written out before anybody is kept waiting.
        let reports = found.map { ($0, $1.summary, $1.kept) }
        try writing { db in
            for (id, test, report) in reports {
                try Self.keepLast(id, test, db)
                // Profiles that are not saved have no history either.
                guard db.changesCount > 0 else { continue }
                try Self.add(HistoryEntry(profileID: id, test: test), db)
                try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO last_reports (profile_id, at, report) VALUES (?, ?, ?)"
                ).execute(arguments: [Self.key(id), test.testedAt.timeIntervalSince1970, report])
            }
        }
    }

    /// What the last test of a profile found, stage by stage.
    ///
    /// - Returns: nil where it was not tested, or by a version that did not keep that.
    package func lastReport(of id: UUID) throws(StoreFailure) -> TestReport? {
        try reading { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT at, report FROM last_reports JOIN profiles ON id = profile_id AND tested_at = at
                    WHERE profile_id = ?
                    """, arguments: [Self.key(id)])
            guard let row, var report = TestReport(kept: row[1]) else { return nil }
            report.testedAt = Date(timeIntervalSince1970: row[0])
            return report
        }
    }

    private static func keepLast(_ id: UUID, _ test: TestSummary, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE profiles SET test_outcome = ?, test_stage = ?, test_cause = ?, test_ms = ?,
                    tested_at = ?, test_role = coalesce(?, test_role),
                    test_version = coalesce(?, test_version)
                WHERE id = ?
                """,
            arguments: [
                test.outcome, test.failedStage, test.cause, test.milliseconds,
                test.testedAt.timeIntervalSince1970, test.role?.rawValue, test.serverVersion,
                Self.key(id),
            ])
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles

/// What is asked of a server after a login, and how its answer reads. Functions are named with their schema: a
/// search_path of someone else's must not decide what runs.
enum ServerQuestion {
    /// One round trip, and safe on any PostgreSQL (facts/libpq.md 3.9).
    static let facts = """
        SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_is_in_recovery(), current_user, \
        pg_catalog.current_setting('transaction_read_only'), \
        extract(epoch from pg_catalog.clock_timestamp()), \
        pg_catalog.to_regproc('pg_catalog.aurora_version') IS NOT NULL
        """

    /// Only where ``facts`` said that the function is there.
    static let auroraVersion = "SELECT pg_catalog.aurora_version()"

    /// - Parameters:
    ///   - sent: when the question went out, by this machine's clock.
    ///   - received: when the answer had come.
    /// - Returns: nil where it is not the answer to ``facts``.
    static func read(_ row: [String?], sent: Date, received: Date) -> (facts: ServerFacts, isAurora: Bool)? {
        guard row.count == 6, let version = row[0], let recovery = row[1], let user = row[2] else {
            return nil
        }
        let middle = sent.addingTimeInterval(received.timeIntervalSince(sent) / 2)
        let skew = row[4].flatMap(Double.init).map { $0 - middle.timeIntervalSince1970 }
        return (
            ServerFacts(
                version: shortVersion(version), role: recovery == "t" ? .reader : .writer, currentUser: user,
                readOnly: row[3] == "on", clockSkewSeconds: skew),
            row[5] == "t"
        )
    }

    /// `15.18` of `15.18 (Debian 15.18-0+deb12u1)`.
    static func shortVersion(_ text: String) -> String {
        String(text.prefix { $0 != " " })
    }
}

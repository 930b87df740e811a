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
        pg_catalog.to_regproc('pg_catalog.aurora_version') IS NOT NULL, \
        pg_catalog.pg_has_role(pg_catalog.to_regrole('rds_iam'), 'MEMBER')
        """

    /// Only where ``facts`` said that the function is there.
    static let auroraVersion = "SELECT pg_catalog.aurora_version()"

    /// The servers of an Aurora cluster in one text, `name|w or r|lag in milliseconds|t where it answers` each,
    /// semicolons between them. Rows older than five minutes are of instances that are gone; the writer's own has no
    /// time at all (facts/libpq.md 3.9).
    static let auroraCluster = """
        SELECT pg_catalog.string_agg(pg_catalog.concat_ws('|', server_id, \
        CASE WHEN session_id = 'MASTER_SESSION_ID' THEN 'w' ELSE 'r' END, \
        coalesce(replica_lag_in_msec::text, ''), \
        server_id = pg_catalog.aurora_db_instance_identifier()), ';' \
        ORDER BY session_id = 'MASTER_SESSION_ID' DESC, server_id) \
        FROM pg_catalog.aurora_replica_status() WHERE session_id = 'MASTER_SESSION_ID' \
        OR last_update_timestamp IS NULL OR last_update_timestamp > pg_catalog.now() - interval '5 minutes'
        """

    /// The same by streaming replication, as far as the role may see it: a writer's standbys, or a standby's sender.
    static let replication = """
        SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN \
        (SELECT pg_catalog.concat_ws('|', sender_host, 'w', '', 'f') FROM pg_catalog.pg_stat_wal_receiver \
        WHERE sender_host IS NOT NULL) \
        ELSE (SELECT pg_catalog.string_agg(pg_catalog.concat_ws('|', pg_catalog.translate(application_name, ';|', '__'), 'r', \
        coalesce((1000 * extract(epoch FROM replay_lag))::text, ''), 'f'), ';' ORDER BY application_name) \
        FROM pg_catalog.pg_stat_replication WHERE state = 'streaming') END
        """

    /// Reads the answer to either; what does not fit is left out.
    static func readCluster(_ row: [String?]) -> [ClusterNode] {
        guard let text = row.first ?? nil else { return [] }
        return text.split(separator: ";").compactMap { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 4, !parts[0].isEmpty else { return nil }
            return ClusterNode(
                name: VisibleText.line(String(parts[0])), isWriter: parts[1] == "w",
                lagMilliseconds: Double(parts[2]), isSelf: parts[3] == "t")
        }
    }

    /// - Parameters:
    ///   - sent: when the question went out, by this machine's clock.
    ///   - received: when the answer had come.
    /// - Returns: nil where it is not the answer to ``facts``.
    static func read(_ row: [String?], sent: Date, received: Date) -> (facts: ServerFacts, isAurora: Bool)? {
        guard row.count == 7, let version = row[0], let recovery = row[1], let user = row[2] else {
            return nil
        }
        let middle = sent.addingTimeInterval(received.timeIntervalSince(sent) / 2)
        let skew = row[4].flatMap(Double.init).map { $0 - middle.timeIntervalSince1970 }
        var facts = ServerFacts(
            version: shortVersion(version), role: recovery == "t" ? .reader : .writer, currentUser: user,
            readOnly: row[3] == "on", clockSkewSeconds: skew)
        facts.isIAMMember = row[6].map { $0 == "t" }
        return (facts, row[5] == "t")
    }

    /// `15.18` of `15.18 (Debian 15.18-0+deb12u1)`.
    static func shortVersion(_ text: String) -> String {
        String(text.prefix { $0 != " " })
    }
}

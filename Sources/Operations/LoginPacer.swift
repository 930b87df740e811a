#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Secrets
import Synchronization
import Workers

/// Spreads logins out: RDS takes some 200 new IAM connections a second for a cluster, and refuses what comes beyond.
/// Logins with a token that it has seen are not counted (facts/aws.md section 3, number 13).
package final class LoginPacer: Sendable {
    /// New tokens a second, for each cluster.
    package static let rate = 200

    private struct Lane {
        /// When the next new token may be used.
        var next = ContinuousClock.now
        var seen: Set<Secret> = []
    }

    private let lanes = Mutex<[String: Lane]>([:])

    package init() {}

    /// Blocks until this token may be used on its cluster, or it is cancelled.
    func takeTurn(_ token: MintedToken, cancellation: Cancellation) {
        guard let turn = turn(of: token.text, for: Self.cluster(of: token.target.host), now: .now) else {
            return
        }
        var nothing: [pollfd] = []
        _ = Wait(deadline: turn, cancellation: cancellation).until(&nothing)
    }

    /// When a token may be used; nil for at once.
    package func turn(
        of token: Secret, for cluster: String, now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        lanes.withLock { lanes in
            var lane = lanes[cluster] ?? Lane(next: now)
            defer { lanes[cluster] = lane }
            guard lane.seen.insert(token).inserted else { return nil }
            // Tokens of a quarter of an hour ago are nobody's any more.
            if lane.seen.count > 10_000 { lane.seen = [token] }
            let turn = max(now, lane.next)
            lane.next = turn + .microseconds(1_000_000 / Self.rate)
            return turn > now ? turn : nil
        }
    }

    /// What stands for a cluster in its endpoints' names: writer and reader have the same.
    package static func cluster(of host: String) -> String {
        let name = HostName(host)
        guard name.isSignable else { return HostName.normalised(host) }
        let id = name.qualifier.split(separator: "-").last ?? ""
        return "\(name.name).\(id).\(name.region?.rawValue ?? "")"
    }
}

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

    /// For so long after it was seen at least, and twice as long at most, a token counts as seen: RDS's live no longer.
    private static let memory: Duration = .seconds(900)

    private struct Lane {
        /// When the next new token may be used.
        var next: ContinuousClock.Instant
        /// Tokens by their hash values alone: a token is not kept for the sake of its pace, and two that are taken for one
        /// differ by a turn.
        var seen: Set<Int> = []
        /// Those of the time before `since`.
        var before: Set<Int> = []
        var since: ContinuousClock.Instant

        init(now: ContinuousClock.Instant) { (next, since) = (now, now) }

        /// - Returns: whether the token had not been seen.
        mutating func see(_ token: Secret, now: ContinuousClock.Instant) -> Bool {
            if now - since > LoginPacer.memory {
                before = now - since > LoginPacer.memory * 2 ? [] : seen
                (seen, since) = ([], now)
            }
            return seen.insert(token.hashValue).inserted && !before.contains(token.hashValue)
        }
    }

    private let lanes = Mutex<[String: Lane]>([:])

    package init() {}

    /// Blocks until this token may be used on its cluster, or it is cancelled.
    func takeTurn(_ token: MintedToken, cancellation: Cancellation) {
        guard let turn = turn(of: token.text, for: Self.cluster(of: token.target.host), now: .now) else {
            return
        }
        _ = Wait(deadline: turn, cancellation: cancellation).passes()
    }

    /// When a token may be used; nil for at once.
    package func turn(
        of token: Secret, for cluster: String, now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        lanes.withLock { lanes in
            guard lanes[cluster, default: Lane(now: now)].see(token, now: now) else { return nil }
            let turn = max(now, lanes[cluster]?.next ?? now)
            lanes[cluster]?.next = turn + .microseconds(1_000_000 / Self.rate)
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

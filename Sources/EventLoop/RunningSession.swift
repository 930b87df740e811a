#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations
import Profiles

/// A session under way: the child, when it began and when its token has to be renewed.
struct RunningSession {
    /// A token is renewed so long before its end, in seconds; one that lives shorter than twice that, at half its life.
    static let margin: TimeInterval = 120
    /// After a renewal that failed the next try waits about so long, in seconds: half of it to one and a half times,
    /// so that sessions whose renewals failed together do not come back together.
    static let retry: TimeInterval = 30

    private static var pause: TimeInterval { retry * Double.random(in: 0.5...1.5) }

    let prepared: PreparedSession
    let child: ForegroundChild
    let beganAt: Date
    /// Its entry in the history.
    var audited: Audit.Entry?
    private(set) var renewalDue: Date?
    private var renewing = false

    init(_ prepared: PreparedSession, now: Date) throws(ForegroundChild.StartFailure) {
        self.prepared = prepared
        child = try ForegroundChild(prepared.command)
        beganAt = now
        prepared.began(group: child.group)
        renewalDue = prepared.passfile == nil ? nil : prepared.token.map { Self.due($0, now: now) }
    }

    /// Whether the token is to be renewed now; true once per renewal.
    mutating func takeRenewal(now: Date) -> Bool {
        guard let due = renewalDue, due <= now, !renewing else { return false }
        renewing = true
        renewalDue = nil
        return true
    }

    /// A renewal came back; nil where it failed.
    mutating func renewed(_ clock: TokenClock?, now: Date) {
        renewing = false
        renewalDue = clock.map { Self.due($0, now: now) } ?? now.addingTimeInterval(Self.pause)
    }

    /// Never sooner than half its life from now or a retry, so that credentials about to end do not make it spin.
    private static func due(_ clock: TokenClock, now: Date) -> Date {
        let half = clock.expiresAt.timeIntervalSince(clock.signedAt) / 2
        return max(
            clock.expiresAt.addingTimeInterval(-min(margin, half)), now.addingTimeInterval(min(pause, half)))
    }

    /// What is printed when it has ended, on the normal screen.
    ///
    /// - Parameters:
    ///   - waits: whether it stays until Enter.
    ///   - offers: whether the session can be opened once more.
    static func farewell(_ end: SessionEnd, waits: Bool, offers: Bool = false) -> String {
        let ending =
            switch end.ending {
            case .exited(let code): "exit \(code)" + (end.loss.map { ": \($0)" } ?? "")
            case .killed(let signal): "killed by signal \(signal)"
            case .notStarted(let line): line
            }
        let total = Int(end.seconds)
        let clock = [total / 3600, total / 60 % 60, total % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":")
        // One that was killed has left its prompt behind.
        var start = ""
        if case .killed = end.ending { start = "\n" }
        return start + "-- pgfob: session \(clock), \(ending)."
            + (waits
                ? " Press Enter to go back to the list" + (offers ? ", r and Enter to connect again." : ".")
                : " --")
    }
}

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

    /// Seconds after which the clock is looked at: the system's timers stand still while the machine sleeps, and tokens go
    /// on ageing.
    private static let look: TimeInterval = 10
    /// What changes about the credentials hurries a renewal that failed, but not more often than this, in seconds: the
    /// renewal itself may write there.
    private static let haste: TimeInterval = 2

    /// A renewal that failed.
    struct Trouble {
        var refusal: Refusal
        /// When the first of its kind did.
        var since: Date

        /// For the end of the session.
        var words: String {
            let clock = LocalClock { SystemClock.offset(at: $0) }
            return "the token has not been renewed since \(clock.time(since)): \(refusal.line)"
        }
    }

    let prepared: PreparedSession
    let child: ForegroundChild
    let began: Beginning
    /// Its entry in the history.
    var audited: Audit.Entry?
    private(set) var renewalDue: Date?
    /// Why there is no new token; nil while all is well.
    private(set) var trouble: Trouble?
    /// What is wrong with its tunnel; nil while it is up.
    private var tunnelTrouble: String?
    /// What its user has not been told by psql's prompt, a line each.
    private var untold: [String] = []
    /// The last of them that was printed: it need not be said again at the end.
    var told: String?
    private var renewing = false
    private var triedAt = Date.distantPast

    init(_ prepared: PreparedSession, now: Date) throws(ForegroundChild.StartFailure) {
        self.prepared = prepared
        child = try ForegroundChild(prepared.command)
        began = Beginning(date: now)
        prepared.began(group: child.group)
        renewalDue = prepared.passfile == nil ? nil : prepared.token.map { Self.due($0, now: now) }
    }

    /// Whether the token is to be renewed now; true once per renewal.
    mutating func takeRenewal(now: Date) -> Bool {
        guard let due = renewalDue, due <= now, !renewing else { return false }
        renewing = true
        renewalDue = nil
        triedAt = now
        return true
    }

    /// When to look at the clock again; nil where nothing will be renewed.
    func nextLook(now: Date) -> Date? { renewalDue.map { min($0, now.addingTimeInterval(Self.look)) } }

    /// Renews a token; blocks.
    static func renewal(
        of prepared: PreparedSession, by preparer: SessionPreparer
    ) -> Result<TokenClock?, Refusal> {
        do throws(Refusal) {
            return .success(try preparer.renew(prepared, now: Date()))
        } catch {
            return .failure(error)
        }
    }

    /// A renewal came back. What went wrong is told once, in the session itself and in the log.
    mutating func renewed(_ outcome: Result<TokenClock?, Refusal>, now: Date) {
        renewing = false
        renewalDue = now.addingTimeInterval(Self.pause)
        switch outcome {
        case .success(let clock):
            if let clock { renewalDue = Self.due(clock, now: now) }
            if trouble != nil { tell(nil, at: now) }
            trouble = nil
        case .failure(let refusal):
            if trouble?.refusal.line != refusal.line { tell(refusal, at: now) }
            trouble = Trouble(refusal: refusal, since: trouble?.since ?? now)
        }
    }

    private mutating func tell(_ refusal: Refusal?, at now: Date) {
        untold.append(prepared.tell(refusal, at: now))
    }

    /// Its tunnel may be in another state.
    mutating func lookAtTunnel(now: Date) {
        guard let tunnel = prepared.tunnel else { return }
        let words = tunnel.trouble
        // One that somebody opens anew is not up yet.
        if words == nil { guard case .up = tunnel.state else { return } }
        guard words != tunnelTrouble else { return }
        tunnelTrouble = words
        untold.append(prepared.tellTunnel(words, at: now))
    }

    /// What is to be told now where psql's prompt does not tell it: each once.
    mutating func takeUntold() -> [String] {
        defer { untold = [] }
        return prepared.tellsByPrompt ? [] : untold
    }

    /// Somebody may have logged in: what failed is tried again at once.
    mutating func credentialsChanged(now: Date) {
        guard trouble != nil, !renewing else { return }
        renewalDue = max(now, triedAt.addingTimeInterval(Self.haste))
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
    static func farewell(
        _ end: SessionEnd, waits: Bool, offers: Bool = false, columns: Int = .max
    ) -> String {
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
        let told = "-- pgfob: session \(clock), \(ending)."
        guard waits else { return start + told + " --" }
        let question =
            "Press Enter to go back to the list"
            + (offers ? ", r and Enter to \(end.login == nil ? "" : "log in and ")connect again." : ".")
        return start + told + (told.count + 1 + question.count > columns ? "\n" : " ") + question
    }
}

import Diagnosis
import Operations
import Profiles
import Synchronization
import Workers

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Many tests at once, without the screen: results come in the order of the profiles, an interrupt cancels.
package struct TestBatch {
    package enum Ending: Sendable, Hashable {
        case passed
        /// At least one failed.
        case failed
        /// ^C, or a signal to end.
        case interrupted
    }

    private let verbs: Verbs
    private let jobs: Int
    private let timeout: Duration
    private let askCode: (@Sendable (String) -> String?)?
    private let askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)?

    /// - Parameters:
    ///   - jobs: how many attempts are under way at once.
    ///   - timeout: of each attempt.
    ///   - askCode: as in ``SignerOptions``; several may be asked at once.
    ///   - askTunnel: as in ``SignerOptions``.
    package init(
        verbs: Verbs, jobs: Int, timeout: Duration, askCode: (@Sendable (String) -> String?)? = nil,
        askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)? = nil
    ) {
        self.askTunnel = askTunnel
        self.askCode = askCode
        self.verbs = verbs
        self.jobs = jobs
        self.timeout = timeout
    }

    private final class Results: Sendable {
        let reports: Mutex<[TestReport?]>
        init(count: Int) { reports = Mutex(Array(repeating: nil, count: count)) }
    }

    /// Runs all and blocks until they have ended.
    ///
    /// - Parameter each: called with every report on this thread, in the order of the profiles.
    package func run(_ profiles: [Profile], each: (TestReport) -> Void) -> Ending {
        guard let mailbox = Mailbox(), let signals = ProgramSignals() else { return .failed }
        let results = Results(count: profiles.count)
        let cancellation = Cancellation()
        let crew = Crew(limit: jobs)
        for (index, profile) in profiles.enumerated() {
            crew.submit { [verbs, timeout, askCode, askTunnel] in
                let report = verbs.tester.test(
                    profile, timeout: timeout, cancellation: cancellation, askCode: askCode,
                    askTunnel: askTunnel, began: { _ in }, ended: { _ in })
                results.reports.withLock { $0[index] = report }
                mailbox.post(.notice(""))
            }
        }
        var told = 0
        var ending = Ending.passed
        while told < profiles.count {
            Poll.wait([mailbox.readDescriptor, signals.descriptor], until: nil)
            _ = mailbox.drain()
            if !Set(signals.drain()).isDisjoint(with: [SIGINT, SIGTERM, SIGHUP]) {
                ending = .interrupted
                cancellation.cancel()
            }
            while told < profiles.count, let report = results.reports.withLock({ $0[told] }) {
                if report.outcome == .failed, ending == .passed { ending = .failed }
                if report.outcome != .cancelled {
                    verbs.book.recordTest(profiles[told].id, report.summary)
                }
                each(report)
                told += 1
            }
        }
        return ending
    }
}

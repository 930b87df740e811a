#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
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

    /// How far it is.
    package struct Progress: Sendable, Hashable {
        package var count: Int
        package var done = 0
        package var failed = 0
    }

    /// So many results go into the store at once.
    private static let storedTogether = 64

    private let verbs: Verbs
    private let jobs: Int
    private let timeout: Duration
    private let asking: Asking
    /// Where reports go, so that it is noticed at once when nobody reads any more; nil where that does not matter.
    package var output: Int32?
    /// Called as a test comes to a stage, from any thread.
    package var began: @Sendable (Stage) -> Void = { _ in }
    /// Called some times a second on the thread that runs the batch; nil for nothing.
    package var looking: (() -> Void)?
    /// Called as tests end, in any order, on the thread that runs the batch.
    package var progressed: (Progress) -> Void = { _ in }

    /// - Parameters:
    ///   - jobs: how many attempts are under way at once.
    ///   - timeout: of each attempt.
    package init(verbs: Verbs, jobs: Int, timeout: Duration, asking: Asking = Asking()) {
        self.asking = asking
        self.verbs = verbs
        self.jobs = jobs
        self.timeout = timeout
    }

    private final class Results: Sendable {
        let reports: Mutex<[TestReport?]>
        let progress: Mutex<Progress>

        init(count: Int) {
            reports = Mutex(Array(repeating: nil, count: count))
            progress = Mutex(Progress(count: count))
        }

        func take(_ report: TestReport, at place: Int) {
            reports.withLock { $0[place] = report }
            progress.withLock {
                $0.done += 1
                if report.outcome == .failed { $0.failed += 1 }
            }
        }
    }

    /// Runs all and blocks until they have ended and are stored.
    ///
    /// - Parameter each: called with every report on this thread, in the order of the profiles; false where nobody
    ///   reads any more: what is under way is cancelled then.
    /// - Throws: ``Refusal`` where the process has no descriptor left.
    package func run(_ profiles: [Profile], each: (TestReport) -> Bool) throws(Refusal) -> Ending {
        guard let mailbox = Mailbox(), let signals = ProgramSignals() else { throw .noDescriptor }
        let results = Results(count: profiles.count)
        let cancellation = Cancellation()
        var options = ConnectionTester.Options(
            timeout: timeout, cancellation: cancellation, askCode: asking.forCode(cancellation),
            askTunnel: asking.tunnel)
        options.asksTopology = profiles.count == 1
        options.askPassword = asking.password
        options.names = BatchNames()
        let crew = Crew(limit: Descriptors.room(for: min(jobs, max(1, profiles.count))))
        for (index, profile) in profiles.enumerated() {
            crew.submit { [verbs, options, began] in
                let report = verbs.tester.test(profile, options, began: began, ended: { _ in })
                results.take(report, at: index)
                mailbox.post(.notice(""))
            }
        }
        var told = 0
        var ending = Ending.passed
        var isRead = true
        var found: [(UUID, TestReport)] = []
        while told < profiles.count {
            let ready = Poll.wait(
                [mailbox.readDescriptor, signals.descriptor],
                until: looking == nil ? nil : Date(timeIntervalSinceNow: Interrupts.rhythm),
                output: isRead ? output : nil)
            _ = mailbox.drain()
            looking?()
            if let output, ready.contains(output) {
                // `pgfob test --all | head -1`: nobody waits for the rest.
                isRead = false
                options.cancellation.cancel()
            }
            if !Set(signals.drain()).isDisjoint(with: [SIGINT, SIGTERM, SIGHUP]) {
                ending = .interrupted
                options.cancellation.cancel()
            }
            while told < profiles.count, let report = results.reports.withLock({ $0[told] }) {
                // What has been told is not kept: hundreds of reports would be.
                results.reports.withLock { $0[told] = nil }
                if report.outcome == .failed, ending == .passed { ending = .failed }
                if report.outcome != .cancelled { found.append((profiles[told].id, report)) }
                if isRead, !each(report) {
                    isRead = false
                    options.cancellation.cancel()
                }
                told += 1
            }
            // After what was told: the line of it would be gone again.
            progressed(results.progress.withLock { $0 })
            if found.count >= Self.storedTogether || told == profiles.count {
                // One transaction for many: each of its own would cost a sync of the disk.
                verbs.book.recordTests(found)
                found = []
            }
        }
        return ending
    }
}

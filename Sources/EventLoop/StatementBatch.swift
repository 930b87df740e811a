#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Operations
import Profiles
import Screen
import Synchronization
import Workers

/// Statements on many profiles at once: results come in the order of the profiles, an interrupt cancels on the servers.
package struct StatementBatch {
    package enum Ending: Sendable, Hashable {
        case passed
        /// At least one failed, or was stopped because nobody reads what it answers.
        case failed
        /// ^C, or a signal to end.
        case interrupted
    }

    private let preparer: SessionPreparer
    private let audit: Audit
    private let jobs: Int
    private let format: ResultFormat
    private let choice: SessionChoice
    private let asking: Asking
    private let room: Int?

    /// - Parameters:
    ///   - room: bytes that each profile's answers may take; nil for all of them.
    ///   - audit: keeps what is run on which profile.
    ///   - jobs: how many profiles are worked on at once.
    package init(
        preparer: SessionPreparer, audit: Audit, jobs: Int, format: ResultFormat,
        choice: SessionChoice = SessionChoice(), asking: Asking = Asking(), room: Int? = nil
    ) {
        self.room = room
        self.asking = asking
        self.preparer = preparer
        self.audit = audit
        self.jobs = jobs
        self.format = format
        self.choice = choice
    }

    /// How one profile ended.
    package struct End: Sendable {
        package var profile: Profile
        package var end: StatementsEnd
        package var seconds: Double
    }

    /// Works on all and blocks until that is done. A second interrupt leaves at once, unless it comes with the first:
    /// `timeout` sends its signal to the program and to its group.
    ///
    /// - Parameters:
    ///   - output: takes whole lines, from any thread but never two at once; false where nobody reads any more.
    ///   - noticed: called with what a profile's server remarks, a line each, from any thread.
    ///   - ended: called on this thread as a profile is done, in no order.
    ///   - looking: called some times a second on this thread.
    package func run(
        _ statements: [String], on profiles: [Profile], readOnly: Bool,
        output: @escaping @Sendable (String) -> Bool,
        noticed: @escaping @Sendable (Profile, String) -> Void, ended: (End) -> Void, looking: () -> Void
    ) throws(Refusal) -> Ending {
        guard let mailbox = Mailbox(), let signals = ProgramSignals() else { throw .noDescriptor }
        signals.stopAsUsual()
        let cancellation = Cancellation()
        let ends = Mutex<[End]>([])
        start(
            statements, on: profiles, readOnly: readOnly, cancellation: cancellation, output: output,
            noticed: noticed
        ) { end in
            ends.withLock { $0.append(end) }
            mailbox.post(.notice(""))
        }
        var left = profiles.count
        var (ending, interrupted) = (Ending.passed, ContinuousClock.now)
        while left > 0 {
            Poll.wait(
                [mailbox.readDescriptor, signals.descriptor],
                until: Date(timeIntervalSinceNow: Interrupts.rhythm))
            _ = mailbox.drain()
            looking()
            if !Set(signals.drain()).isDisjoint(with: [SIGINT, SIGTERM, SIGHUP]) {
                let isFirst = ending != .interrupted
                guard isFirst || ContinuousClock.now - interrupted < .milliseconds(500) else {
                    return .interrupted
                }
                if isFirst { (ending, interrupted) = (.interrupted, .now) }
                cancellation.cancel()
            }
            let new = ends.withLock { ends in
                defer { ends = [] }
                return ends
            }
            for end in new {
                left -= 1
                if end.end != .ok, ending == .passed { ending = .failed }
                ended(end)
            }
        }
        return ending
    }

    /// Begins to work on all and returns.
    ///
    /// - Parameters:
    ///   - noticed: called with what a profile's server remarks, a line each, from any thread.
    ///   - ended: called from any thread.
    func start(
        _ statements: [String], on profiles: [Profile], readOnly: Bool, cancellation: Cancellation,
        output: @escaping @Sendable (String) -> Bool,
        noticed: @escaping @Sendable (Profile, String) -> Void, ended: @escaping @Sendable (End) -> Void
    ) {
        let ordered = OrderedOutput(cancellation: cancellation, sink: output)
        let crew = Crew(limit: Descriptors.room(for: min(jobs, max(1, profiles.count))))
        for (place, profile) in profiles.enumerated() {
            crew.submit { [self] in
                let (start, began) = (ContinuousClock.now, Date())
                let record = preparer.record(of: profile, readOnly: readOnly, choice)
                let entry = audit.began(statements: statements.count, record, at: began)
                var room = room.map { AnswerRoom(DisplayText.sanitised(profile.name), bytes: $0) }
                var writer = ResultWriter(format, preparer.shown(profile)) {
                    let lines = room?.take($0) ?? $0
                    if !lines.isEmpty { ordered.write(lines, isHeader: $1, as: place) }
                }
                let end =
                    cancellation.isCancelled
                    ? .cancelled
                    : preparer.run(
                        statements, on: profile, readOnly: readOnly, choice: choice,
                        cancellation: cancellation,
                        askCode: asking.forCode(cancellation), askTunnel: asking.tunnel,
                        askPassword: asking.password,
                        emit: { event in
                            if case .notice(let line) = event {
                                noticed(profile, line)
                            } else {
                                writer.take(event)
                            }
                        })
                let taken = ContinuousClock.now - start
                writer.finish(end, milliseconds: taken.milliseconds)
                ordered.finish(place)
                let done = End(profile: profile, end: end, seconds: taken.milliseconds / 1000)
                let outcome: String =
                    switch end {
                    case .ok: "ok"
                    case .failed: "failed"
                    case .cancelled: "cancelled"
                    }
                audit.ended(
                    entry,
                    record.statements(
                        at: began, seconds: done.seconds, count: statements.count, outcome: outcome))
                ended(done)
            }
        }
    }
}

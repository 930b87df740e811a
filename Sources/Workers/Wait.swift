#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Waiting on descriptors, never past a deadline and never past a cancellation.
package struct Wait: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// At least one descriptor has something; their `revents` say which.
        case ready
        case timedOut
        case cancelled
    }

    package let deadline: ContinuousClock.Instant
    package let cancellation: Cancellation

    package init(deadline: ContinuousClock.Instant, cancellation: Cancellation) {
        self.deadline = deadline
        self.cancellation = cancellation
    }

    /// For what a person takes: as long as nobody calls it off, but for a day at most.
    package init(until cancellation: Cancellation) {
        self.init(deadline: .now + .seconds(86_400), cancellation: cancellation)
    }

    /// A part of the time that is left, for one step of several.
    ///
    /// - Parameter share: from 0 to 1.
    package func share(_ share: Double, atMost limit: Duration = .seconds(86_400)) -> Wait {
        let now = ContinuousClock.now
        return Wait(
            deadline: now + min(max(.zero, deadline - now) * share, limit), cancellation: cancellation)
    }

    /// The same for longer: a user's time to think does not count.
    package func extended(by time: Duration) -> Wait {
        Wait(deadline: deadline + time, cancellation: cancellation)
    }

    /// Stands in for a cancellation without a pipe, in milliseconds.
    private static let longestNap: Int32 = 60_000
    private static let shortNap: Int32 = 50

    /// One descriptor, until it can be read or written.
    package func until(_ descriptor: Int32, events: Int32) -> Outcome {
        var set = [pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)]
        return until(&set)
    }

    /// Whether it is over, without waiting: how it would end. Nil where it is not. For who is kept busy and never waits.
    package var end: Outcome? {
        if cancellation.isCancelled { return .cancelled }
        return ContinuousClock.now >= deadline ? .timedOut : nil
    }

    /// Nothing but the time.
    ///
    /// - Returns: whether it has passed; not so after a cancellation.
    package func passes() -> Bool {
        var nothing: [pollfd] = []
        return until(&nothing) == .timedOut
    }

    /// Any of some descriptors. The corresponding C function is `poll`.
    package func until(_ set: inout [pollfd]) -> Outcome {
        let cancelling = cancellation.descriptor
        set.append(pollfd(fd: cancelling, events: Int16(POLLIN), revents: 0))
        defer { set.removeLast() }
        while true {
            if cancellation.isCancelled { return .cancelled }
            let left = (deadline - ContinuousClock.now).milliseconds
            guard left > 0 else { return .timedOut }
            let nap = cancelling < 0 ? Self.shortNap : Self.longestNap
            let answer = poll(&set, nfds_t(set.count), min(nap, Int32(min(left.rounded(.up), 60_000))))
            if cancellation.isCancelled { return .cancelled }
            if answer > 0 { return .ready }
            // EINTR: a signal came to this thread. Anything else poll reports is a mistake of the program, and
            // the deadline ends it.
        }
    }
}

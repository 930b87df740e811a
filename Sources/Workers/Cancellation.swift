#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// Cancels one attempt, or several that share it, from any thread and at once.
package final class Cancellation: Sendable {
    private let cancelled = Atomic(false)
    /// Made for whoever waits first: what is never waited for takes no descriptors, and hundreds may be at hand.
    private let ends = Mutex<(reader: Int32, writer: Int32)?>(nil)

    package init() {}

    deinit {
        guard let (reader, writer) = ends.withLock({ $0 }) else { return }
        Descriptors.close(reader)
        Descriptors.close(writer)
    }

    /// Becomes readable when cancelled and stays so; -1 where the process has no descriptor left, and then
    /// whoever waits looks at ``isCancelled`` now and then.
    package var descriptor: Int32 {
        ends.withLock { ends in
            if let ends { return ends.reader }
            guard let made = Descriptors.pipe() else { return -1 }
            ends = made
            if isCancelled { Descriptors.writeByte(made.writer) }
            return made.reader
        }
    }

    package var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Cancels. A second time does nothing.
    package func cancel() {
        guard !cancelled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        ends.withLock { if let ends = $0 { Descriptors.writeByte(ends.writer) } }
    }
}

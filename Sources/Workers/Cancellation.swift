#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// Cancels one attempt, or several that share it, from any thread and at once.
package final class Cancellation: Sendable {
    private let cancelled = Atomic(false)
    /// Becomes readable when cancelled and stays so; -1 where the process has no descriptor left, and then
    /// whoever waits looks at ``isCancelled`` now and then.
    package let descriptor: Int32
    private let writer: Int32

    package init() {
        (descriptor, writer) = Descriptors.pipe() ?? (-1, -1)
    }

    deinit {
        Descriptors.close(descriptor)
        Descriptors.close(writer)
    }

    package var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Cancels. A second time does nothing.
    package func cancel() {
        guard !cancelled.exchange(true, ordering: .acquiringAndReleasing), writer >= 0 else { return }
        Descriptors.writeByte(writer)
    }
}

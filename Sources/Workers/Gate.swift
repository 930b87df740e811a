#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Something that one thread waits for and another lets happen, once.
package final class Gate: Sendable {
    private let reader: Int32
    private let writer: Int32

    /// - Returns: nil where the process has no descriptor left.
    package init?() {
        guard let (reader, writer) = Descriptors.pipe() else { return nil }
        (self.reader, self.writer) = (reader, writer)
    }

    deinit {
        Descriptors.close(reader)
        Descriptors.close(writer)
    }

    /// Opens it, for good.
    package func open() { Descriptors.writeByte(writer) }

    /// Blocks until it is open, or the wait ends otherwise.
    package func wait(_ wait: Wait) -> Wait.Outcome { wait.until(reader, events: POLLIN) }
}

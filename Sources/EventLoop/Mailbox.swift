#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Synchronization

/// From any thread to the loop: events in a queue, and a pipe that wakes `poll(2)`.
final class Mailbox: Sendable {
    /// What `poll` watches; readable while something waits.
    let readDescriptor: Int32
    private let writeDescriptor: Int32
    private let queue = Mutex<[LoopEvent]>([])

    /// - Returns: nil where the system has no descriptor left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard csys_pipe(&ends) == 0 else { return nil }
        readDescriptor = ends[0]
        writeDescriptor = ends[1]
    }

    deinit {
        close(readDescriptor)
        close(writeDescriptor)
    }

    /// Adds an event; wakes the loop if it was the first to wait.
    func post(_ event: LoopEvent) {
        let first = queue.withLock { queue in
            queue.append(event)
            return queue.count == 1
        }
        guard first else { return }
        var byte: UInt8 = 1
        _ = write(writeDescriptor, &byte, 1)
    }

    func post(_ message: App.Message) { post(.message(message)) }

    /// Takes all that waits, in the order of posting.
    func drain() -> [LoopEvent] {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(readDescriptor, &bytes, bytes.count) == bytes.count {}
        return queue.withLock { queue in
            defer { queue = [] }
            return queue
        }
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Synchronization

/// From any thread to the loop: events in a queue, and pipes that wake `poll(2)`.
final class Mailbox: Sendable {
    private struct Waiting {
        var events: [LoopEvent] = []
        /// Whether a byte is in the pipe.
        var hasWoken = false
        var hasHinted = false
    }

    /// What `poll` watches; readable while something waits that is not to wait.
    let readDescriptor: Int32
    /// The same for what may wait a moment: how far hundreds of tests are.
    let laterDescriptor: Int32
    private let writeDescriptor: Int32
    private let hintDescriptor: Int32
    private let waiting = Mutex(Waiting())

    /// - Returns: nil where the system has no descriptor left.
    init?() {
        var (ends, hints): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard csys_pipe(&ends) == 0 else { return nil }
        guard csys_pipe(&hints) == 0 else {
            for end in ends { close(end) }
            return nil
        }
        (readDescriptor, writeDescriptor) = (ends[0], ends[1])
        (laterDescriptor, hintDescriptor) = (hints[0], hints[1])
    }

    deinit {
        for descriptor in [readDescriptor, writeDescriptor, laterDescriptor, hintDescriptor] {
            close(descriptor)
        }
    }

    /// Adds an event; wakes the loop if it was the first to wait.
    ///
    /// - Parameter mayWait: whether the loop may let it lie for a moment.
    func post(_ event: LoopEvent, mayWait: Bool = false) {
        let wakes = waiting.withLock { waiting in
            waiting.events.append(event)
            defer { if mayWait { waiting.hasHinted = true } else { waiting.hasWoken = true } }
            return mayWait ? !waiting.hasHinted : !waiting.hasWoken
        }
        guard wakes else { return }
        var byte: UInt8 = 1
        _ = write(mayWait ? hintDescriptor : writeDescriptor, &byte, 1)
    }

    func post(_ message: App.Message, mayWait: Bool = false) { post(.message(message), mayWait: mayWait) }

    /// Takes all that waits, in the order of posting.
    func drain() -> [LoopEvent] {
        var bytes = [UInt8](repeating: 0, count: 64)
        for descriptor in [readDescriptor, laterDescriptor] {
            while read(descriptor, &bytes, bytes.count) == bytes.count {}
        }
        return waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting.events
        }
    }
}

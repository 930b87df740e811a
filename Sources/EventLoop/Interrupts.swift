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
import Synchronization
import Workers

/// A program that stays, without the screen, until the user or the system ends it. ^Z stops it as any other.
package final class Interrupts {
    /// Cancelled by the first interrupt.
    package let cancellation = Cancellation()
    private let signals = ProgramSignals()
    private let mailbox = Mailbox()

    /// From now on INT, TERM and HUP end nothing by themselves.
    package init() { signals?.stopAsUsual() }

    /// How long something may take; an interrupt ends it.
    package func wait(timeout: Duration) -> Wait {
        Wait(deadline: .now + timeout, cancellation: cancellation)
    }

    /// Seconds between looks, for what people read.
    static let rhythm = 0.2

    private final class Answer<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, Refusal>?>(nil)
    }

    /// Does what may block, on a thread, and hears interrupts meanwhile.
    ///
    /// - Parameter looking: called some times a second on this thread meanwhile; nil for nothing.
    /// - Returns: nil after an interrupt.
    /// - Throws: what the work throws.
    package func during<Value: Sendable>(
        looking: (() -> Void)? = nil, _ work: @escaping @Sendable () throws(Refusal) -> Value
    ) throws(Refusal) -> Value? {
        guard let signals, let mailbox else {
            throw .noDescriptor
        }
        let answer = Answer<Value>()
        guard
            WorkerThread.start({
                let result: Result<Value, Refusal>
                do throws(Refusal) { result = .success(try work()) } catch { result = .failure(error) }
                answer.result.withLock { $0 = result }
                mailbox.post(.notice(""))
            })
        else { throw Refusal(.failed, "no thread is left", do: "close some programs and try again") }
        while true {
            Poll.wait(
                [mailbox.readDescriptor, signals.descriptor],
                until: looking == nil ? nil : Date(timeIntervalSinceNow: Self.rhythm))
            _ = mailbox.drain()
            looking?()
            if Self.ends(signals.drain()) {
                cancellation.cancel()
                // Whatever still blocks ends with the program.
                return nil
            }
            if let result = answer.result.withLock({ $0 }) { return try result.get() }
        }
    }

    /// Blocks until an interrupt.
    ///
    /// - Parameters:
    ///   - folders: those in which a change matters; they need not be there yet.
    ///   - changed: called on this thread where something in them may have changed, and at once: nobody watched before.
    ///   - looking: called whenever ``look()`` was.
    package func stay(watching folders: [String], changed: () -> Void, looking: () -> Void = {}) {
        guard let signals, let mailbox else { return }
        var watches = FolderWatches(folders)
        changed()
        while true {
            let ready = Poll.wait(
                [signals.descriptor, mailbox.readDescriptor] + watches.descriptors, until: nil)
            let wasCalled = !mailbox.drain().isEmpty
            if Self.ends(signals.drain()) { return }
            if watches.drain(ready) { changed() }
            if wasCalled { looking() }
        }
    }

    /// Something is to be looked at, on any thread.
    package var look: @Sendable () -> Void {
        { [mailbox] in mailbox?.post(.notice("")) }
    }

    private static func ends(_ signals: some Sequence<Int32>) -> Bool {
        signals.contains { [SIGINT, SIGTERM, SIGHUP].contains($0) }
    }
}

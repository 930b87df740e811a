#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Workers

/// Calls that block as long as they like, each made once for all who want its answer at the same time. Who asked
/// leaves when the time is up; the call is left behind and holds one thread of the crew, however many had asked.
package final class SharedCalls<Value: Sendable>: Sendable {
    package enum Outcome {
        case answer(Value)
        case timedOut
        case cancelled
        /// The process has no file descriptor left to wait with.
        case noDescriptor
    }

    /// One who waits.
    private final class Waiter: Sendable {
        let value = Mutex<Value?>(nil)
        let gate: Gate

        init?() {
            guard let gate = Gate() else { return nil }
            self.gate = gate
        }
    }

    private final class Call: Sendable {
        let begun = ContinuousClock.now
        let waiters = Mutex<[Waiter]>([])
    }

    /// A call that has lasted so long may never end: who asks now gets another one.
    private static var hopeless: Duration { .seconds(5) }

    private let crew: Crew
    private let calls = Mutex<[String: Call]>([:])

    package init(_ crew: Crew) {
        self.crew = crew
    }

    /// The answer of a call that is under way for the same key, else of a new one.
    package func answer(to key: String, _ wait: Wait, _ call: @escaping @Sendable () -> Value) -> Outcome {
        guard let waiter = Waiter() else { return .noDescriptor }
        let (shared, isNew) = calls.withLock { calls in
            if let known = calls[key], .now - known.begun < Self.hopeless {
                known.waiters.withLock { $0.append(waiter) }
                return (known, false)
            }
            let made = Call()
            made.waiters.withLock { $0.append(waiter) }
            calls[key] = made
            return (made, true)
        }
        if isNew { crew.submit { self.carryOut(shared, key, call) } }
        let outcome = waiter.gate.wait(wait)
        // An answer that has come in the last moment is one.
        if let value = waiter.value.withLock({ $0 }) { return .answer(value) }
        shared.waiters.withLock { $0.removeAll { $0 === waiter } }
        return outcome == .cancelled ? .cancelled : .timedOut
    }

    private func carryOut(_ shared: Call, _ key: String, _ call: () -> Value) {
        // All have left while it waited for a thread.
        let isWanted = calls.withLock { calls in
            let isWanted = shared.waiters.withLock { !$0.isEmpty }
            if !isWanted, calls[key] === shared { calls[key] = nil }
            return isWanted
        }
        guard isWanted else { return }
        let value = call()
        let waiters = calls.withLock { calls in
            if calls[key] === shared { calls[key] = nil }
            return shared.waiters.withLock { $0 }
        }
        for waiter in waiters {
            waiter.value.withLock { $0 = value }
            waiter.gate.open()
        }
    }
}

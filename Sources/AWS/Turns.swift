#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Workers

/// One at a time for each name, however many want to; who waits looks at the clock.
final class Turns: Sendable {
    private final class Turn: Sendable { let mutex = Mutex(()) }

    private static let nap = Duration.milliseconds(10)

    private let turns = Mutex<[String: Turn]>([:])

    /// Does something as soon as it is this caller's turn.
    ///
    /// - Returns: nil where the deadline or a cancellation came first.
    func take<Value>(_ name: String, _ wait: Wait, _ body: () -> Value) -> Value? {
        let turn = turns.withLock { turns in
            if let turn = turns[name] { return turn }
            let turn = Turn()
            turns[name] = turn
            return turn
        }
        while true {
            var value: Value?
            let isMine = turn.mutex.withLockIfAvailable { _ in value = body() } != nil
            if isMine { return value }
            guard ContinuousClock.now < wait.deadline else { return nil }
            var nothing: [pollfd] = []
            let pause = Wait(
                deadline: min(wait.deadline, .now + Self.nap), cancellation: wait.cancellation)
            if pause.until(&nothing) == .cancelled { return nil }
        }
    }
}

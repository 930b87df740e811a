import Synchronization

/// What a person takes to answer, and what waiting for a turn takes; several may go on at once.
final class Pauses: Sendable {
    private struct State {
        var sum = Duration.zero
        /// How many go on, and since when.
        var (count, start) = (0, ContinuousClock.now)
    }

    private let state = Mutex(State())

    /// With those that go on: the attempt may be further before its user's thread has noticed that.
    var total: Duration {
        state.withLock { $0.count > 0 ? $0.sum + (.now - $0.start) : $0.sum }
    }

    func during<Value>(_ pause: () -> Value) -> Value {
        state.withLock { state in
            if state.count == 0 { state.start = .now }
            state.count += 1
        }
        defer {
            state.withLock { state in
                state.count -= 1
                if state.count == 0 { state.sum += .now - state.start }
            }
        }
        return pause()
    }
}

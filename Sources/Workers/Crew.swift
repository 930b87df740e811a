import Synchronization

/// Runs jobs on threads of its own, so many at a time; further ones wait their turn in order.
///
/// A crew of one is a queue: its jobs never overlap. Threads end when there is nothing left to do.
package final class Crew: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var next = 0
        var working = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many jobs run at once, at least one.
    package init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Runs the job on a thread of the crew as soon as one is free. Never blocks the caller.
    package func submit(_ job: @escaping @Sendable () -> Void) {
        let starts = state.withLock { state in
            state.waiting.append(job)
            guard state.working < limit else { return false }
            state.working += 1
            return true
        }
        guard starts else { return }
        if !WorkerThread.start({ self.work() }) {
            // Another thread of the crew takes the job; with none at all it waits for the next submission.
            state.withLock { $0.working -= 1 }
        }
    }

    private func work() {
        while let job = take() { job() }
    }

    private func take() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.next < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.next = 0
                state.working -= 1
                return nil
            }
            defer { state.next += 1 }
            let job = state.waiting[state.next]
            // The job's captures go as soon as it has run, not when the queue is empty.
            state.waiting[state.next] = {}
            return job
        }
    }
}

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
    private let standsBack: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many jobs run at once, at least one.
    ///   - standsBack: whether its threads let the program's others go first.
    package init(limit: Int, standsBack: Bool = false) {
        self.limit = max(1, limit)
        self.standsBack = standsBack
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
        if standsBack { WorkerThread.standBack() }
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

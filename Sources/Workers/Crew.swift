import Synchronization

/// Runs jobs on threads of its own, so many at a time; further ones wait their turn in order.
///
/// A crew of one is a queue: its jobs never overlap. Threads end when there is nothing left to do.
package final class Crew: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var next = 0
        /// When each job that runs was begun, by its thread's number.
        var begun: [Int: ContinuousClock.Instant] = [:]
        var working = 0
        var threads = 0
        /// How many may work now.
        var room: Int
        var isWatched = false

        var hasWaiting: Bool { next < waiting.count }
    }

    private let limit: Int
    private let least: Int
    private let standsBack: Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - limit: how many jobs run at once, at least one.
    ///   - least: so many run while the machine has all hands full, and more only as it has time, or as jobs turn out
    ///     to wait for somebody; the limit where nil.
    ///   - standsBack: whether its threads let the program's others go first.
    package init(limit: Int, least: Int? = nil, standsBack: Bool = false) {
        self.limit = max(1, limit)
        self.least = min(max(1, least ?? limit), self.limit)
        self.standsBack = standsBack
        state = Mutex(State(room: self.least))
    }

    /// Runs the job on a thread of the crew as soon as one is free. Never blocks the caller.
    package func submit(_ job: @escaping @Sendable () -> Void) {
        let (starts, watches) = state.withLock { state in
            state.waiting.append(job)
            if state.working < state.room {
                state.working += 1
                return (1, false)
            }
            let watches = least < limit && !state.isWatched
            state.isWatched = state.isWatched || watches
            return (0, watches)
        }
        start(starts)
        if watches, !WorkerThread.start({ self.watch() }) { state.withLock { $0.isWatched = false } }
    }

    private func start(_ count: Int) {
        for _ in 0..<count where !WorkerThread.start({ self.work() }) {
            // Another thread of the crew takes the job; with none at all it waits for the next submission.
            state.withLock { $0.working -= 1 }
        }
    }

    private func work() {
        if standsBack { WorkerThread.standBack() }
        let number = state.withLock { state in
            state.threads += 1
            return state.threads
        }
        while let job = take(number) { job() }
    }

    private func take(_ number: Int) -> (@Sendable () -> Void)? {
        state.withLock { state in
            state.begun[number] = nil
            guard state.hasWaiting, state.working <= state.room else {
                if !state.hasWaiting {
                    state.waiting.removeAll(keepingCapacity: true)
                    state.next = 0
                }
                state.working -= 1
                return nil
            }
            defer { state.next += 1 }
            let job = state.waiting[state.next]
            // The job's captures go as soon as it has run, not when the queue is empty.
            state.waiting[state.next] = {}
            if least < limit { state.begun[number] = .now }
            return job
        }
    }

    // MARK: As the machine has time

    /// How often it is looked at whether the machine has time.
    private static let step = Duration.milliseconds(20)
    /// Who wakes later than this had to wait for a processor: others have enough to do.
    private static let late = Duration.milliseconds(4)
    /// A job that has run so long waits for somebody else, and not for a processor.
    private static let lingering = Duration.milliseconds(700)

    /// Lets more work, or less, until nothing waits: by how late this thread itself wakes from a nap, and by how many
    /// threads of the machine would run if they could.
    private func watch() {
        var spare = 0
        while true {
            let asked = ContinuousClock.now
            WorkerThread.nap(Self.step)
            let now = ContinuousClock.now
            let isBusy =
                now - asked - Self.step > Self.late
                || WorkerThread.ready ?? 0 > 3 * WorkerThread.processors
            spare = isBusy ? spare / 2 : min(limit, spare + 2)
            let starts: Int? = state.withLock { state in
                guard state.hasWaiting else {
                    state.isWatched = false
                    state.room = least
                    return nil
                }
                let lingering = state.begun.values.count { now - $0 > Self.lingering }
                state.room = min(limit, least + lingering + spare)
                let starts = min(max(0, state.room - state.working), state.waiting.count - state.next)
                state.working += starts
                return starts
            }
            guard let starts else { return }
            start(starts)
        }
    }
}

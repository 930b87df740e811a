import COpenSSL
import Synchronization
import TLS
import Workers

/// Passes the bytes of all sessions on, on a few threads.
final class Relay: Sendable {
    private struct State {
        var pairs: [UInt64: (pair: ProxyPair, lane: Int)] = [:]
        /// How many sessions each thread has; nil where it did not start.
        var loads: [Int?]
        var last: UInt64 = 0
    }

    /// A thread's. The C side locks what other threads touch.
    private struct Lane: @unchecked Sendable { let pointer: OpaquePointer }

    private let lanes: [Lane]
    private let state: Mutex<State>
    private let ended: @Sendable (ProxyPair, Ending, _ asked: Int) -> Void

    /// How a session has ended.
    struct Ending: OptionSet, Sendable {
        let rawValue: Int32

        /// The system would not tell of its sockets any more.
        static let unwatched = Ending(rawValue: Int32(COPENSSL_UNWATCHED))
        /// Its server's side has ended before it took its leave.
        static let closed = Ending(rawValue: Int32(COPENSSL_CLOSED))
        /// The relay was to end it.
        static let stopped = Ending(rawValue: Int32(COPENSSL_STOPPED))
        /// Its client can be told why, and was not.
        static let untold = Ending(rawValue: Int32(COPENSSL_UNTOLD))

        /// Whose doing it was.
        var party: ProxySession.Party {
            if !isDisjoint(with: [.stopped, .unwatched]) { return .proxy }
            return contains(.closed) ? .server : .client
        }
    }

    /// Starts it.
    ///
    /// - Parameter ended: called on one of the relay's threads for each session that is over, with how many of its client's
    ///   questions the server may still work on.
    /// - Returns: nil where no descriptor or thread is left.
    init?(ended: @escaping @Sendable (ProxyPair, Ending, _ asked: Int) -> Void) {
        // Two at least: a session that encrypts all the time leaves a thread to the others.
        let wanted = min(max(WorkerThread.processors / 2, 2), 8)
        lanes = (0..<wanted).compactMap { _ in copenssl_relay_new().map(Lane.init) }
        state = Mutex(State(loads: Array(repeating: nil, count: lanes.count)))
        self.ended = ended
        for (at, lane) in lanes.enumerated() {
            let body = Unmanaged.passRetained(self)
            let starts = WorkerThread.start {
                copenssl_relay_run(
                    lane.pointer,
                    { context, number, how, asked in
                        context.map {
                            Unmanaged<Relay>.fromOpaque($0).takeUnretainedValue()
                                .end(number, Ending(rawValue: how), Int(asked))
                        }
                    }, body.toOpaque())
                body.release()
            }
            if starts { state.withLock { $0.loads[at] = 0 } } else { body.release() }
        }
        guard state.withLock({ $0.loads.contains { $0 != nil } }) else { return nil }
    }

    deinit { for lane in lanes { copenssl_relay_free(lane.pointer) } }

    var count: Int { state.withLock { $0.pairs.count } }

    /// Takes a session over, to the thread that has the fewest.
    ///
    /// - Returns: false where no memory is left.
    func take(_ pair: ProxyPair) -> Bool {
        guard let client = pair.far.tlsClient else { return false }
        let place: (number: UInt64, lane: Int)? = state.withLock { state in
            let idlest = state.loads.indices.filter { state.loads[$0] != nil }
                .min { state.loads[$0] ?? 0 < state.loads[$1] ?? 0 }
            guard let lane = idlest else { return nil }
            state.last += 1
            state.loads[lane]? += 1
            state.pairs[state.last] = (pair, lane)
            return (state.last, lane)
        }
        guard let place else { return false }
        let near = pair.near.descriptor, far = pair.far.descriptor
        let lane = lanes[place.lane].pointer, ahead = pair.ahead
        if copenssl_relay_add(lane, near, far, client, place.number, ahead, ahead.count) == 0 { return true }
        forget(place.number)
        return false
    }

    private func end(_ number: UInt64, _ ending: Ending, _ asked: Int) {
        guard let pair = state.withLock({ $0.pairs[number]?.pair }) else { return }
        ended(pair, ending, asked)
        // Only now: whoever waits until there are none has then been told of all.
        forget(number)
    }

    private func forget(_ number: UInt64) {
        state.withLock { state in
            if let lane = state.pairs.removeValue(forKey: number)?.lane { state.loads[lane]? -= 1 }
        }
    }

    /// Ends all sessions and the threads: each client is told some last bytes as soon as they stand between two messages
    /// of its server. Those for whom that takes long stay until ``stop()``.
    func part(saying words: [UInt8]) {
        for lane in lanes { copenssl_relay_part(lane.pointer, words, words.count) }
    }

    /// Ends all sessions and the threads at once.
    func stop() { for lane in lanes { copenssl_relay_stop(lane.pointer) } }
}

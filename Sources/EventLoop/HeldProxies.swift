#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Synchronization
import Workers

/// The proxies that the user keeps up, by profile, each with the record of its sessions.
final class HeldProxies: Sendable {
    private struct Held: Sendable {
        let proxy: DatabaseProxy
        let record: ProxyRecord
        let opening: Cancellation
    }

    private struct State {
        var held: [UUID: Held] = [:]
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// - Returns: false where the program is ending, or nobody wants it any more: then it is stopped already.
    func hold(
        _ proxy: DatabaseProxy, _ record: ProxyRecord, for id: UUID, unless cancellation: Cancellation
    ) -> Bool {
        let isHeld = state.withLock { state in
            guard !state.hasEnded, !cancellation.isCancelled else { return false }
            state.held[id] = Held(proxy: proxy, record: record, opening: cancellation)
            return true
        }
        if !isHeld { proxy.stop() }
        return isHeld
    }

    /// How many sessions each serves now.
    var sessions: [UUID: Int] { state.withLock { $0.held }.mapValues { $0.proxy.sessions } }

    /// Ends a profile's proxy.
    ///
    /// - Parameter opening: where it is to be one that came of that alone.
    /// - Returns: how many sessions ended with it; nil where there was none.
    @discardableResult
    func stop(_ id: UUID, from opening: Cancellation? = nil) -> Int? {
        let held = state.withLock { state -> Held? in
            if let opening, state.held[id]?.opening !== opening { return nil }
            return state.held.removeValue(forKey: id)
        }
        return held.map(Self.stop)
    }

    /// Ends them all, at the program's end.
    func stopAll() {
        let all = state.withLock { state in
            defer { state.held = [:] }
            state.hasEnded = true
            return state.held.values
        }
        for held in all { Self.stop(held) }
    }

    @discardableResult
    private static func stop(_ held: Held) -> Int {
        let sessions = held.proxy.sessions
        held.proxy.stop()
        held.record.closed()
        return sessions
    }
}

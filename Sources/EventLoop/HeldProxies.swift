#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Synchronization

/// The proxies that the user keeps up, by profile, each with the record of its sessions.
final class HeldProxies: Sendable {
    private struct Held: Sendable {
        let proxy: DatabaseProxy
        let record: ProxyRecord
    }

    private struct State {
        var held: [UUID: Held] = [:]
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// - Returns: false where the program is ending: then it is stopped already.
    @discardableResult
    func hold(_ proxy: DatabaseProxy, _ record: ProxyRecord, for id: UUID) -> Bool {
        let isHeld = state.withLock { state in
            guard !state.hasEnded else { return false }
            state.held[id] = Held(proxy: proxy, record: record)
            return true
        }
        if !isHeld { proxy.stop() }
        return isHeld
    }

    /// Ends a profile's proxy.
    ///
    /// - Returns: how many sessions ended with it; nil where there was none.
    func stop(_ id: UUID) -> Int? {
        guard let held = state.withLock({ $0.held.removeValue(forKey: id) }) else { return nil }
        return Self.stop(held)
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

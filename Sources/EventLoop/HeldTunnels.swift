#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Synchronization

/// The tunnels that the user keeps up, by profile.
final class HeldTunnels: Sendable {
    private let leases = Mutex<[UUID: OpenTunnel]>([:])

    func hold(_ tunnel: OpenTunnel, for id: UUID) { leases.withLock { $0[id] = tunnel } }

    /// - Returns: whether one was held.
    func release(_ id: UUID) -> Bool { leases.withLock { $0.removeValue(forKey: id) } != nil }
}

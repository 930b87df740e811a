#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Synchronization
import Workers

/// The tunnels that the user keeps up, by profile.
final class HeldTunnels: Sendable {
    private let leases = Mutex<[UUID: OpenTunnel]>([:])

    /// - Returns: whether it is held: not where the user has cancelled that meanwhile.
    func hold(_ tunnel: OpenTunnel, for id: UUID, unless cancellation: Cancellation) -> Bool {
        leases.withLock { leases in
            guard !cancellation.isCancelled else { return false }
            leases[id] = tunnel
            return true
        }
    }

    /// - Returns: whether one was held.
    func release(_ id: UUID) -> Bool { leases.withLock { $0.removeValue(forKey: id) } != nil }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What other programs of this machine do through this one at a moment, and what ends with it.
package struct OutsideUse: Sendable, Hashable {
    /// How many clients the proxy of each profile serves; those that serve none are left out.
    package var clients: [UUID: Int]
    /// How many connections of other programs go through the tunnel of each profile; one that profiles share is told of
    /// one of them.
    package var connections: [UUID: Int]

    package init(clients: [UUID: Int] = [:], connections: [UUID: Int] = [:]) {
        self.clients = clients
        self.connections = connections
    }
}

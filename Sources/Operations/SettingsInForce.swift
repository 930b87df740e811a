import Profiles
import Synchronization

/// What the settings say to the verbs. Whatever was put together from the same ``Surroundings`` shares it, so that
/// settings that are saved while the screen, a proxy or a tunnel is open hold from the next login on.
package final class SettingsInForce: Sendable {
    package struct Values: Sendable, Hashable {
        /// The psql that the user named, if any.
        package var psql: String?
        /// How long tokens are signed for, in seconds; nil for as long as the service takes them.
        package var tokenSeconds: Int?
        /// Whether psql's prompt shows how long the token is still good.
        package var promptShowsTimeLeft = false
        /// Whether signatures are made with AWS's time where this machine's clock is off.
        package var correctsClock = true
        /// Tunnels that profiles share, by name.
        package var tunnels: [String: String] = [:]
        /// What the settings say of environments.
        package var policies = EnvironmentPolicies()

        package init() {}
    }

    private let current = Mutex<Values?>(nil)
    private let first: @Sendable () -> Values

    /// - Parameter first: what holds until ``take(_:)``; asked once, when somebody wants to know.
    package init(_ first: @escaping @Sendable () -> Values = { Values() }) { self.first = first }

    package var values: Values {
        current.withLock { current in
            let values = current ?? first()
            current = values
            return values
        }
    }

    /// They were read anew.
    package func take(_ values: Values) { current.withLock { $0 = values } }
}

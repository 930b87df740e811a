import Profiles
import Synchronization

/// What the settings say to the verbs. Whatever was put together from the same ``Surroundings`` shares it, so that
/// settings that are saved while the screen is open hold from the next session on.
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

    private let current: Mutex<Values>

    package init(_ values: Values = Values()) { current = Mutex(values) }

    package var values: Values { current.withLock { $0 } }

    /// They were read anew.
    package func take(_ values: Values) { current.withLock { $0 = values } }
}

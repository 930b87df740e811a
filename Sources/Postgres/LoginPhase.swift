/// Where libpq stands in setting up a connection, its many states brought down to those that differ for a test.
package enum LoginPhase: Sendable, Hashable {
    /// TCP is being set up.
    case connecting
    /// TCP is up, and the first byte may go out.
    case connected
    /// SSLRequest or the handshake is under way.
    case securing
    /// The startup packet is next or out. With what TLS came to, nil where the connection is plain.
    case authenticating(tls: String?)
    /// The server takes queries.
    case ready(tls: String?)

    /// Whether a server that says nothing here may be one that has said nothing at all, such as a process that stands still
    /// while its system takes connections for it.
    var mayBeSilence: Bool {
        switch self {
        case .connecting, .connected, .securing, .authenticating(tls: nil): true
        case .authenticating, .ready: false
        }
    }
}

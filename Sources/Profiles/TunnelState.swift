/// How a profile's tunnel is.
package enum TunnelState: Sendable, Hashable {
    case opening
    /// It takes connections at this port of 127.0.0.1.
    case up(port: Int)
    /// It died, and is started again; its program's words where it did not come at once.
    case restarting(why: String? = nil)
    /// It did not open, or cannot be opened again; its program's words.
    case failed(String)
}

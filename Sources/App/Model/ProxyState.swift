import Profiles

/// How a profile's proxy is.
package enum ProxyState: Sendable, Hashable {
    /// On its way, and how far.
    case opening(SessionStage? = nil)
    /// Tools connect by this connection string, which holds no secret.
    case up(conninfo: String)
    /// It has ended, after so many sessions that were open still.
    case ended(sessions: Int)
    /// It did not open: why, and what to do.
    case failed(String)
}

import Operations
import Profiles
import Workers

/// A tunnel that is kept up without the screen, for `pgfob tunnel`.
package final class TunnelKeeping {
    private let routes: Routes
    private let profile: Profile
    private let waiting = Interrupts()

    package init(_ routes: Routes, _ profile: Profile) {
        self.routes = routes
        self.profile = profile
    }

    /// How long opening may take; an interrupt ends it.
    package func wait(timeout: Duration) -> Wait { waiting.wait(timeout: timeout) }

    /// Opens it and blocks until it is up.
    ///
    /// - Returns: nil after an interrupt.
    /// - Throws: ``Refusal``.
    package func open(_ options: SignerOptions) throws(Refusal) -> OpenTunnel? {
        let (routes, profile) = (routes, profile)
        return try waiting.during { () throws(Refusal) in try routes.open(profile, options) }
    }

    /// Blocks until an interrupt.
    ///
    /// - Parameter tell: called with a line whenever the tunnel has died or is up again.
    package func stay(_ tell: (String) -> Void) {
        routes.onChange(waiting.look)
        var shown = routes.states[profile.id]
        waiting.stay {
            let state = routes.states[profile.id]
            guard state != shown else { return }
            shown = state
            switch state {
            case .up(let port): tell("the tunnel is up again at 127.0.0.1:\(port)")
            case .restarting: tell("the tunnel died and is started again")
            case .failed(let words): tell("the tunnel cannot be opened again: \(words)")
            case .opening, nil: break
            }
        }
    }
}

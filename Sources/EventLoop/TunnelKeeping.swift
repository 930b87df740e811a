import Operations
import Profiles
import Workers

/// A tunnel that is kept up without the screen, for `pgfob tunnel`.
package final class TunnelKeeping {
    /// How long opening takes at most.
    private static let patience: Duration = .seconds(30)

    private let routes: Routes
    private let profile: Profile
    private let waiting = Interrupts()

    package init(_ routes: Routes, _ profile: Profile) {
        self.routes = routes
        self.profile = profile
    }

    /// Opens it and blocks until it is up.
    ///
    /// - Parameter looking: called some times a second meanwhile.
    /// - Returns: nil after an interrupt.
    /// - Throws: ``Refusal``.
    package func open(_ options: SignerOptions, looking: @escaping () -> Void) throws(Refusal) -> OpenTunnel?
    {
        var options = options
        options.wait = waiting.wait(timeout: Self.patience)
        let (routes, profile) = (routes, profile)
        return try waiting.during(looking: looking) { [options] () throws(Refusal) in
            try routes.open(profile, options)
        }
    }

    /// Blocks until an interrupt. A tunnel that could not be opened again unasked is opened once more with its questions.
    ///
    /// - Parameters:
    ///   - options: who answers them.
    ///   - folders: those in which a change matters.
    ///   - changed: called where something in them may have changed.
    ///   - tell: called with a line whenever the tunnel has died or is up again.
    package func stay(
        _ options: SignerOptions, watching folders: [String], changed: () -> Void, _ tell: (String) -> Void
    ) {
        routes.onChange(waiting.look)
        var shown = routes.states[profile.id]
        var canAsk = options.askTunnel != nil
        waiting.stay(watching: folders, changed: changed) {
            let state = routes.states[profile.id]
            guard state != shown else { return }
            shown = state
            switch state {
            case .up(let port):
                tell("the tunnel is up again at 127.0.0.1:\(port)")
                canAsk = options.askTunnel != nil
            case .restarting(let why):
                tell("the tunnel died and is started again\(why.map { ": \($0)" } ?? "")")
            case .failed(let words):
                tell("the tunnel cannot be opened again\(canAsk ? " unasked" : ""): \(words)")
                if canAsk { reopen(options) }
                canAsk = false
            case .opening, nil: break
            }
        }
    }

    /// What comes of it is seen by the tunnel's state.
    private func reopen(_ options: SignerOptions) {
        var options = options
        options.wait = waiting.wait(timeout: Self.patience)
        _ = WorkerThread.start { [routes, profile, options] in _ = try? routes.open(profile, options) }
    }
}

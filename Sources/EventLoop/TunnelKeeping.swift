#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Operations
import Profiles
import Synchronization
import Workers

/// A tunnel that is kept up without the screen, for `pgfob tunnel`.
package final class TunnelKeeping {
    private let routes: Routes
    private let profile: Profile
    private let cancellation = Cancellation()
    private let signals = ProgramSignals()
    private let mailbox = Mailbox()

    package init(_ routes: Routes, _ profile: Profile) {
        self.routes = routes
        self.profile = profile
    }

    /// How long opening may take; an interrupt ends it.
    package func wait(timeout: Duration) -> Wait {
        Wait(deadline: .now + timeout, cancellation: cancellation)
    }

    /// Opens it and blocks until it is up.
    ///
    /// - Throws: ``Refusal``, after an interrupt too.
    package func open(_ options: SignerOptions) throws(Refusal) -> OpenTunnel {
        guard let signals, let mailbox else {
            throw Refusal(.failed, "no descriptor is left", do: "close some files and try again")
        }
        let (routes, profile, crew, answer) = (routes, profile, Crew(limit: 1), Answer())
        crew.submit {
            do throws(Refusal) {
                answer.result.withLock { $0 = nil }
                let tunnel = try routes.open(profile, options)
                answer.result.withLock { $0 = .success(tunnel) }
            } catch {
                answer.result.withLock { $0 = .failure(error) }
            }
            mailbox.post(.notice(""))
        }
        while true {
            Poll.wait([mailbox.readDescriptor, signals.descriptor], until: nil)
            _ = mailbox.drain()
            if Self.ends(signals.drain()) { cancellation.cancel() }
            if let result = answer.result.withLock({ $0 }) { return try result.get() }
        }
    }

    private final class Answer: Sendable {
        let result = Mutex<Result<OpenTunnel, Refusal>?>(nil)
    }

    /// Blocks until an interrupt.
    ///
    /// - Parameter tell: called with a line whenever the tunnel has died or is up again.
    package func stay(_ tell: (String) -> Void) {
        guard let signals, let mailbox else { return }
        routes.onChange { mailbox.post(.notice("")) }
        var shown = routes.states[profile.id]
        while true {
            Poll.wait([mailbox.readDescriptor, signals.descriptor], until: nil)
            _ = mailbox.drain()
            if Self.ends(signals.drain()) { return }
            let state = routes.states[profile.id]
            guard state != shown else { continue }
            shown = state
            switch state {
            case .up(let port): tell("the tunnel is up again at 127.0.0.1:\(port)")
            case .restarting: tell("the tunnel died and is started again")
            case .failed(let words): tell("the tunnel cannot be opened again: \(words)")
            case .opening, nil: break
            }
        }
    }

    private static func ends(_ signals: some Sequence<Int32>) -> Bool {
        signals.contains { [SIGINT, SIGTERM, SIGHUP].contains($0) }
    }
}

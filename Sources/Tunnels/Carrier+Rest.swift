#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a carrier does that could not log in, while its tunnels are in use.
extension Carrier {
    /// Waits until somebody wants one of its tunnels opened, or another program has logged in at the same bastion, whose
    /// login does for this one too. Nothing wakes it but those.
    ///
    /// - Parameter lookout: made where it is needed, and kept for the next time: one login is tried once.
    /// - Returns: false where nobody needs its tunnels any more, so that its thread ends.
    func rest(_ lookout: inout LoginLookout?) -> Bool {
        guard case .ssh(let destination, let port) = key else { return goesOn() ?? false }
        while true {
            if let goesOn = goesOn() { return goesOn }
            if lookout == nil {
                lookout = LoginLookout(destination, port, environment: context.environment)
            }
            if lookout?.look() == true {
                takeUp()
                return true
            }
            nap(nil, lookout?.descriptors ?? [])
        }
    }

    /// Whether something is wanted; nil where that is to be waited for. In one step with the thread's end.
    private func goesOn() -> Bool? {
        inside.withLock { inside in
            guard inside.tunnels.isEmpty else { return true }
            inside.resting.removeAll { $0.standing.withLock { $0.users == 0 } }
            if case .ssh = key, !inside.resting.isEmpty { return nil }
            inside.isRunning = false
            return false
        }
    }

    /// Those that are in use are tried once more.
    private func takeUp() {
        inside.withLock { inside in
            inside.tunnels += inside.resting
            inside.resting = []
        }
    }
}

import CSystem
import Profiles
import Synchronization
import Workers

/// One tunnel: a port of this machine that leads to a database. It is kept while somebody uses it, and a while longer.
final class Tunnel: Sendable {
    /// What is known of it now.
    struct Standing: Sendable {
        /// Nil before it is first opened and after it was closed.
        var state: TunnelState?
        var failure: TunnelFailure?
        /// How many leases there are.
        var users = 0
        /// How many of them were told the port, so that somebody dials it, now or again later.
        var dialled = 0
        /// Since when nobody uses it.
        var idleSince: ContinuousClock.Instant?
        /// The port that it has, or will have again.
        var port = 0
        /// What was said of connections that came to nothing, the newest last.
        var complaints: [String] = []
        /// How many complaints there ever were.
        var complaintCount = 0
        /// What its program said last before it was up.
        var said = ""
        /// How often its program died under it, and what that said at last.
        var deaths = (count: 0, words: "")
    }

    let plan: TunnelPlan
    let standing = Mutex(Standing())

    init(_ plan: TunnelPlan) {
        self.plan = plan
    }

    func state() -> TunnelState? { standing.withLock { $0.state } }

    /// Why it is not up, where that is known.
    var failure: TunnelFailure? { standing.withLock { $0.failure } }

    /// A free port, kept as long as anybody dials it, so that they dial the same after a restart. One that another program
    /// took before that is given up.
    func choosePort() {
        standing.withLock { standing in
            guard standing.port == 0 || (standing.failure != nil && standing.dialled == 0) else { return }
            var port: Int32 = 0
            let socket = csys_listen_loopback(&port)
            Descriptors.close(socket)
            standing.port = Int(port)
        }
    }

    /// Notes what its program said of a connection that failed.
    func complain(_ line: String) {
        standing.withLock {
            $0.complaints = $0.complaints.suffix(3) + [line]
            $0.complaintCount += 1
        }
    }

    /// Whether it is wanted: in use, or not for long out of it.
    func isWanted(at now: ContinuousClock.Instant, linger: Duration) -> Bool {
        standing.withLock { standing in
            standing.users > 0 || standing.idleSince.map { now - $0 < linger } ?? false
        }
    }
}

/// A use of a tunnel: as long as this value lives, the tunnel is kept up.
package final class TunnelLease: Sendable {
    private let tunnel: Tunnel
    private let released: @Sendable () -> Void
    private let seen: Int
    private let seenDeaths: Int
    private let isDialled = Atomic(false)
    private let isGivenUp = Atomic(false)

    init(_ tunnel: Tunnel, released: @escaping @Sendable () -> Void) {
        self.tunnel = tunnel
        self.released = released
        (seen, seenDeaths) = tunnel.standing.withLock {
            $0.users += 1
            $0.idleSince = nil
            return ($0.complaintCount, $0.deaths.count)
        }
    }

    deinit {
        tunnel.standing.withLock {
            $0.users -= 1
            if isDialled.load(ordering: .relaxed) { $0.dialled -= 1 }
            if $0.users == 0 { $0.idleSince = isGivenUp.load(ordering: .relaxed) ? nil : .now }
        }
        released()
    }

    package var plan: TunnelPlan { tunnel.plan }

    /// Its holder is told the port, which the tunnel keeps from now on as long as this value lives.
    func dialled() {
        guard !isDialled.exchange(true, ordering: .relaxed) else { return }
        tunnel.standing.withLock { $0.dialled += 1 }
    }

    /// Its holder has given up waiting: a tunnel that nobody else wants is not opened for nobody.
    func giveUp() { isGivenUp.store(true, ordering: .relaxed) }

    /// The port of 127.0.0.1 at which it takes connections; the same after a restart.
    package var port: Int { tunnel.standing.withLock { $0.port } }

    package var state: TunnelState? { tunnel.state() }

    /// Why it was given up; nil where it was not.
    package var failure: TunnelFailure? {
        tunnel.standing.withLock { if case .failed = $0.state { $0.failure } else { nil } }
    }

    /// What its program said when it died, since this lease began; nil where it did not.
    package var death: String? {
        tunnel.standing.withLock { $0.deaths.count > seenDeaths ? $0.deaths.words : nil }
    }

    /// What its program said of a connection that came to nothing, since this lease began.
    package var complaint: String? {
        tunnel.standing.withLock { $0.complaintCount > seen ? $0.complaints.last : nil }
    }
}

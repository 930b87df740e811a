#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Synchronization
import Workers

/// The tunnels of this run: opened on demand, shared by all who need the same one, closed some time after the last
/// use or with the program.
package final class TunnelPool: Sendable {
    /// Gets the variables by which the aws program has its credentials, without asking anybody; may block.
    package typealias SessionKeys = @Sendable () throws(TunnelFailure) -> [String: String]

    private struct State {
        var context: Carrier.Context?
        var tunnels: [TunnelPlan: Tunnel] = [:]
        var carriers: [CarrierKey: Carrier] = [:]
    }

    private let environment: [String: String]
    private let program: String?
    private let linger: Duration
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    /// Does nothing yet.
    ///
    /// - Parameters:
    ///   - environment: what tunnels' programs see.
    ///   - program: this program's own file, by which ssh's questions come back here; nil where nobody can be asked.
    ///   - linger: how long a tunnel stays up after its last use.
    ///   - log: takes a line for the program's log, on any thread.
    package init(
        environment: [String: String], program: String?, linger: Duration = .seconds(60),
        log: @escaping @Sendable (String) -> Void
    ) {
        self.environment = environment
        self.program = program
        self.linger = linger
        self.log = log
    }

    /// Has somebody told, on any thread, whenever a tunnel's state may be another one.
    package func onChange(_ told: @escaping @Sendable () -> Void) { listener.withLock { $0 = told } }

    /// A tunnel's state; nil where it is closed.
    package func state(of plan: TunnelPlan) -> TunnelState? {
        state.withLock { $0.tunnels[plan] }.flatMap { $0.state() }
    }

    /// Opens a tunnel, or shares the one that is up. Blocks until it takes connections.
    ///
    /// - Parameters:
    ///   - wait: at most so long; what the user takes to answer a question does not count.
    ///   - ask: asks the user what the tunnel's program wants to know, as long as this waits; nil where there is nobody to
    ///     ask, and then a login that was refused within the last minute is not tried again. A program that is started again
    ///     while nobody waits asks nothing.
    ///   - sessionKeys: called at each start of an aws program, whose own profiles are then left out of it; nil where it
    ///     gets its credentials by them.
    /// - Throws: ``TunnelFailure``.
    package func open(
        _ plan: TunnelPlan, wait: Wait, ask: Askpass.Ask?, sessionKeys: SessionKeys? = nil
    ) throws(TunnelFailure) -> TunnelLease {
        let (tunnel, carrier) = try parts(plan)
        let lease = TunnelLease(tunnel) { [weak carrier] in carrier?.wake() }
        if case .up = tunnel.state() {
            lease.dialled()
            return lease
        }
        if let refusal = carrier.refusal(canAsk: ask != nil) { throw refusal }
        let waiter = Waiter(ask)
        carrier.add(waiter)
        defer { carrier.remove(waiter) }
        carrier.take(tunnel, sessionKeys)
        var wait = wait
        var last = ContinuousClock.now
        while true {
            let (state, failure) = tunnel.standing.withLock { ($0.state, $0.failure) }
            switch state {
            case .up:
                lease.dialled()
                return lease
            case .failed: throw failure ?? TunnelFailure(.refused, "the tunnel did not open")
            case nil: carrier.take(tunnel, sessionKeys)
            case .opening, .restarting: break
            }
            let isAsking = carrier.isAsking
            guard waiter.nap(isAsking ? Self.whileAsked(wait) : wait) else {
                lease.giveUp()
                throw TunnelFailure(.cancelled, "cancelled")
            }
            let now = ContinuousClock.now
            if isAsking { wait = wait.extended(by: now - last) }
            last = now
            if now >= wait.deadline {
                let said = tunnel.standing.withLock { $0.said }
                throw tunnel.failure
                    ?? TunnelFailure(
                        .timedOut,
                        "\(plan.definition.words) is not up yet\(said.isEmpty ? "" : ": \(said)")")
            }
        }
    }

    /// The user takes as long as they like: what ends that is told.
    private static func whileAsked(_ wait: Wait) -> Wait {
        Wait(deadline: max(wait.deadline, .now + .seconds(3600)), cancellation: wait.cancellation)
    }

    /// How many connections other programs have to ports of 127.0.0.1, by port; empty where the system does not tell.
    package static func outsideConnections(to ports: Set<Int>) -> [Int: Int] {
        LocalPort.outsideConnections(to: ports)
    }

    /// Closes a tunnel now, unless somebody uses it.
    package func closeUnused(_ plan: TunnelPlan) {
        let (tunnel, carrier) = state.withLock { ($0.tunnels[plan], $0.carriers[plan.carrier]) }
        tunnel?.standing.withLock { if $0.users == 0 { $0.idleSince = nil } }
        carrier?.wake()
    }

    private func parts(_ plan: TunnelPlan) throws(TunnelFailure) -> (Tunnel, Carrier) {
        let found: (Tunnel, Carrier)? = state.withLock { state in
            guard let context = state.context ?? makeContext() else { return nil }
            state.context = context
            let tunnel = state.tunnels[plan] ?? Tunnel(plan)
            state.tunnels[plan] = tunnel
            let carrier =
                state.carriers[plan.carrier] ?? Carrier(plan.carrier, number: state.carriers.count, context)
            state.carriers[plan.carrier] = carrier
            return (tunnel, carrier)
        }
        guard let found else {
            throw TunnelFailure(.refused, "no folder of mode 0700 can be made in XDG_RUNTIME_DIR or /tmp")
        }
        return found
    }

    private func makeContext() -> Carrier.Context? {
        // What an earlier run left is in nobody's way, and still no good to leave.
        RuntimeFolder.sweep(environment: environment)
        guard let folder = RuntimeFolder(environment: environment) else { return nil }
        var canAsk = false
        if let program { canAsk = symlink(program, "\(folder.path)/\(Askpass.name)") == 0 }
        return Carrier.Context(
            folder: folder, environment: environment, canAsk: canAsk, linger: linger, log: log,
            changed: { [weak self] in self?.listener.withLock { $0 }?() })
    }
}

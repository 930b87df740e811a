#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Profiles
import Synchronization
import Workers

/// A program that carries tunnels: an ssh to a bastion, which all tunnels through it share, or one program for one
/// tunnel. It is started when the first tunnel is wanted, started again when it dies, and ended with the last.
final class Carrier: Sendable {
    /// What carriers have in common.
    struct Context: Sendable {
        let folder: RuntimeFolder
        let environment: [String: String]
        /// Whether questions can reach the user.
        let canAsk: Bool
        /// How long a tunnel stays up after its last use.
        let linger: Duration
        let changed: @Sendable () -> Void
    }

    struct Inside: Sendable {
        var tunnels: [Tunnel] = []
        var isRunning = false
        var ask: Askpass.Ask?
    }

    /// How long one try to open may take, the user's time to think apart.
    static let patience: Duration = .seconds(30)
    /// What is kept of a program's words.
    static let keptLines = 40

    let key: CarrierKey
    let number: Int
    let context: Context
    let inside = Mutex(Inside())
    /// How many questions wait for the user.
    let asking = Atomic(0)
    /// Written to when the thread has something to look at.
    let waker: (reader: Int32, writer: Int32)

    init(_ key: CarrierKey, number: Int, _ context: Context) {
        self.key = key
        self.number = number
        self.context = context
        waker = Descriptors.pipe() ?? (-1, -1)
    }

    deinit {
        Descriptors.close(waker.reader)
        Descriptors.close(waker.writer)
    }

    /// A tunnel is wanted: the carrier takes it on and starts where it does not run.
    func take(_ tunnel: Tunnel, ask: Askpass.Ask?) {
        let starts = inside.withLock { inside in
            if let ask { inside.ask = ask }
            if !inside.tunnels.contains(where: { $0 === tunnel }) {
                inside.tunnels.append(tunnel)
                tunnel.standing.withLock {
                    $0.state = .opening
                    $0.failure = nil
                }
            }
            defer { inside.isRunning = true }
            return !inside.isRunning
        }
        context.changed()
        if !starts {
            wake()
        } else if !WorkerThread.start({ self.run() }) {
            fail(TunnelFailure(.refused, "no thread is left"))
        }
    }

    /// Something is to be looked at: a tunnel more, or one that nobody uses any more.
    func wake() { Descriptors.writeByte(waker.writer) }

    // MARK: Its thread

    private func run() {
        var (hasBeenUp, failures) = (false, 0)
        while true {
            guard !isIdle() else { return }
            set(hasBeenUp ? .restarting : .opening)
            do throws(TunnelFailure) {
                let opening = try CarrierRun(self)
                hasBeenUp = true
                failures = 0
                // Until it dies or nobody needs it any more.
                if opening.watch() { continue }
            } catch {
                // What somebody has to mend is not tried again and again: a login that is refused is counted by some.
                guard hasBeenUp, error.mayPass else { return fail(error) }
                failures += 1
            }
            set(.restarting)
            pause(Self.pause(after: failures))
        }
    }

    /// Ends the thread where nothing is wanted, in one step with the look at it.
    private func isIdle() -> Bool {
        let now = ContinuousClock.now
        let (gone, ends) = inside.withLock { inside in
            let gone = inside.tunnels.filter { !$0.isWanted(at: now, linger: context.linger) }
            inside.tunnels.removeAll { tunnel in gone.contains { $0 === tunnel } }
            if inside.tunnels.isEmpty { inside.isRunning = false }
            return (gone, inside.tunnels.isEmpty)
        }
        for tunnel in gone { tunnel.standing.withLock { $0.state = nil } }
        if !gone.isEmpty { context.changed() }
        return ends
    }

    private func set(_ state: TunnelState) {
        for tunnel in inside.withLock({ $0.tunnels }) { tunnel.standing.withLock { $0.state = state } }
        context.changed()
    }

    /// It cannot be opened: who asks next makes it try again.
    private func fail(_ failure: TunnelFailure) {
        let tunnels = inside.withLock { inside in
            defer { (inside.tunnels, inside.isRunning) = ([], false) }
            return inside.tunnels
        }
        for tunnel in tunnels { Self.fail(tunnel, failure) }
        context.changed()
    }

    static func fail(_ tunnel: Tunnel, _ failure: TunnelFailure) {
        tunnel.standing.withLock {
            $0.state = .failed(failure.words)
            $0.failure = failure
            // Nobody dials it: the next try takes another one.
            if $0.dialled == 0 { $0.port = 0 }
        }
    }

    /// How long it waits after so many tries that came to nothing.
    static func pause(after failures: Int) -> Duration { .milliseconds(min(30_000, 200 << min(failures, 8))) }

    /// Waits, unless somebody wants a tunnel now.
    private func pause(_ time: Duration) {
        var set = [pollfd(fd: waker.reader, events: Int16(POLLIN), revents: 0)]
        poll(&set, 1, Int32(time.milliseconds))
        drainWaker()
    }

    func drainWaker() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(waker.reader, &bytes, bytes.count) > 0 {}
    }

    // MARK: Questions

    /// Takes a question that came to a socket; it is answered on a thread of its own.
    func answer(_ listener: Int32, tunnel: String) {
        let connection = csys_accept(listener)
        guard connection >= 0 else { return }
        guard let ask = inside.withLock({ $0.ask }) else { return Descriptors.close(connection) }
        asking.add(1, ordering: .sequentiallyConsistent)
        let starts = WorkerThread.start {
            Askpass.serve(connection, tunnel: tunnel, ask: ask)
            self.asking.subtract(1, ordering: .sequentiallyConsistent)
            self.wake()
        }
        if !starts { asking.subtract(1, ordering: .sequentiallyConsistent) }
    }

    var isAsking: Bool { asking.load(ordering: .sequentiallyConsistent) > 0 }
}

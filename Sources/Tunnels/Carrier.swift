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
        /// Takes a line for the log, which holds no secret.
        let log: @Sendable (String) -> Void
        let changed: @Sendable () -> Void
    }

    struct Inside: Sendable {
        var tunnels: [Tunnel] = []
        var isRunning = false
        /// Who waits for one of the tunnels to open.
        var waiters: [Waiter] = []
        /// Those that are in use and could not be opened again: with the next one that is wanted they are tried as well.
        var resting: [Tunnel] = []
        /// Counts the lives of the program.
        var life = 0
        /// What it asked that nobody answered, in which life, and whether nobody was left who waited.
        var unanswered: (question: String, life: Int, isLeft: Bool)?
        /// How a login was last refused.
        var refusal: Refusal?
        /// Where an aws program's credentials come from; nil where it gets them itself.
        var sessionKeys: TunnelPool.SessionKeys?
        /// Whether this ssh is from before OpenSSH 8.7, which ForkAfterAuthentication came with.
        var isOldSSH = false
    }

    /// A login that came to nothing by somebody's word, the bastion's or the user's.
    struct Refusal: Sendable {
        var failure: TunnelFailure
        var at = ContinuousClock.now
        /// Whether the user could be asked.
        var wasAsked: Bool
    }

    /// How long one try to open may take, the user's time to think apart.
    static let patience: Duration = .seconds(30)
    /// After a login that was refused, so long none is tried that nobody can be asked about: those who refuse count, and
    /// clients of a proxy, or the tests of many profiles, would come again and again.
    static let respite: Duration = .seconds(60)
    /// What was refused is so long refused for others who wait for the same: many are opened together, and neither the
    /// bastion nor the user is asked for each.
    static let moment: Duration = .seconds(2)
    /// How often it is tried again while somebody waits.
    static let rhythm: Duration = .seconds(1)
    /// What is kept of a program's words.
    static let keptLines = 40

    let key: CarrierKey
    let number: Int
    let context: Context
    let inside = Mutex(Inside())
    /// How many questions wait for the user.
    private let asking = Atomic(0)
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
    func take(_ tunnel: Tunnel, _ sessionKeys: TunnelPool.SessionKeys?) {
        let starts = inside.withLock { inside in
            inside.sessionKeys = sessionKeys ?? inside.sessionKeys
            let resting = inside.resting.filter { $0.standing.withLock { $0.users > 0 } }
            inside.resting = []
            for tunnel in [tunnel] + resting where !inside.tunnels.contains(where: { $0 === tunnel }) {
                inside.tunnels.append(tunnel)
                tunnel.standing.withLock {
                    $0.state = .opening
                    $0.failure = nil
                }
            }
            defer { inside.isRunning = true }
            return !inside.isRunning
        }
        changed()
        if !starts {
            wake()
        } else if !WorkerThread.start({ self.run() }) {
            fail(TunnelFailure(.refused, "no thread is left"))
            inside.withLock { $0.isRunning = false }
        }
    }

    /// How a login was refused so short a while ago that it is not tried again; nil where it was not.
    ///
    /// - Parameter canAsk: whether whoever wants it can be asked.
    func refusal(canAsk: Bool) -> TunnelFailure? {
        guard let last = inside.withLock({ $0.refusal }) else { return nil }
        let holds = canAsk ? (last.wasAsked ? Self.moment : .zero) : Self.respite
        return last.at + holds > .now ? last.failure : nil
    }

    /// Somebody waits for one of its tunnels, until they leave.
    func add(_ waiter: Waiter) { inside.withLock { $0.waiters.append(waiter) } }

    /// They have got it, or have given it up.
    func remove(_ waiter: Waiter) {
        inside.withLock { $0.waiters.removeAll { $0 === waiter } }
        waiter.leave()
    }

    /// Its tunnels' states may be others.
    func changed() {
        tellWaiters()
        context.changed()
    }

    private func tellWaiters() { for waiter in inside.withLock({ $0.waiters }) { waiter.tell() } }

    /// Something is to be looked at: a tunnel more, or one that nobody uses any more.
    func wake() { Descriptors.writeByte(waker.writer) }

    // MARK: Its thread

    private func run() {
        var (hasBeenUp, failures) = (false, 0)
        var why: String?
        var lookout: LoginLookout?
        while true {
            guard !isIdle() else { return }
            set(hasBeenUp ? .restarting(why: why) : .opening)
            let (began, asks) = (ContinuousClock.now, canAsk)
            do throws(TunnelFailure) {
                let opening = try CarrierRun(self, asks: asks)
                hasBeenUp = true
                inside.withLock { $0.refusal = nil }
                (failures, why) = (0, nil)
                // Until it dies or nobody needs it any more.
                guard let death = opening.watch() else { continue }
                why = death
                died(death)
            } catch {
                // Nobody wants it any more: it is closed, and has not failed.
                if error.isPlainCancellation { continue }
                if learnsOldSSH(from: error) { continue }
                // What somebody has to mend is not tried again and again: a login that is refused is counted by some.
                guard hasBeenUp, error.mayPass else {
                    guard fail(error, asked: asks) else { continue }
                    guard rest(&lookout) else { return }
                    (hasBeenUp, failures, why) = (false, 0, nil)
                    continue
                }
                failures += 1
                why = error.words
                note(error)
            }
            set(.restarting(why: why))
            pause(after: failures, since: began)
        }
    }

    /// An ssh that does not know an option is called without it from then on.
    private func learnsOldSSH(from failure: TunnelFailure) -> Bool {
        let words = failure.words.lowercased()
        guard CarrierCommand.newOptions.contains(where: { words.contains($0.lowercased()) }) else {
            return false
        }
        return inside.withLock { inside in
            defer { inside.isOldSSH = true }
            return !inside.isOldSSH
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
        if !gone.isEmpty { changed() }
        return ends
    }

    private func set(_ state: TunnelState) {
        for tunnel in inside.withLock({ $0.tunnels }) { tunnel.standing.withLock { $0.state = state } }
        changed()
    }

    /// Who goes through it hears of it later, however soon it is up again.
    private func died(_ words: String) {
        for tunnel in inside.withLock({ $0.tunnels }) {
            tunnel.standing.withLock { $0.deaths = ($0.deaths.count + 1, words) }
        }
    }

    /// Why it is not up again yet, for whoever waits in vain.
    func note(_ failure: TunnelFailure) {
        for tunnel in inside.withLock({ $0.tunnels }) { tunnel.standing.withLock { $0.failure = failure } }
    }

    /// It cannot be opened: who asks next makes it try again.
    ///
    /// - Parameter asked: whether its program could ask somebody.
    /// - Returns: false where it could not and now can, as somebody has come.
    @discardableResult
    private func fail(_ failure: TunnelFailure, asked: Bool = true) -> Bool {
        let failed: [Tunnel]? = inside.withLock { inside in
            guard asked || !context.canAsk || !inside.waiters.contains(where: \.canAnswer) else { return nil }
            defer { inside.tunnels = [] }
            inside.resting += inside.tunnels
            if failure.isRefusal { inside.refusal = Refusal(failure: failure, wasAsked: asked) }
            return inside.tunnels
        }
        guard let failed else { return false }
        for tunnel in failed { Self.fail(tunnel, failure) }
        changed()
        return true
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

    /// When something is tried again: sooner where somebody waits for it.
    func nextTry(at time: ContinuousClock.Instant, last: ContinuousClock.Instant) -> ContinuousClock.Instant {
        isAwaited ? min(time, last + Self.rhythm) : time
    }

    private func pause(after failures: Int, since last: ContinuousClock.Instant) {
        let end = ContinuousClock.now + Self.pause(after: failures)
        while isWanted {
            let left = nextTry(at: end, last: last) - .now
            guard left > .zero else { return }
            nap(left)
        }
    }

    /// For so long, or for ever, or until there is something to look at, here or in a folder that is watched.
    func nap(_ time: Duration?, _ watches: [Int32] = []) {
        var set = ([waker.reader] + watches).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        poll(&set, nfds_t(set.count), time.map { Int32($0.milliseconds.rounded(.up)) } ?? -1)
        drainWaker()
    }

    /// Whether anybody still needs one of its tunnels.
    var isWanted: Bool {
        let now = ContinuousClock.now
        return inside.withLock { $0.tunnels }.contains { $0.isWanted(at: now, linger: context.linger) }
    }

    func drainWaker() { _ = Descriptors.drain(waker.reader) }

    // MARK: Questions

    /// Whether what it asks now reaches somebody.
    private var canAsk: Bool { context.canAsk && waiter != nil }

    /// Whether somebody waits for one of its tunnels to open.
    var isAwaited: Bool { inside.withLock { !$0.waiters.isEmpty } }

    /// Who waits and can be asked.
    var waiter: Waiter? { inside.withLock { $0.waiters }.first { $0.canAnswer } }

    /// A new life of its program begins.
    ///
    /// - Returns: its number.
    func beginLife() -> Int {
        inside.withLock { inside in
            inside.life += 1
            return inside.life
        }
    }

    /// What the program wants to know that nobody answers, in one line; nil where there is nothing.
    func unanswered(inLife life: Int) -> (question: String, isLeft: Bool)? {
        inside.withLock { $0.unanswered }.flatMap { $0.life == life ? ($0.question, $0.isLeft) : nil }
    }

    /// Takes a question that came to a socket; it is answered on a thread of its own.
    ///
    /// - Parameter shared: where others wait for the same login, who are told.
    func answer(_ listener: Int32, tunnel: String, inLife life: Int, _ shared: SharedMaster?) {
        let connection = csys_accept(listener)
        guard connection >= 0 else { return }
        beginAsking()
        let starts = WorkerThread.start {
            let question = Askpass.serve(connection, tunnel: tunnel, asking: { shared?.tell($0) }) {
                self.waiter
            }
            self.asked(inLife: life, unanswered: question)
        }
        guard !starts else { return }
        Descriptors.close(connection)
        asked(inLife: life, unanswered: "no thread is left")
    }

    private func asked(inLife life: Int, unanswered question: String?) {
        if let question { inside.withLock { $0.unanswered = (question, life, $0.waiters.isEmpty) } }
        endAsking()
    }

    /// The user is asked something.
    func beginAsking() {
        asking.add(1, ordering: .sequentiallyConsistent)
        tellWaiters()
    }

    /// Not any more.
    func endAsking() {
        asking.subtract(1, ordering: .sequentiallyConsistent)
        tellWaiters()
        wake()
    }

    var isAsking: Bool { asking.load(ordering: .sequentiallyConsistent) > 0 }
}

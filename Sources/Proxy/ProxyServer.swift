#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Synchronization
import TLS
import Workers

/// Takes clients of PostgreSQL on this machine and logs each in at the server over verified TLS, with a password of
/// its own; then it passes everything on.
package final class ProxyServer: Sendable {
    /// What has happened, for whoever keeps a record.
    package enum Event: Sendable {
        /// Something happened to a client's session.
        case session(ProxySession.Event)
        /// A client was refused, or its server did not take it; one line.
        case refused(String)
    }

    /// A server's own limits are lower.
    private static let logins = 64
    /// Clients that have not said who they are have to hurry, for each of the two things that they have to say: they
    /// are on this machine, and whoever is silent keeps others waiting.
    private static let clientTime: Duration = .seconds(2)
    /// So many may wait for a login, so that descriptors are left for sessions. Further ones of this user wait with the
    /// system, as a pool's do that opens all its sessions at once; at a port, where anybody of this machine may come and be
    /// silent, they are turned away.
    private static let waiting = 256
    private static let serverTime: Duration = .seconds(30)
    /// So long a client may take to read what it is told last, and a server to end what it is saying.
    private static let partingTime: Duration = .seconds(1)
    /// So long cancelling may take on the server.
    private static let endTime: Duration = .seconds(2)
    /// So long a server has to go on to the next query of a pipeline.
    private static let betweenCancels: Duration = .milliseconds(50)
    /// To clients as the proxy ends; the SQLSTATE is that of a server whose administrator stops it.
    private static let farewell = Wire.fatal(
        "57P01", "pgfob: the proxy was stopped: start it again, then connect again")
    /// To a client whose server has gone without a word: else the proxy would be taken for what has failed.
    private static let lost = Wire.fatal(
        "08006", "pgfob: the server has closed the connection, or the way to it is broken: connect again")
    private static let unwatched =
        "a session was ended: the system has no memory, or no place in fs.epoll.max_user_watches, for its sockets"

    let rules: ProxyRules
    let trust: TrustStore
    /// Asked for every session; the flag asks for a token that was never used.
    package typealias Upstream = @Sendable (_ fresh: Bool, ProxyClient) throws(ProxyRefusal) -> ProxyUpstream
    let upstream: Upstream
    private let listener: ProxyListener
    private let tell: @Sendable (Event) -> Void
    /// Hears what clients want, and cancels for them: however many logins hang, a query can be cancelled.
    private let doors = Crew(limit: logins)
    private let crew = Crew(limit: logins)
    private let ending = Cancellation()
    private let queue = Atomic(0)
    private let last = Atomic<UInt64>(0)
    private let cancels = Atomic(0)
    private let keys = Mutex<[[UInt8]: ProxyPair.Place]>([:])
    private let relay: Relay

    /// Starts to serve, on threads of its own.
    ///
    /// - Parameter tell: called on any thread.
    /// - Returns: nil where no descriptor or thread is left.
    package static func start(
        _ listener: ProxyListener, rules: ProxyRules, trust: TrustStore,
        upstream: @escaping Upstream,
        tell: @escaping @Sendable (Event) -> Void
    ) -> ProxyServer? {
        csys_allow_files(65_536)
        guard let server = ProxyServer(listener, rules, trust, upstream, tell),
            WorkerThread.start({ server.listen() })
        else { return nil }
        return server
    }

    private init?(
        _ listener: ProxyListener, _ rules: ProxyRules, _ trust: TrustStore,
        _ upstream: @escaping Upstream,
        _ tell: @escaping @Sendable (Event) -> Void
    ) {
        let forget = Forgetting()
        guard
            let relay = Relay(ended: { pair, ending, asked in
                forget.server.withLock { $0.value }?.ended(pair, asked: asked)
                if ending.contains(.unwatched) { tell(.refused(Self.unwatched)) }
                if let words = Self.lastWords(ending) {
                    // What it does not take at once it does not get.
                    try? pair.near.send(words, wait: Wait(deadline: .now, cancellation: Cancellation()))
                }
                tell(.session(pair.end(by: ending.party)))
            })
        else { return nil }
        self.relay = relay
        (self.listener, self.rules, self.trust) = (listener, rules, trust)
        (self.upstream, self.tell) = (upstream, tell)
        forget.server.withLock { $0.value = self }
    }

    /// The relay knows its server, which knows the relay.
    private final class Forgetting: Sendable {
        struct Reference: Sendable { weak var value: ProxyServer? }
        let server = Mutex(Reference())
    }

    package var place: ProxyListener.Place { listener.place }

    /// How many sessions are open.
    package var sessions: Int { relay.count }

    /// Tells all clients that their sessions end, cancels what runs in them on the servers, and takes no more. Blocks
    /// until all have been told of, for moments at most.
    package func stop() {
        ending.cancel()
        listener.remove()
        relay.part(saying: Self.farewell)
        // Those who still log in are told too, and whatever asks for them is taken back.
        Self.wait(atMost: Self.partingTime) { relay.count > 0 || queue.load(ordering: .relaxed) > 0 }
        relay.stop()
        Self.wait(atMost: Self.endTime) { relay.count > 0 || cancels.load(ordering: .relaxed) > 0 }
    }

    private static func wait(atMost time: Duration, while isGoing: () -> Bool) {
        let end = ContinuousClock.now + time
        while isGoing(), ContinuousClock.now < end {
            _ = Wait(deadline: .now + .milliseconds(5), cancellation: Cancellation()).passes()
        }
    }

    private static func lastWords(_ how: Relay.Ending) -> [UInt8]? {
        guard how.contains(.untold) else { return nil }
        if how.contains(.unwatched) { return Wire.fatal("53000", "pgfob: \(unwatched)") }
        return how.contains(.closed) && !how.contains(.stopped) ? lost : nil
    }

    private func ended(_ pair: ProxyPair, asked: Int) {
        guard let key = pair.key else { return }
        // One that its own client ends may leave the server at work, as it may without a proxy.
        guard asked > 0, ending.isCancelled else { return forget(key) }
        // Of a pipeline the server has read more than it works on: a connection that is reset takes that away from it, so
        // that it does not go on with the next query. Where a tunnel is between, each one is cancelled.
        pair.far.resetAtEnd()
        cancels.add(1, ordering: .relaxed)
        doors.submit {
            let wait = Wait(deadline: .now + Self.endTime, cancellation: Cancellation())
            for turn in 1...asked {
                self.cancel(key, wait)
                guard turn != asked, .now < wait.deadline else { break }
                let pause = min(wait.deadline, .now + Self.betweenCancels)
                _ = Wait(deadline: pause, cancellation: wait.cancellation).passes()
            }
            self.forget(key)
            self.cancels.subtract(1, ordering: .relaxed)
        }
    }

    // MARK: Clients

    private func listen() {
        let forever = Wait(deadline: .now + .seconds(3_000_000_000), cancellation: ending)
        while forever.until(listener.descriptor, events: POLLIN) == .ready {
            let isFull = queue.load(ordering: .relaxed) >= Self.waiting
            if isFull, listener.isOfOneUser {
                poll(nil, 0, 2)
                continue
            }
            let connection = csys_accept(listener.descriptor)
            guard connection >= 0 else {
                // No descriptor is left, and the client still waits: others may end meanwhile.
                if errno == EMFILE || errno == ENFILE { poll(nil, 0, 100) }
                continue
            }
            let near = NetworkStream(taken: connection)
            guard listener.isOwn(connection) else {
                tell(.refused("another user tried to use the socket"))
                continue
            }
            guard !isFull else {
                turnAway(near)
                continue
            }
            queue.add(1, ordering: .relaxed)
            let handed = Handed(near)
            doors.submit { self.serve(handed.value) }
        }
    }

    private func turnAway(_ near: NetworkStream) {
        let why = "\(Self.waiting) clients wait for a login already"
        tell(.refused("\(why): one more was turned away"))
        do throws(StreamFailure) {
            let words = Wire.fatal("53300", "pgfob: \(why): try again")
            try near.send(words, wait: Wait(deadline: .now, cancellation: ending))
        } catch {}
    }

    /// From one thread to another, which alone uses it from then on.
    private struct Handed<Value>: @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    func remember(_ key: [UInt8], at place: ProxyPair.Place) { keys.withLock { $0[key] = place } }

    func forget(_ key: [UInt8]) { keys.withLock { $0[key] = nil } }

    /// A number that no other session of this proxy has.
    func nextNumber() -> UInt64 { last.add(1, ordering: .relaxed).newValue }

    func clientWait() -> Wait { Wait(deadline: .now + Self.clientTime, cancellation: ending) }

    func serverWait() -> Wait { Wait(deadline: .now + Self.serverTime, cancellation: ending) }

    private func serve(_ near: NetworkStream) {
        var login = ProxyLogin(near, self)
        do throws(ProxyLogin.Ending) {
            switch try login.greet() {
            case .startup(let version, let parameters):
                let handed = Handed((near, login))
                crew.submit {
                    let near = handed.value.0
                    var login = handed.value.1
                    do throws(ProxyLogin.Ending) {
                        try self.begin(&login, version, parameters)
                    } catch {
                        self.refuse(near, error)
                    }
                    self.queue.subtract(1, ordering: .relaxed)
                }
                return
            case .cancel(let key): cancel(key, serverWait())
            case .encryption: break
            }
        } catch {
            refuse(near, error)
        }
        queue.subtract(1, ordering: .relaxed)
    }

    private func begin(
        _ login: inout ProxyLogin, _ version: UInt32, _ parameters: [StartupPacket.Parameter]
    ) throws(ProxyLogin.Ending) {
        let pair = try login.logIn(version: version, parameters)
        tell(.session(.began(pair.session)))
        guard !relay.take(pair) else { return }
        do throws(StreamFailure) { try pair.near.send(Self.farewell, wait: clientWait()) } catch {}
        ended(pair, asked: 0)
        tell(.session(pair.end(by: .proxy)))
    }

    private func refuse(_ near: NetworkStream, _ why: ProxyLogin.Ending) {
        if case .refused(let refusal) = why { refuse(near, refusal) }
    }

    /// Tells a client, and whoever keeps a record, why it has no session.
    func refuse(_ near: NetworkStream, _ refusal: ProxyRefusal) {
        let hasEnded = ending.isCancelled
        if !hasEnded { tell(.refused(refusal.text)) }
        do throws(StreamFailure) {
            // A client's user would else take it for the server's word.
            let words = Wire.fatal(refusal.sqlstate, "pgfob: \(refusal.text)")
            try near.send(hasEnded ? Self.farewell : words, wait: clientWait())
        } catch {}
    }

    /// A session of this proxy alone: its key is the server's own. It is asked for at the very server that has it, and
    /// without a login.
    private func cancel(_ key: [UInt8], _ wait: Wait) {
        guard let place = keys.withLock({ $0[key] }) else { return }
        do throws(ProxyRefusal) {
            let far = try connect(place.host, at: place.address, place.port, wait)
            do throws(StreamFailure) {
                try far.send(Wire.cancelRequest(key), wait: wait)
                // The server closes once it has passed the request on.
                _ = try far.receive(atMost: 1, wait: wait)
            } catch {}
        } catch {
            tell(.refused("a query could not be cancelled: \(error.text)"))
        }
    }

    /// A connection to the server with TLS, its certificate and name checked.
    func connect(
        _ host: String, at address: String, _ port: UInt16, _ wait: Wait
    ) throws(ProxyRefusal) -> NetworkStream {
        do throws(StreamFailure) {
            let far = try NetworkStream(host: address, port: port, wait: wait)
            try far.send(Wire.tlsRequest, wait: wait)
            let answer = try far.receive(atMost: 1, wait: wait)
            guard answer.first == UInt8(ascii: "S") else {
                throw .closed(
                    text: answer.isEmpty ? "the server closed the connection" : "the server offers no TLS")
            }
            try far.startTLS(host: host, trust: trust, wait: wait)
            far.keepAlive()
            return far
        } catch {
            throw ProxyRefusal("08006", "\(host): \(error.text)")
        }
    }
}

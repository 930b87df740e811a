#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Profiles
import Workers

/// One life of a carrier's program, from its start to its end. Used by the carrier's thread alone.
final class CarrierRun {
    private let carrier: Carrier
    private let process: any CarrierProgram
    /// The same, where other programs share it.
    private let shared: SharedMaster?
    private let command: CarrierCommand
    private let control: String
    private let listener: Int32
    private let words: String
    private let life: Int
    private var lines: [String] = []
    private var reader = BastionWords()
    private var attached: [Tunnel] = []
    /// Tunnels that are in use and could not be begun: when each is tried again.
    private var later: [Later] = []

    private struct Later {
        var tunnel: Tunnel
        var tried: ContinuousClock.Instant
        var failures: Int

        var next: ContinuousClock.Instant { tried + Carrier.pause(after: failures) }
    }

    /// Whether one ssh carries several tunnels.
    private var isSSH: Bool { if case .ssh = carrier.key { true } else { false } }

    /// Starts it and waits until it is ready.
    ///
    /// - Parameter asks: whether somebody is there to answer; else it is to fail where it needs an answer.
    /// - Throws: ``TunnelFailure`` with what it said.
    init(_ carrier: Carrier, asks: Bool) throws(TunnelFailure) {
        let context = carrier.context
        guard let first = carrier.inside.withLock({ $0.tunnels.first }) else {
            throw TunnelFailure(.cancelled, "")
        }
        let keys = try carrier.inside.withLock { $0.sessionKeys }?()
        (self.carrier, words) = (carrier, first.plan.definition.words)
        let base = "\(context.folder.path)/\(carrier.number)"
        unlink("\(base)a")
        life = carrier.beginLife()
        // Where nobody is asked too: an ssh that goes before this one, to a jump host, would send an empty password.
        let listener = context.canAsk ? csys_listen_unix("\(base)a", 0o600) : -1
        self.listener = listener
        var environment = context.environment
        environment[RuntimeFolder.mark] = context.folder.path
        var plan = first.plan
        if let keys {
            // A profile that is named stands over them, in the plugin too.
            plan.awsProfile = nil
            for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"] {
                environment[name] = nil
            }
            environment.merge(keys) { $1 }
        }
        if listener >= 0 {
            environment[Askpass.variable] = "\(base)a"
            environment["SSH_ASKPASS"] = "\(context.folder.path)/\(Askpass.name)"
            environment["SSH_ASKPASS_REQUIRE"] = "force"
            // Before OpenSSH 8.4 that word is unknown, and a display is what it looks for.
            if environment["DISPLAY", default: ""].isEmpty { environment["DISPLAY"] = "none" }
        }
        first.choosePort()
        let port = first.standing.withLock { $0.port }
        let (isOld, seen) = (carrier.inside.withLock { $0.isOldSSH }, environment)
        let command = { [plan] (control: String) throws(TunnelFailure) in
            try CarrierCommand(
                plan, port: port, control: control, seconds: Int(Carrier.patience.components.seconds / 2),
                asks: asks && listener >= 0, isOld: isOld, environment: seen)
        }
        do throws(TunnelFailure) {
            let shared = try Self.share(carrier, words, environment: environment, command: command)
            self.shared = shared
            control = shared?.socket ?? "\(base)c"
            self.command = try command(control)
            if let shared {
                process = shared
            } else {
                process = try Self.start(self.command, control, environment)
            }
        } catch {
            Descriptors.close(listener)
            throw error
        }
        try waitUntilReady(asks: asks)
        (lines, reader.isUp) = ([], true)
        if !isSSH { attach(first) }
    }

    deinit {
        process.stop()
        Descriptors.close(listener)
    }

    /// Starts a program that is this process's alone.
    private static func start(
        _ command: CarrierCommand, _ control: String, _ environment: [String: String]
    ) throws(TunnelFailure) -> KeptProcess {
        // A master that was killed leaves its socket behind.
        unlink(control)
        do throws(KeptProcess.StartFailure) {
            return try KeptProcess(command.arguments, environment: environment)
        } catch {
            throw TunnelFailure(notStarted: command.arguments[0], error.errorNumber)
        }
    }

    // MARK: Opening

    private func waitUntilReady(asks: Bool) throws(TunnelFailure) {
        var (deadline, wasAsking) = (ContinuousClock.now + Carrier.patience, false)
        var readiness = PortReadiness()
        while true {
            let ending = process.reap()
            take(process.lines())
            if let ending {
                process.close()
                // Its last user went just then; the next try finds it gone.
                if shared?.wasUp == true { throw TunnelFailure(.cancelled, "it has ended") }
                throw (isSSH ? BastionWords.jump(lines) : nil)
                    ?? TunnelFailure(lines: lines, otherwise: "\(words) \(ending.words)")
            }
            if isReady(&readiness) { return }
            guard carrier.isWanted else { throw TunnelFailure(.cancelled, "cancelled") }
            if let unanswered = carrier.unanswered(inLife: life) {
                process.stop()
                guard asks else {
                    throw TunnelFailure(.refusedLogin, "nobody can be asked: \(unanswered.question)")
                }
                // Who has left has not refused, and the next one is asked.
                throw unanswered.isLeft ? TunnelFailure(.cancelled, "cancelled") : .unanswered
            }
            let isAsking = carrier.isAsking
            if isAsking || wasAsking {
                deadline = max(deadline, .now + Carrier.patience)
            } else if ContinuousClock.now >= deadline {
                let said =
                    lines.isEmpty ? "no answer within \(Carrier.patience)" : TunnelFailure.lastWords(lines)
                throw TunnelFailure(.timedOut, said)
            }
            wasAsking = isAsking
            // What others share tells by its folder when it is up.
            wait(shared == nil ? readiness.pause : isAsking ? nil : max(.zero, deadline - .now))
        }
    }

    private func isReady(_ readiness: inout PortReadiness) -> Bool {
        if let shared { return shared.isUp() }
        switch command.readiness {
        case .file(let path):
            return access(path, F_OK) == 0
        case .line(let sign):
            return lines.contains { $0.contains(sign) }
        case .port(let port):
            return readiness.look(at: port)
        }
    }

    // MARK: Watching

    /// Keeps it up: begins the tunnels that come, ends those that nobody needs.
    ///
    /// - Returns: nil where nobody needs any; its last words where it died.
    func watch() -> String? {
        while true {
            if let ending = process.reap() {
                take(process.lines())
                process.close()
                let said = TunnelFailure.lastWords(lines.filter { !TunnelFailure.tellsOfDestination($0) })
                return said.isEmpty ? "\(isSSH ? "ssh" : words) \(ending.words)" : said
            }
            let now = ContinuousClock.now
            for tunnel in attached where !tunnel.isWanted(at: now, linger: carrier.context.linger) {
                detach(tunnel)
            }
            for tunnel in carrier.inside.withLock({ $0.tunnels })
            where !attached.contains(where: { $0 === tunnel }) && isDue(tunnel, now) {
                attach(tunnel)
            }
            guard !attached.isEmpty || !later.isEmpty else {
                process.stop()
                return nil
            }
            wait(nextLook(from: now))
            take(process.lines())
            shared?.endAbandoned { _ = order("cancel", $0) }
        }
    }

    /// Until a tunnel has been idle for too long, or one is tried again; for ever where there is neither.
    private func nextLook(from now: ContinuousClock.Instant) -> Duration? {
        let idle = attached.compactMap { tunnel in
            tunnel.standing.withLock { $0.users > 0 ? nil : $0.idleSince }
        }.map { $0 + carrier.context.linger }
        return (idle + later.map(next)).min().map { max(.milliseconds(1), $0 - now) }
    }

    /// Whether a tunnel that could not be begun is to be tried again now; it is given up where nobody wants it any more.
    private func isDue(_ tunnel: Tunnel, _ now: ContinuousClock.Instant) -> Bool {
        guard let place = later.firstIndex(where: { $0.tunnel === tunnel }) else { return true }
        guard tunnel.isWanted(at: now, linger: carrier.context.linger) else {
            later.remove(at: place)
            giveUp(tunnel)
            return false
        }
        return next(later[place]) <= now
    }

    private func next(_ later: Later) -> ContinuousClock.Instant {
        carrier.nextTry(at: later.next, last: later.tried)
    }

    /// Until there is something to read, a question, or a word from outside.
    private func wait(_ time: Duration?) {
        var descriptors = process.descriptors + [carrier.waker.reader]
        if listener >= 0 { descriptors.append(listener) }
        var set = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let nap = [time, process.rhythm].compactMap { $0 }.min()
        poll(&set, nfds_t(set.count), nap.map { Int32(min($0.milliseconds.rounded(.up), 60_000)) } ?? -1)
        carrier.drainWaker()
        if listener >= 0, set.last.map({ $0.revents & Int16(POLLIN) != 0 }) == true {
            carrier.answer(listener, tunnel: words, inLife: life, shared)
        }
    }

    private func take(_ new: [String]) {
        guard !new.isEmpty else { return }
        let meanings = isSSH ? new.compactMap { reader.take($0) } : new.map { .said($0) }
        for meaning in meanings {
            switch meaning {
            case .failed(let line, let port):
                for tunnel in attached where tunnel.standing.withLock({ $0.port == port }) {
                    tunnel.complain(line)
                }
            case .said(let line):
                lines = (lines + [line]).suffix(Carrier.keptLines)
                let said = TunnelFailure.lastWords(lines)
                for tunnel in carrier.inside.withLock({ $0.tunnels }) {
                    tunnel.standing.withLock { $0.said = said }
                }
                // A program of its own has one tunnel.
                guard !isSSH, TunnelFailure.tellsOfDestination(line) else { continue }
                for tunnel in attached { tunnel.complain(line) }
            }
        }
    }

    // MARK: Tunnels

    private func attach(_ tunnel: Tunnel) {
        if isSSH {
            for trial in 1...3 {
                tunnel.choosePort()
                guard let failure = forward(tunnel, "forward") else { break }
                // It has gone meanwhile, and the next one forwards it.
                if process.reap() != nil { return }
                if tunnel.standing.withLock({ $0.dialled > 0 }) { return postpone(tunnel, failure) }
                if trial == 3 {
                    Carrier.fail(tunnel, failure)
                    carrier.inside.withLock { $0.tunnels.removeAll { $0 === tunnel } }
                    carrier.changed()
                    return
                }
                // Another program may have taken the port meanwhile: another one then.
                tunnel.standing.withLock { $0.failure = failure }
            }
        }
        later.removeAll { $0.tunnel === tunnel }
        attached.append(tunnel)
        tunnel.standing.withLock {
            $0.state = .up(port: $0.port)
            ($0.failure, $0.said) = (nil, "")
        }
        carrier.changed()
    }

    /// Its users dial its very port, which something else may have for a moment: it is tried again as long as they are
    /// there.
    private func postpone(_ tunnel: Tunnel, _ failure: TunnelFailure) {
        let failures = (later.first { $0.tunnel === tunnel }?.failures ?? 0) + 1
        later.removeAll { $0.tunnel === tunnel }
        later.append(Later(tunnel: tunnel, tried: .now, failures: failures))
        tunnel.standing.withLock {
            $0.state = .restarting(why: failure.words)
            $0.failure = failure
        }
        carrier.changed()
    }

    private func detach(_ tunnel: Tunnel) {
        if isSSH { _ = forward(tunnel, "cancel") }
        attached.removeAll { $0 === tunnel }
        giveUp(tunnel)
    }

    private func giveUp(_ tunnel: Tunnel) {
        // Somebody may want it again since it was looked at: it is then begun anew.
        let goes = carrier.inside.withLock { inside in
            guard !tunnel.isWanted(at: .now, linger: carrier.context.linger) else { return false }
            inside.tunnels.removeAll { $0 === tunnel }
            tunnel.standing.withLock { $0.state = nil }
            return true
        }
        if goes { carrier.changed() }
    }

    /// - Returns: why it was refused; nil where it was not.
    private func forward(_ tunnel: Tunnel, _ verb: String) -> TunnelFailure? {
        let port = tunnel.standing.withLock { $0.port }
        let forward = tunnel.plan.forward(from: port)
        let isBegun = verb == "forward"
        if isBegun, let failure = shared?.claim(forward) { return failure }
        let failure = order(verb, forward, at: port)
        if !isBegun || failure != nil { shared?.disclaim(forward) }
        return failure
    }

    /// - Parameter port: the one of this machine that it concerns.
    private func order(_ verb: String, _ forward: String, at port: Int? = nil) -> TunnelFailure? {
        let environment = carrier.context.environment
        let arguments = CarrierCommand.control(verb, forward, control: control, environment: environment)
        let wait = Wait(deadline: .now + .seconds(10), cancellation: Cancellation())
        switch HelperProcess(arguments: arguments, environment: environment).run(wait) {
        case .ended(0, _, _): return nil
        case .ended(_, _, let errors):
            // The master says why, on its own stderr, and to other programs likewise: a port tells which it was.
            take(process.lines())
            let own = lines.filter { $0.split { !$0.isNumber }.contains { Int($0) == port } }
            let said = own + errors.split(whereSeparator: \.isNewline).map(String.init)
            return TunnelFailure(lines: Array(said), otherwise: "ssh does not forward")
        default: return TunnelFailure(.timedOut, "ssh does not answer at its control socket")
        }
    }
}

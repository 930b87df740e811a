#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Secrets
import TLS
import Workers

/// A login and some statements, on the calling thread: rows are handed on as they come, so that memory stays bounded
/// whatever the answer's size.
package struct StatementRun {
    private let plan: LoginPlan
    private let setup: [String]
    private let statements: [String]
    private let connectTimeout: Duration
    private let cancellation: Cancellation

    /// How long the server may take to stop once it is told to.
    private static let patience = Duration.seconds(1)
    /// Waiting for an answer has no end but the cancellation.
    private static let longTime = Duration.seconds(1_000_000_000)

    /// - Parameters:
    ///   - plan: the login; what it dials is in its conninfo.
    ///   - setup: run first, each by itself; nothing of it is handed on.
    ///   - statements: each is sent as one query, of one statement or several.
    ///   - connectTimeout: for the login alone.
    ///   - cancellation: stops what runs, here and on the server.
    package init(
        _ plan: LoginPlan, setup: [String], statements: [String], connectTimeout: Duration,
        cancellation: Cancellation
    ) {
        self.plan = plan
        self.setup = setup
        self.statements = statements
        self.connectTimeout = connectTimeout
        self.cancellation = cancellation
    }

    /// Runs all up to the first that fails. Blocks.
    ///
    /// - Parameter emit: called with what comes back, on this thread; the server waits meanwhile.
    package func run(emit: (StatementEvent) -> Void) -> StatementOutcome {
        let connection: LibpqConnection
        switch connect() {
        case .success(let made): connection = made
        case .failure(let end): return end.outcome
        }
        for statement in setup {
            let outcome = run(statement, on: connection) { _ in }
            guard outcome == .ok else { return outcome }
        }
        connection.keepNotices()
        for statement in statements {
            let outcome = run(statement, on: connection, emit: emit)
            guard outcome == .ok else { return outcome }
        }
        return .ok
    }

    // MARK: The login

    struct End: Error {
        var outcome: StatementOutcome
        init(_ outcome: StatementOutcome) { self.outcome = outcome }
        init(_ text: String) { outcome = .failed(LibpqMessage(text)) }
    }

    /// Logs in and nothing else.
    func connect() -> Result<LibpqConnection, End> {
        let wait = Wait(deadline: .now + connectTimeout, cancellation: cancellation)
        var plan = plan
        do throws(LibpqFailure) {
            try Libpq.load()
        } catch {
            return .failure(End(error.message))
        }
        if let service = plan.conninfo["service"] {
            switch ServiceSettings.complete(plan.conninfo, service: service) {
            case .completed(let conninfo): plan.conninfo = conninfo
            case .refused(let text): return .failure(End(text))
            }
        }
        if let obstacle = LibpqSettings.obstacle(in: plan.conninfo) { return .failure(End(obstacle)) }
        plan.conninfo["client_encoding"] = "UTF8"
        switch plan.target {
        case .socket, .address: return log(intoOneOf: [], plan, wait)
        case .name(let name):
            switch plan.resolve(name, wait) {
            case .cancelled: return .failure(End(.cancelled))
            case .timedOut: return .failure(End("the name \(name) was not resolved in time"))
            case .failed(_, let text): return .failure(End(text))
            case .addresses(let addresses, _): return log(intoOneOf: addresses, plan, wait)
            }
        }
    }

    /// The address that answers, so that one that swallows packets takes no time from the others, and one that takes
    /// connections and says nothing no more than its share; none of a socket, or where the conninfo says the address.
    private func log(
        intoOneOf addresses: [ResolvedAddress], _ plan: LoginPlan, _ wait: Wait
    ) -> Result<LibpqConnection, End> {
        var (left, quiet) = (addresses, "")
        while true {
            var address = left.first
            left = Array(left.dropFirst())
            if !left.isEmpty {
                switch AddressProbe(port: plan.portNumber, wait: wait).run([address].compactMap { $0 } + left)
                {
                case .reached(let reached, _, let others): (address, left) = (reached, others)
                case .failed(_, let text): return .failure(End(text + quiet))
                case .cancelled: return .failure(End(.cancelled))
                }
            }
            let turn = LoginTurns.wait(wait, oneOf: left.count + 1)
            if let outcome = log(into: address, plan, wait, turn: turn) { return outcome }
            quiet += "; \(address?.text ?? plan.place) takes connections and says nothing"
        }
    }

    /// Nil where the server had said nothing when its turn was over and there is time for another.
    private func log(
        into address: ResolvedAddress?, _ plan: LoginPlan, _ wait: Wait, turn: Wait
    ) -> Result<LibpqConnection, End>? {
        let settings = LibpqSettings.of(plan, address: address)
        guard let connection = LibpqConnection(settings, password: plan.password) else {
            return .failure(End("libpq found no memory for a connection"))
        }
        guard !connection.failed else { return .failure(End(shown(connection.message))) }
        var polling = LibpqConnection.Polling.writing
        while true {
            let patience = connection.phase { "" }.mayBeSilence ? turn : wait
            switch patience.until(connection.socket, events: polling == .reading ? POLLIN : POLLOUT) {
            case .cancelled: return .failure(End(.cancelled))
            case .timedOut where wait.end == nil: return nil
            case .timedOut: return .failure(End("connection to \(plan.place), port \(plan.port) timed out"))
            case .ready: break
            }
            polling = connection.step()
            if polling == .ready { return .success(connection) }
            if polling == .failed { return .failure(End(shown(connection.message))) }
        }
    }

    /// A server that repeats the token in its error would have it shown.
    private func shown(_ message: LibpqMessage) -> StatementOutcome { .failed(redacted(message)) }

    private func redacted(_ message: LibpqMessage) -> LibpqMessage {
        var message = message
        if let secret = plan.password {
            message.text = SecretText.redacted(message.text, password: secret.reveal())
        }
        return message
    }

    // MARK: A statement

    private func run(
        _ sql: String, on connection: LibpqConnection, emit: (StatementEvent) -> Void
    ) -> StatementOutcome {
        guard connection.send(sql) else { return shown(connection.message) }
        var wait = Wait(deadline: .now + Self.longTime, cancellation: cancellation)
        var (failure, isStopping, isOpen): (LibpqMessage?, Bool, Bool) = (nil, false, false)
        func stop() {
            // What it does on the server stops too; its answer to that is waited for a moment.
            let patience = connection.cancel() ? Self.patience : .zero
            isStopping = true
            wait = Wait(deadline: .now + patience, cancellation: Cancellation())
        }
        while true {
            // Rows may come faster than anybody waits.
            if !isStopping, cancellation.isCancelled { stop() }
            if isStopping, wait.end != nil { return .cancelled }
            let progress = connection.progress()
            for notice in connection.takeNotices() where !isStopping { emit(.notice(redacted(notice).line)) }
            switch progress {
            case .lost:
                if isStopping { return .cancelled }
                return failure.map { shown($0) } ?? shown(connection.message)
            case .result(nil):
                if isStopping { return .cancelled }
                return failure.map { shown($0) } ?? .ok
            case .result(let result?):
                switch result.kind {
                case .rows:
                    guard !isStopping else { continue }
                    if !isOpen { emit(.columns(result.columns)) }
                    isOpen = result.isPartial
                    let command = result.command
                    for row in result.takeRows() { emit(.row(row)) }
                    if !isOpen { emit(.done(command)) }
                case .command: if !isStopping { emit(.done(result.command)) }
                case .copy:
                    return .failed(
                        LibpqMessage("COPY from or to the client is not possible here: use psql's \\copy"))
                case .failed:
                    isOpen = false
                    failure = failure ?? result.message
                }
            case .waiting(let writing):
                emit(.waiting)
                switch wait.until(connection.socket, events: writing ? POLLIN | POLLOUT : POLLIN) {
                case .ready: break
                case .timedOut: if !isStopping { return shown(connection.message) }
                case .cancelled: stop()
                }
            }
        }
    }
}

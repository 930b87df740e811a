#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import TLS
import Workers

/// Does what a ``LoginAttempt`` asks for, with the resolver, sockets and libpq, and tells it what came of it.
struct LoginDriver {
    private var attempt: LoginAttempt
    let plan: LoginPlan
    let wait: Wait
    private var connection: LibpqConnection?
    private var polling = LibpqConnection.Polling.writing
    private var dialled: ResolvedAddress?
    /// How long that address may say nothing.
    private var turn: Wait
    private var tls: String?
    /// What happened but was not yet told.
    private var pending: [LoginAttempt.Event] = []

    init(_ plan: LoginPlan, wait: Wait) {
        var plan = plan
        self.wait = wait
        turn = wait
        do throws(LibpqFailure) {
            try Libpq.load()
            if let service = plan.conninfo["service"] {
                switch ServiceSettings.complete(plan.conninfo, service: service) {
                case .completed(let conninfo): plan.conninfo = conninfo
                case .refused(let text): pending = [.settingsRefused(text)]
                }
            }
            if pending.isEmpty, let obstacle = LibpqSettings.obstacle(in: plan.conninfo) {
                pending = [.settingsRefused(obstacle)]
            }
        } catch {
            pending = [.libraryMissing(error.reason)]
        }
        self.plan = plan
        attempt = LoginAttempt(plan)
        if pending.isEmpty { pending = [.started] }
    }

    mutating func run(began: (Stage) -> Void, ended: (StageResult) -> Void) -> LoginResult {
        while true {
            let event =
                wait.cancellation.isCancelled
                ? .cancelled : pending.isEmpty ? .timedOut : pending.removeFirst()
            let action = attempt.handle(withTunnel(withoutSecret(event)), at: .now)
            for note in attempt.takeNotes() {
                switch note {
                case .began(let stage): began(stage)
                case .ended(let result): ended(result)
                }
            }
            if action == .finish { return attempt.result }
            if pending.isEmpty { pending = perform(action) }
        }
    }

    private mutating func perform(_ action: LoginAttempt.Action) -> [LoginAttempt.Event] {
        switch action {
        case .resolve(let name): [resolve(name)]
        case .probe(let addresses): [probe(addresses)]
        case .dial(let address, let count): dial(address, oneOf: count)
        case .poll: poll()
        case .judge: [judge()]
        case .ask: [ask()]
        case .askAurora: [askAurora()]
        case .askCluster(let isAurora): [askCluster(isAurora: isAurora)]
        case .finish: []
        }
    }

    // MARK: Names and addresses

    private func resolve(_ name: String) -> LoginAttempt.Event {
        switch plan.resolve(name, wait) {
        case .addresses(let addresses, let canonical):
            return .resolved(addresses, canonical: canonical.map { chain(of: name, to: $0) })
        case .failed(let fault, let text): return .networkFailed(fault, text: text)
        case .timedOut: return .timedOut
        case .cancelled: return .cancelled
        }
    }

    /// The names on the way to the one that has the address; only that one where nobody tells in a moment.
    private func chain(of name: String, to canonical: String) -> String {
        let names = NameResolver.aliases(of: name, wait: wait.share(0.1, atMost: .milliseconds(500)))
        let last = names.last.map(HostName.normalised) == HostName.normalised(canonical)
        return last ? names.joined(separator: " -> ") : canonical
    }

    private func probe(_ addresses: [ResolvedAddress]) -> LoginAttempt.Event {
        switch AddressProbe(port: plan.portNumber, wait: wait).run(addresses) {
        case .reached(let address, let others, let left): .reached(address, others: others, left: left)
        case .failed(let fault, let text): .networkFailed(fault, text: text)
        case .cancelled: .cancelled
        }
    }

    // MARK: libpq

    private mutating func dial(_ address: ResolvedAddress?, oneOf count: Int) -> [LoginAttempt.Event] {
        (dialled, polling) = (address, .writing)
        turn = LoginTurns.wait(wait, oneOf: count)
        let settings = LibpqSettings.of(plan, address: address)
        guard let connection = LibpqConnection(settings, password: plan.password) else {
            return [.settingsRefused("libpq found no memory for a connection")]
        }
        guard !connection.failed else { return [immediateFailure(connection)] }
        self.connection = connection
        return [.phase(.connecting)]
    }

    /// libpq refused before it could wait: a connection that the system refused at once, or settings that libpq
    /// does not take. Which of the two a second attempt without libpq tells, by its errno.
    private func immediateFailure(_ connection: LibpqConnection) -> LoginAttempt.Event {
        let message = connection.message
        guard message.text.hasPrefix("connection to ") else { return .settingsRefused(message.text) }
        var fault: NetworkFault?
        if let dialled,
            case .failed(let found, _) = AddressProbe(port: plan.portNumber, wait: wait).run([dialled])
        {
            fault = found
        }
        return .refused(message, network: fault, needsPassword: false)
    }

    /// It had been accepted before it was reset: that is TLS's stage already.
    private static func closed(by code: Int32) -> [LoginAttempt.Event] {
        let closed = "server closed the connection unexpectedly: \(AddressProbe.text(code))"
        return [.phase(.connected), .refused(LibpqMessage(closed), network: nil, needsPassword: false)]
    }

    /// Waits for the socket once and lets libpq take one step.
    private mutating func poll() -> [LoginAttempt.Event] {
        guard let connection else { return [.timedOut] }
        let standing = connection.phase { tls }
        let wasConnecting = standing == .connecting
        // The descriptor may be another one after each step.
        let patience = standing.mayBeSilence ? turn : wait
        switch patience.until(connection.socket, events: polling == .reading ? POLLIN : POLLOUT) {
        case .timedOut: return [wait.end == nil ? .silent : .timedOut]
        case .cancelled: return [.cancelled]
        case .ready: break
        }
        if wasConnecting {
            // Read here, it is gone for libpq, which would then go on as if connected: so it ends here too.
            let code = AddressProbe.error(of: connection.socket)
            if code == ECONNRESET || code == EPIPE {
                return Self.closed(by: code)
            }
            if code != 0 {
                let text = AddressProbe.report(plan.place, plan.port, AddressProbe.text(code))
                return [.networkFailed(AddressProbe.fault(code), text: text)]
            }
        }
        if !wasConnecting, let greeting = greeting(connection) {
            return [.refused(LibpqMessage(greeting), network: nil, needsPassword: false)]
        }
        polling = connection.step()
        if polling == .failed {
            let text = connection.message.text
            // It was connected a moment ago, and libpq has met the end before its first word.
            if wasConnecting,
                let code = [ECONNRESET, EPIPE].first(where: { text.contains(AddressProbe.text($0)) })
            {
                return Self.closed(by: code)
            }
            return [.refused(connection.message, network: nil, needsPassword: connection.needsPassword)]
        }
        var secured: LoginAttempt.Event?
        let phase = connection.phase {
            if let tls { return tls }
            let detail = TLSDetail(connection)
            secured = .secured(names: plan.sslmode >= .verifyCA ? detail.names : "")
            return detail.line
        }
        if case .authenticating(let detail) = phase { tls = detail }
        return [secured, .phase(phase)].compactMap { $0 }
    }

    /// What a server says unasked that begins like an answer to SSLRequest, in libpq's own form; nil where it waits as
    /// PostgreSQL does, which sends one byte and nothing more before the client's hello. libpq would take the S of SSH for
    /// a yes. The corresponding C function is `recv` with MSG_PEEK.
    private func greeting(_ connection: LibpqConnection) -> String? {
        guard tls == nil, [.connected, .securing].contains(connection.phase { nil }) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 80)
        let count = recv(connection.socket, &bytes, bytes.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        // Neither begins a record of TLS.
        guard count > 1, [0x53, 0x4e].contains(bytes[0]) else { return nil }
        let line = bytes[..<count].prefix { $0 != 0x0a && $0 != 0x0d }
        let words = VisibleText.line(String(decoding: line, as: UTF8.self))
        return "received invalid response to SSL negotiation: \(words)"
    }

    private func judge() -> LoginAttempt.Event {
        let judge = CertificateJudge(plan: plan, address: dialled, wait: wait)
        return .judged(judge.verdict())
    }

    // MARK: The session

    private func ask() -> LoginAttempt.Event {
        let (sent, began) = (Date(), ContinuousClock.now)
        switch query(ServerQuestion.facts, wait) {
        case .row(let row):
            let took = (ContinuousClock.now - began).milliseconds
            guard let (found, isAurora) = ServerQuestion.read(row, sent: sent, received: Date()) else {
                return lost("the server's answer is not the one to the question")
            }
            var facts = found
            facts.roundTripMilliseconds = took
            return .answered(facts, isAurora: isAurora)
        case .refused(let message):
            // What speaks the protocol and is no PostgreSQL through and through (DSQL, a pooler) has told its
            // version and user at the login.
            let missing = ["42", "0A"].contains { message.sqlstate?.hasPrefix($0) == true }
            guard missing, var facts = reported() else {
                return .refused(message, network: nil, needsPassword: false)
            }
            facts.unknown.append("what else it says of itself (\(reason(message)))")
            return .answered(facts, isAurora: false)
        case .lost(let message): return .refused(message, network: nil, needsPassword: false)
        case .timedOut: return .timedOut
        case .cancelled: return .cancelled
        }
    }

    private func reported() -> ServerFacts? {
        guard let connection, let version = connection.parameter("server_version") else { return nil }
        return ServerFacts(
            version: ServerQuestion.shortVersion(version),
            role: connection.parameter("in_hot_standby") == "on" ? .reader : .writer,
            currentUser: connection.user,
            readOnly: connection.parameter("default_transaction_read_only") == "on")
    }

    /// How long a detail is waited for once the login is known to be good.
    private static let patience = Duration.seconds(2)

    private func askAurora() -> LoginAttempt.Event {
        detail("the Aurora version", ServerQuestion.auroraVersion, isLast: false) {
            .auroraAnswered($0.first ?? nil)
        }
    }

    private func askCluster(isAurora: Bool) -> LoginAttempt.Event {
        let sql = isAurora ? ServerQuestion.auroraCluster : ServerQuestion.replication
        return detail("the cluster's servers", sql, isLast: true) {
            .clusterAnswered(ServerQuestion.readCluster($0))
        }
    }

    /// Asks for a detail of a login that is good already: whatever goes wrong, it is merely not known.
    ///
    /// - Parameter isLast: nothing is asked after it.
    private func detail(
        _ what: String, _ sql: String, isLast: Bool, _ read: ([String?]) -> LoginAttempt.Event
    ) -> LoginAttempt.Event {
        let start = ContinuousClock.now
        let wait = Wait(
            deadline: min(wait.deadline, start + Self.patience), cancellation: wait.cancellation)
        switch query(sql, wait) {
        case .row(let row): return read(row)
        case .refused(let message):
            return .detailMissing("\(what) (\(reason(message)))", isLast: isLast)
        // The connection is of no more use: nothing else is asked.
        case .lost: return .detailMissing("\(what) (the connection was lost)", isLast: true)
        case .timedOut:
            let words = "no answer in \(TestReport.duration((ContinuousClock.now - start).milliseconds))"
            return .detailMissing("\(what) (\(words))", isLast: true)
        case .cancelled: return .cancelled
        }
    }

    private func lost(_ text: String) -> LoginAttempt.Event {
        .refused(LibpqMessage(text), network: nil, needsPassword: false)
    }

    private enum Answer {
        case row([String?])
        case refused(LibpqMessage)
        case lost(LibpqMessage)
        case timedOut
        case cancelled
    }

    /// More results than any answer to a question of ours has.
    private static let resultLimit = 16

    /// Sends a query and reads its results to the last. The first error stands: after it a lost connection adds a
    /// second one that says less (facts/fleet.md 3.4).
    private func query(_ sql: String, _ wait: Wait) -> Answer {
        guard let connection else { return .timedOut }
        guard connection.send(sql) else { return .lost(connection.message) }
        var row: [String?]?
        var failure: LibpqMessage?
        var count = 0
        while true {
            switch connection.progress() {
            case .waiting(let writing):
                switch wait.until(connection.socket, events: writing ? POLLIN | POLLOUT : POLLIN) {
                case .timedOut: return .timedOut
                case .cancelled: return .cancelled
                case .ready: break
                }
            case .result(let result?):
                // Nobody waits while results come, so that no deadline would end that; of a copy there is one without end.
                count += 1
                guard count <= Self.resultLimit else {
                    return .lost(LibpqMessage("the server does not end its answer"))
                }
                if !result.isRows {
                    failure = failure ?? result.message
                } else if let found = result.row {
                    guard row == nil else { return .lost(LibpqMessage("the server sent more than one row")) }
                    row = found
                }
            case .result(nil):
                if let failure { return .refused(failure) }
                return row.map { .row($0) } ?? .lost(LibpqMessage("the server sent no row"))
            case .lost: return failure.map { .refused($0) } ?? .lost(connection.message)
            }
        }
    }
}

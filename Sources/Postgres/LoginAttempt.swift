import Diagnosis
import Profiles
import TLS
import Workers

/// One attempt to log in, from the name to the first query's answer: which stage it is in, what to do next, and
/// what it came to. Pure: what happens outside comes in as ``Event``, what is to be done goes out as ``Action``.
package struct LoginAttempt: Sendable {
    /// What happened outside.
    package enum Event: Sendable {
        case started
        /// libpq cannot be loaded; its loader's words.
        case libraryMissing(String)
        /// libpq refuses the settings before it dials, or knows no such service.
        case settingsRefused(String)
        case resolved([ResolvedAddress], canonical: String?)
        /// One of the probed answers; what became of the others, and which of them can still be tried.
        case reached(ResolvedAddress, others: [String], left: [ResolvedAddress])
        /// The address that was dialled took the connection and had said nothing when its share of the time was over.
        case silent
        case networkFailed(NetworkFault, text: String)
        case phase(LoginPhase)
        /// TLS is up; the names in the certificate with blanks between, where libpq verified it.
        case secured(names: String)
        /// libpq or the server ended it; in the session stage the query failed.
        case refused(LibpqMessage, network: NetworkFault?, needsPassword: Bool)
        case judged(CertificateVerdict?)
        case answered(ServerFacts, isAurora: Bool)
        case auroraAnswered(String?)
        case clusterAnswered([ClusterNode])
        /// A detail of a good login is not to be had: what, and why.
        case detailMissing(String, isLast: Bool)
        case timedOut
        case cancelled
    }

    /// What is to be done outside next.
    package enum Action: Sendable, Hashable {
        case resolve(String)
        /// Find out which of several addresses answers.
        case probe([ResolvedAddress])
        /// Let libpq dial: that address, or nil for a socket; with it, how many can be tried with the time that is left.
        case dial(ResolvedAddress?, oneOf: Int = 1)
        /// Let libpq go on.
        case poll
        /// Look at the server's certificates in a connection of its own, without a password.
        case judge
        case ask
        case askAurora
        /// Which servers the cluster has.
        case askCluster(isAurora: Bool)
        case finish
    }

    /// What is to be told of a stage.
    package enum Note: Sendable, Hashable {
        case began(Stage)
        case ended(StageResult)
    }

    private enum State: Sendable {
        case idle
        case stage(Stage)
        /// TLS failed, and OpenSSL is asked why.
        case judging(Observation, since: Moment)
        case over
    }

    let plan: LoginPlan
    private var state = State.idle
    private var notes: [Note] = []
    private var stageStart: ContinuousClock.Instant?
    private(set) var firstStart: ContinuousClock.Instant?
    private(set) var named: Duration?
    /// All that the name has.
    private(set) var found: [ResolvedAddress] = []
    private var others: [String] = []
    var turns = LoginTurns()
    private(set) var serverNames = ""
    private(set) var stages: [StageResult] = []
    private(set) var observation: Observation?
    private(set) var server: ServerFacts?
    private(set) var cancelled = false

    package init(_ plan: LoginPlan) {
        self.plan = plan
    }

    /// What it has come to.
    package var result: LoginResult {
        LoginResult(
            stages: stages.sorted { $0.stage < $1.stage }, observation: observation, server: server,
            cancelled: cancelled)
    }

    /// What to tell about stages since the last time.
    package mutating func takeNotes() -> [Note] {
        defer { notes = [] }
        return notes
    }

    /// Takes an event in and says what to do; ``Action/finish`` for good once the attempt is over.
    package mutating func handle(_ event: Event, at moment: Moment) -> Action {
        switch (state, event) {
        case (.over, _): return .finish
        case (.idle, .started): return start(at: moment)
        case (_, .libraryMissing(let reason)):
            var seen = observe(.profile, text: reason, at: moment)
            seen.libraryMissing = true
            return fail(seen, at: moment)
        case (_, .settingsRefused(let text)):
            return fail(observe(.profile, text: text, at: moment), at: moment)
        case (_, .cancelled): return cancel(at: moment)
        case (.judging(let seen, let since), .judged(let verdict)):
            var seen = seen
            seen.certificate = verdict
            return fail(seen, at: since)
        case (.judging(let seen, let since), .timedOut): return fail(seen, at: since)
        case (.stage(let stage), _): return handle(event, in: stage, at: moment)
        default: return .finish
        }
    }

    private mutating func handle(_ event: Event, in stage: Stage, at moment: Moment) -> Action {
        switch event {
        case .resolved(let addresses, let canonical):
            let via = canonical.map { " via \(VisibleText.line($0))" } ?? ""
            let shown = addresses.prefix(4).map(\.shown).joined(separator: "  ")
            let more = addresses.count > 4 ? "  and \(addresses.count - 4) more" : ""
            named = stageStart.map { moment.instant - $0 }
            found = addresses
            end(.dns, shown + more + via, at: moment)
            begin(.tcp, at: moment)
            return addresses.count == 1 ? dial(addresses[0], at: moment) : .probe(addresses)
        case .reached(let address, let others, let left):
            (self.others, turns.left) = (others, left)
            return dial(address, at: moment)
        case .silent: return moveOn(at: moment)
        case .networkFailed(_, let text) where turns.hasMovedOn && stage > .tcp:
            return othersFailed(text, in: stage, at: moment)
        case .refused(let message, .some, _) where turns.hasMovedOn && stage > .tcp:
            return othersFailed(message.text, in: stage, at: moment)
        case .networkFailed(let fault, let text):
            var seen = observe(stage, text: text, at: moment)
            seen.network = fault
            return fail(seen, at: moment)
        case .phase(let phase): return pass(to: phase, from: stage, at: moment)
        case .refused(let message, let network, let needsPassword):
            var seen = observe(stage, text: message.text, at: moment)
            (seen.sqlstate, seen.network, seen.needsPassword) = (message.sqlstate, network, needsPassword)
            // libpq's text is the same for an expired certificate and for an unknown CA.
            guard stage == .tls, seen.text?.contains("certif") == true else { return fail(seen, at: moment) }
            state = .judging(seen, since: moment)
            return .judge
        case .answered(let facts, let isAurora):
            server = facts
            return isAurora ? .askAurora : answered(isAurora: false, at: moment)
        case .auroraAnswered(let version):
            server?.auroraVersion = version
            return answered(isAurora: true, at: moment)
        case .clusterAnswered(let nodes):
            server?.cluster = nodes
            return succeed(at: moment)
        case .detailMissing(let words, let isLast):
            server?.unknown.append(VisibleText.line(words))
            return isLast ? succeed(at: moment) : answered(isAurora: true, at: moment)
        case .secured(let names):
            serverNames = names
            return .poll
        case .timedOut:
            var seen = observe(stage, text: nil, at: moment)
            seen.ending = .timedOut
            return fail(seen, at: moment)
        case .started, .libraryMissing, .settingsRefused, .judged, .cancelled: return .finish
        }
    }

    /// They take no connection: what stands is that one before them took it and said nothing.
    private mutating func othersFailed(_ text: String, in stage: Stage, at moment: Moment) -> Action {
        turns.notes += Self.eachAddress(VisibleText.lines(text))
        return handle(.timedOut, in: stage, at: moment)
    }

    // MARK: Going on

    private mutating func start(at moment: Moment) -> Action {
        firstStart = moment.instant
        switch plan.target {
        case .name(let name):
            begin(.dns, at: moment)
            return .resolve(name)
        case .address(let address):
            begin(.dns, at: moment)
            end(.dns, "\(address.shown), an address", at: moment)
            begin(.tcp, at: moment)
            return dial(address, at: moment)
        case .socket:
            skip(.dns, "a Unix socket needs no name")
            begin(.tcp, at: moment)
            return .dial(nil)
        }
    }

    /// libpq has come to a phase. It may pass several between two looks, and never goes back here: a second
    /// attempt under sslmode=prefer counts for the stage that the first one reached.
    private mutating func pass(to phase: LoginPhase, from stage: Stage, at moment: Moment) -> Action {
        switch phase {
        case .connecting: break
        case .connected, .securing: enterTLS(from: stage, at: moment)
        case .authenticating(let tls):
            enterTLS(from: stage, at: moment)
            enterAuth(tls: tls, at: moment)
        case .ready(let tls):
            guard stage < .session else { break }
            enterTLS(from: stage, at: moment)
            enterAuth(tls: tls, at: moment)
            end(.auth, "logged in\(plan.user.isEmpty ? "" : " as \(plan.user)")", at: moment)
            begin(.session, at: moment)
            return .ask
        }
        return .poll
    }

    private mutating func enterTLS(from stage: Stage, at moment: Moment) {
        guard stage == .tcp else { return }
        let tried = others.isEmpty ? "" : "  (\(others.joined(separator: ", ")))"
        end(.tcp, (turns.address.map { Self.place($0, plan.port) } ?? plan.place) + tried, at: moment)
        begin(.tls, at: moment)
    }

    private mutating func enterAuth(tls: String?, at moment: Moment) {
        guard case .stage(.tls) = state else { return }
        if let tls {
            end(.tls, tls, at: moment)
        } else {
            skip(
                .tls,
                plan.skipsTLS ? "off: \(plainReason)" : "the server offers none (\(plan.sslmode.rawValue))")
        }
        if plan.auth == .iam, let clock = plan.tokenClock {
            begin(.token, at: moment)
            let plain = "good until \(Timestamp.rfc3339(clock.expiresAt)), \(clock.provider)"
            end(.token, plan.token?.detail(now: moment.date) ?? plain, at: moment)
        } else {
            skip(.token, "not needed: \(plan.auth.rawValue) login")
        }
        begin(.auth, at: moment)
    }

    private var plainReason: String {
        if case .socket = plan.target { "a Unix socket has no TLS" } else { "sslmode is disable" }
    }

    private static func place(_ address: ResolvedAddress, _ port: String) -> String {
        address.text.contains(":") ? "[\(address.text)]:\(port)" : "\(address.text):\(port)"
    }

    // MARK: Endings

    private mutating func answered(isAurora: Bool, at moment: Moment) -> Action {
        plan.asksTopology ? .askCluster(isAurora: isAurora) : succeed(at: moment)
    }

    private mutating func succeed(at moment: Moment) -> Action {
        if let server {
            end(.session, server.sentence(endpoint: plan.endpoint), at: moment)
        }
        state = .over
        return .finish
    }

    /// The stage that is reported is the row of the cause (design/cli.md): what the server said of the database
    /// belongs to the session, although libpq meets it during the login.
    private mutating func fail(_ seen: Observation, at moment: Moment) -> Action {
        observation = seen
        let reported = CauseFinder.stage(of: seen)
        let detail = Self.detail(seen)
        if reported == seen.stage || reported < seen.stage {
            end(reported, detail, outcome: .failed, at: moment)
        } else {
            if Self.judgedLogin(seen) {
                end(seen.stage, "the login was good", at: moment)
            } else {
                skip(seen.stage, "the server refused for another reason than the login")
            }
            if stageStart == nil { begin(reported, at: moment) }
            end(reported, detail, outcome: .failed, at: moment)
        }
        state = .over
        return .finish
    }

    /// Whether the server had accepted who it is when it refused: not where it starts, stops or is full.
    private static func judgedLogin(_ seen: Observation) -> Bool {
        !["57P03", "57P01", "57P02", "53300"].contains(seen.sqlstate)
    }

    private mutating func cancel(at moment: Moment) -> Action {
        cancelled = true
        if case .stage(let stage) = state { skip(stage, "cancelled") }
        if case .judging(let seen, _) = state { skip(seen.stage, "cancelled") }
        state = .over
        return .finish
    }

    // MARK: The stages' clock

    private mutating func begin(_ stage: Stage, at moment: Moment) {
        state = .stage(stage)
        stageStart = moment.instant
        notes.append(.began(stage))
    }

    private mutating func end(
        _ stage: Stage, _ detail: String, outcome: StageResult.Outcome = .ok, at moment: Moment
    ) {
        let took = stageStart.map { (moment.instant - $0).milliseconds } ?? 0
        stageStart = nil
        let detail = detail + turns.takeWords()
        record(StageResult(stage: stage, outcome: outcome, milliseconds: took, detail: detail))
    }

    private mutating func skip(_ stage: Stage, _ detail: String) {
        record(.init(stage: stage, outcome: .skipped, detail: detail))
    }

    private mutating func record(_ result: StageResult) {
        stages.append(result)
        notes.append(.ended(result))
    }
}

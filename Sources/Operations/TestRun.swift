#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Postgres
import Profiles
import Secrets
import Tunnels
import Workers

/// One test under way: what needs no network here, the connection itself in Postgres.
final class TestRun {
    private var profile: Profile
    private let mint: TokenMint
    private let bundle: CABundle
    private let routes: Routes
    private let passwords: AskedPasswords
    /// The profile with what its service says, and what of that does not hold: read once it is known whose endpoint it
    /// means. As it is where the service cannot be read, which the login tells.
    private lazy var service: (profile: Profile, notice: String?) = {
        guard let read = try? profile.withService() else { return (profile, nil) }
        return (read.profile, read.notice)
    }()
    private var opened: Profile { service.profile }
    private var tunnel: TunnelLease?
    private let options: ConnectionTester.Options
    private let began: (Stage) -> Void
    private let ended: (StageResult) -> Void
    private var progress = TestProgress()
    /// The token that was signed last.
    private var minted: MintedToken?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    /// What a person takes to answer, and what waiting for a turn takes, is not the attempt's time.
    private let pauses = Pauses()

    init(
        profile: Profile, mint: TokenMint, bundle: CABundle, routes: Routes, passwords: AskedPasswords,
        options: ConnectionTester.Options, began: @escaping (Stage) -> Void,
        ended: @escaping (StageResult) -> Void
    ) {
        self.profile = profile
        self.mint = mint
        self.bundle = bundle
        (self.routes, self.passwords) = (routes, passwords)
        self.options = options
        self.began = began
        self.ended = ended
        start = clock.now
    }

    private var cancellation: Cancellation { options.cancellation }

    /// What is left of the attempt's time.
    private var left: Duration { options.timeout - worked }

    /// What the attempt has taken, without its pauses.
    private var worked: Duration { clock.now - start - pauses.total }

    func carryOut() -> TestReport {
        do throws(StageFailure) {
            try stage(.profile) { () throws(Refusal) in
                let named = profile.host
                profile = mint.followed(profile, SignerOptions(timeout: left, cancellation: cancellation))
                return try judge(named)
            }
            try stage(.aws) { () throws(Refusal) in
                guard profile.auth == .iam else { return nil }
                let signed = try mint.mint(profile, now: Date(), options: signerOptions(fresh: false))
                minted = signed
                return Self.words(signed.signer)
            }
            if profile.tunnel != nil { try openTunnel() }
            return connect(token: minted)
        } catch {
            guard !cancellation.isCancelled else { return report(cancelled: true) }
            return report(causes: [error.cause])
        }
    }

    /// The tunnel stands for the stages `dns` and `tcp`: the name is resolved at its far end.
    private func openTunnel() throws(StageFailure) {
        tell(StageResult(stage: .dns, outcome: .skipped, detail: "resolved at the tunnel's far end"))
        var signer = signerOptions(fresh: false)
        if let ask = options.askTunnel {
            signer.askTunnel = { [pauses] question, cancellation in
                pauses.during {
                    let answer = ask(question, cancellation)
                    // What is only told holds until it is taken back, however soon it has been read.
                    if question.kind == .notice {
                        _ = Wait(until: cancellation).passes()
                    }
                    return answer
                }
            }
        }
        try stage(.tcp) { () throws(Refusal) in
            let lease = try routes.open(profile, signer)
            tunnel = lease
            let plan = lease.plan
            return "127.0.0.1:\(lease.port) by \(plan.definition.words) to \(plan.host):\(plan.port)"
        }
    }

    private func signerOptions(fresh: Bool) -> SignerOptions {
        let ask = options.askCode.map { ask in
            { @Sendable [pauses] (serial: String) -> String? in
                pauses.during { ask(serial) }
            }
        }
        return SignerOptions(fresh: fresh, timeout: left, cancellation: cancellation, askCode: ask)
    }

    /// `SSO, role DBA, assumed-role/DBA/jo, ends 2026-11-24T18:16:00Z`.
    private static func words(_ signer: SignerOutlook) -> String {
        var words = [signer.provider]
        if let principal = signer.principal { words.append(principal) }
        if let account = signer.account { words.append("account \(account)") }
        if let end = signer.session?.endsAt {
            words.append("ends \(Timestamp.rfc3339(end))")
        } else if let end = signer.credentialsEndAt {
            words.append("until \(Timestamp.rfc3339(end))")
        }
        return words.joined(separator: ", ")
    }

    // MARK: Before the network

    /// A stage that failed before there was anything to connect with.
    private struct StageFailure: Error {
        var stage: Stage
        var cause: Cause
    }

    /// Times a stage; its body answers the detail, or nil where the stage is not needed.
    private func stage(
        _ stage: Stage, _ body: () throws(Refusal) -> String?
    ) throws(StageFailure) {
        began(stage)
        progress.began(stage)
        let start = worked
        do throws(Refusal) {
            let detail = try body()
            tell(
                StageResult(
                    stage: stage, outcome: detail == nil ? .skipped : .ok,
                    milliseconds: detail == nil ? nil : (worked - start).milliseconds,
                    detail: detail ?? "not needed: \(profile.auth.rawValue) login"))
        } catch {
            let failure = StageFailure(stage: stage, cause: cause(error))
            // A stage that was cancelled has neither passed nor failed.
            guard !cancellation.isCancelled else { throw failure }
            tell(
                StageResult(
                    stage: stage, outcome: .failed, milliseconds: (worked - start).milliseconds,
                    detail: SecretText.redacted(error.what)))
            throw failure
        }
    }

    private func tell(_ result: StageResult) {
        progress.ended(result)
        ended(result)
    }

    /// What the profile's tunnel is, where that can be told.
    private var definition: TunnelDefinition? {
        guard profile.tunnel != nil else { return nil }
        return (try? routes.plan(of: profile))?.definition
    }

    /// A refusal's own words; what can be done on a key is the table's, or what the refusal names.
    private func cause(_ refusal: Refusal) -> Cause {
        var cause = CauseFinder.cause(
            refusal.cause ?? .unknown, message: SecretText.redacted(refusal.what), fix: refusal.remedy,
            tunnel: definition)
        if refusal.login != nil {
            cause.remedy = .login
        } else if cause.remedy == .login {
            cause.remedy = .again
        } else if let field = refusal.field {
            cause.remedy = .edit(field)
        }
        return cause
    }

    /// - Parameter named: the host as the profile names it.
    private func judge(_ named: String) throws(Refusal) -> String {
        if profile.auth == .iam {
            let target = try mint.target(of: profile)
            var words = profile.host == named ? [] : ["\(named) is an alias of \(profile.host)"]
            words.append("iam \(target.user)@\(profile.databaseWords)")
            words.append("region \(target.region) \(source(of: target.region, target.host))")
            if target.host != profile.host || target.port != profile.port {
                words.append("signed for \(target.host):\(target.port)")
            }
            if let dial = profile.dial { words.append("dials \(dial)") }
            return words.joined(separator: ", ")
        }
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            throw Refusal(
                .failed, "\(problem.field.rawValue): \(problem.message)", do: "edit the profile",
                cause: problem.field == .host && !profile.host.isEmpty ? .hostInvalid : .profileIncomplete,
                field: problem.field)
        }
        let login =
            "\(profile.auth.rawValue) login, \(profile.user.map { "\($0)@" } ?? "")\(profile.databaseWords)"
        return ([login] + [service.notice].compactMap { $0 }).joined(separator: ", ")
    }

    private func source(of region: Region, _ host: String) -> String {
        let named = HostName(host).region
        guard profile.region != nil else {
            return named == region ? "from the host name" : "from the AWS configuration"
        }
        return named.flatMap { $0 == region ? nil : "from the profile, though the host name says \($0)" }
            ?? "from the profile"
    }

    // MARK: The connection

    private func connect(token: MintedToken?) -> TestReport {
        var result = passwords.logIn(
            profile, cancellation, options.askPassword, pauses, fault: \.passwordFault
        ) { attempt(token, password: $0, isSecond: false) }
        if result.passwordFault == .missing, cancellation.isCancelled {
            // The stage was waiting for the answer.
            progress.began(.auth)
            return report(cancelled: true)
        }
        if result.observation?.isTokenRefused == true, token?.wasKept == true {
            result = secondThought(on: result)
        }
        if let seconds = result.server?.clockSkewSeconds, profile.auth == .iam,
            HostName(profile.host).isSignable
        {
            mint.note(clock: seconds)
        }
        let causes = result.observation.map { CauseFinder.causes(for: $0) } ?? []
        return report(causes: causes, result: result, cancelled: result.cancelled)
    }

    /// A kept token was refused: it may have been signed before a policy changed or a clock was set, so that a new one
    /// is tried. Where that attempt gets no further than the time that is left, or the network, lets it, the first
    /// one's answer is what is known.
    private func secondThought(on first: LoginResult) -> LoginResult {
        let known = progress
        guard left > .zero,
            let fresh = try? mint.mint(profile, now: Date(), options: signerOptions(fresh: true))
        else { return first }
        minted = fresh
        let second = attempt(fresh, isSecond: true)
        guard let seen = second.observation, !second.cancelled, seen.stage < .auth || seen.ending == .timedOut
        else { return second }
        progress = known
        return first
    }

    private func attempt(_ token: MintedToken?, password: Secret? = nil, isSecond: Bool) -> LoginResult {
        let whole = bundle.file(for: opened)
        let trimmed = bundle.trimmed(for: opened)
        let secret = token?.text ?? password
        let result = attempt(token, secret, isSecond: isSecond, roots: trimmed, judgedBy: whole)
        // Never refused for what was left out of the bundle: by the whole of it the certificate is good.
        guard trimmed != whole, result.observation?.certificate == .good else { return result }
        return attempt(token, secret, isSecond: isSecond, roots: whole, judgedBy: whole)
    }

    private func attempt(
        _ token: MintedToken?, _ secret: Secret?, isSecond: Bool, roots: String?, judgedBy whole: String?
    ) -> LoginResult {
        let dial =
            tunnel.map(Routes.address) ?? profile.dial.flatMap { DialAddress($0, defaultPort: opened.port) }
        let conninfo = profile.conninfo(
            port: dial?.port, sslrootcert: roots, readOnly: profile.startsReadOnly)
        var plan = LoginPlan(
            conninfo: conninfo, password: secret, dial: dial, auth: profile.auth,
            tokenClock: token?.clock)
        plan.token = token.flatMap { mint.evidence(of: $0, isSecond: isSecond) }
        (plan.endpoint, plan.endpointPort, plan.profile) = (profile.host, opened.port, profile.name)
        plan.dialNamesPort =
            profile.dial.flatMap { DialAddress($0, defaultPort: 0) }.map { $0.port != 0 } ?? true
        plan.hasOwnRoots = profile.sslrootcert != nil
        plan.asksTopology = options.asksTopology
        (plan.judgedBy, plan.names) = (whole, options.names)
        let tunnel = tunnel
        if let tunnel {
            plan.tunnel = tunnel.plan.definition
            plan.tunnelComplaint = { tunnel.complaint }
        }
        if let token { waitForTurn(token) }
        var progress = progress
        let (began, ended) = (began, ended)
        let result = LoginAttempt.run(
            plan, timeout: left, cancellation: cancellation,
            began: { stage in
                // What libpq does at the tunnel's near end is no stage of its own.
                if tunnel != nil, stage <= .tcp { return }
                progress.began(stage)
                began(stage)
            },
            ended: { stage in
                if tunnel != nil, stage.stage <= .tcp, stage.outcome != .failed { return }
                progress.ended(stage)
                ended(stage)
            })
        self.progress = progress
        return result
    }

    private func waitForTurn(_ token: MintedToken) {
        pauses.during { mint.pacer.takeTurn(token, cancellation: cancellation) }
    }

    private func report(
        causes: [Cause] = [], result: LoginResult? = nil, cancelled: Bool = false
    ) -> TestReport {
        var report = progress.report(
            profileName: profile.name, cancelled: cancelled, causes: causes,
            sqlstate: result?.observation?.sqlstate, message: result?.observation?.text,
            server: result?.server, milliseconds: worked.milliseconds, testedAt: Date())
        report.tunnel = definition
        report.sslmode = opened.sslmode
        report.token = minted?.clock
        report.subject = TestSubject(profile: profile, opened: opened, bundle: bundle).lines
        return report
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Postgres
import Profiles
import Secrets
import Synchronization
import Tunnels
import Workers

/// One test under way: what needs no network here, the connection itself in Postgres.
final class TestRun {
    private var profile: Profile
    private let surroundings: Surroundings
    private let mint: TokenMint
    private let bundle: CABundle
    private let routes: Routes
    private let askCode: (@Sendable (String) -> String?)?
    private let askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)?
    private var tunnel: TunnelLease?
    private let began: (Stage) -> Void
    private let ended: (StageResult) -> Void
    private var progress = TestProgress()
    private var isCancelled: () -> Bool = { false }
    private let clock = ContinuousClock()

    init(
        profile: Profile, surroundings: Surroundings, mint: TokenMint, bundle: CABundle, routes: Routes,
        askCode: (@Sendable (String) -> String?)?,
        askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)?, began: @escaping (Stage) -> Void,
        ended: @escaping (StageResult) -> Void
    ) {
        self.profile = profile
        self.surroundings = surroundings
        self.mint = mint
        self.bundle = bundle
        self.routes = routes
        self.askCode = askCode
        self.askTunnel = askTunnel
        self.began = began
        self.ended = ended
    }

    func carryOut(timeout: Duration, cancellation: Cancellation) -> TestReport {
        let start = clock.now
        isCancelled = { cancellation.isCancelled }
        // What a person takes to answer is not the attempt's time.
        let thinking = Mutex(Duration.zero)
        do throws(StageFailure) {
            try stage(.profile) { () throws(Refusal) in
                let named = profile.host
                profile = mint.followed(
                    profile, SignerOptions(timeout: timeout, cancellation: cancellation))
                return try judge(named)
            }
            var token: MintedToken?
            try stage(.aws) { () throws(Refusal) in
                guard profile.auth == .iam else { return nil }
                let ask = askCode.map { ask in
                    { @Sendable (serial: String) -> String? in
                        let asked = ContinuousClock.now
                        defer { thinking.withLock { $0 += ContinuousClock.now - asked } }
                        return ask(serial)
                    }
                }
                let left = timeout - (clock.now - start)
                let options = SignerOptions(timeout: left, cancellation: cancellation, askCode: ask)
                let minted = try mint.mint(profile, now: Date(), options: options)
                token = minted
                return Self.words(minted.signer)
            }
            if profile.tunnel != nil {
                let left = timeout - (clock.now - start) + thinking.withLock { $0 }
                try openTunnel(timeout: left, cancellation, thinking)
            }
            let left = timeout - (clock.now - start) + thinking.withLock { $0 }
            return connect(token: token, timeout: left, cancellation: cancellation, start: start)
        } catch {
            guard !cancellation.isCancelled else {
                return report(start: start, failedAt: error.stage, causes: [], cancelled: true)
            }
            return report(start: start, failedAt: error.stage, causes: [error.cause])
        }
    }

    /// The tunnel stands for the stages `dns` and `tcp`: the name is resolved at its far end.
    private func openTunnel(
        timeout: Duration, _ cancellation: Cancellation, _ thinking: borrowing Mutex<Duration>
    ) throws(StageFailure) {
        let skipped = StageResult(stage: .dns, outcome: .skipped, detail: "resolved at the tunnel's far end")
        progress.ended(skipped)
        ended(skipped)
        var options = SignerOptions(timeout: timeout, cancellation: cancellation)
        let asked = Mutex(Duration.zero)
        if let askTunnel {
            options.askTunnel = { question, cancellation in
                let began = ContinuousClock.now
                defer { asked.withLock { $0 += ContinuousClock.now - began } }
                return askTunnel(question, cancellation)
            }
        }
        try stage(.tcp) { () throws(Refusal) in
            let lease = try routes.open(profile, options)
            tunnel = lease
            let plan = lease.plan
            return "127.0.0.1:\(lease.port) by \(plan.definition.words) to \(plan.host):\(plan.port)"
        }
        thinking.withLock { $0 += asked.withLock { $0 } }
    }

    /// `SSO, role DBA, assumed-role/DBA/jo, ends 2026-11-24T18:16:00Z`.
    private static func words(_ signer: SignerOutlook) -> String {
        var words = [signer.provider]
        if let principal = signer.principal { words.append(principal) }
        if let end = signer.session?.endsAt {
            words.append("ends \(Timestamp.rfc3339(end))")
        } else if let end = signer.credentialsEndAt {
            words.append("until \(Timestamp.rfc3339(end))")
        }
        return words.joined(separator: ", ")
    }

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
        let start = clock.now
        do throws(Refusal) {
            let detail = try body()
            let result = StageResult(
                stage: stage, outcome: detail == nil ? .skipped : .ok,
                milliseconds: detail == nil ? nil : (clock.now - start).milliseconds,
                detail: detail ?? "not needed: \(profile.auth.rawValue) login")
            progress.ended(result)
            ended(result)
        } catch {
            let failure = StageFailure(
                stage: stage, cause: Cause(error.cause ?? .unknown, text: error.what, fix: error.remedy))
            // A stage that was cancelled has neither passed nor failed.
            guard !isCancelled() else { throw failure }
            let result = StageResult(
                stage: stage, outcome: .failed, milliseconds: (clock.now - start).milliseconds,
                detail: error.what)
            progress.ended(result)
            ended(result)
            throw failure
        }
    }

    /// - Parameter named: the host as the profile names it.
    private func judge(_ named: String) throws(Refusal) -> String {
        if profile.auth == .iam {
            let target = try mint.target(of: profile)
            let source =
                if profile.region != nil {
                    "from the profile"
                } else if HostName(target.host).region == target.region {
                    "from the host name"
                } else {
                    "from the AWS configuration"
                }
            let signed = target.host == profile.host ? "" : ", signed for \(target.host):\(target.port)"
            let alias = profile.host == named ? "" : "\(named) is an alias of \(profile.host), "
            return "\(alias)region \(target.region) \(source)\(signed)"
        }
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            throw Refusal(
                .failed, "\(problem.field.rawValue): \(problem.message)", do: "edit the profile",
                cause: .profileIncomplete)
        }
        return "\(profile.auth.rawValue) login"
    }

    private func connect(
        token: MintedToken?, timeout: Duration, cancellation: Cancellation, start: ContinuousClock.Instant
    ) -> TestReport {
        let dial =
            tunnel.map(Routes.address) ?? profile.dial.flatMap { DialAddress($0, defaultPort: profile.port) }
        var conninfo = profile.conninfo(
            sslrootcert: bundle.file(for: profile), readOnly: profile.startsReadOnly)
        if let dial, conninfo["port"] != nil { conninfo["port"] = String(dial.port) }
        var plan = LoginPlan(
            conninfo: conninfo, password: token?.text, dial: dial, auth: profile.auth,
            tokenClock: token?.clock)
        let tunnel = tunnel
        if let tunnel { plan.tunnelComplaint = { tunnel.complaint } }
        var progress = progress
        let (began, ended) = (began, ended)
        let result = LoginAttempt.run(
            plan, timeout: timeout, cancellation: cancellation,
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
        if let seconds = result.server?.clockSkewSeconds, profile.auth == .iam,
            HostName(profile.host).isSignable
        {
            mint.note(clock: seconds)
        }
        let causes = result.observation.map { CauseFinder.causes(for: $0) } ?? []
        return progress.report(
            profileName: profile.name, cancelled: result.cancelled, causes: causes,
            sqlstate: result.observation?.sqlstate, message: result.observation?.text, server: result.server,
            milliseconds: (clock.now - start).milliseconds, testedAt: Date())
    }

    private func report(
        start: ContinuousClock.Instant, failedAt: Stage, causes: [Cause], cancelled: Bool = false
    ) -> TestReport {
        progress.report(
            profileName: profile.name, cancelled: cancelled, causes: causes, sqlstate: nil, message: nil,
            server: nil, milliseconds: (clock.now - start).milliseconds, testedAt: Date())
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Postgres
import Profiles
import Secrets

/// One test under way: what needs no network here, the connection itself in Postgres.
final class TestRun {
    let profile: Profile
    let surroundings: Surroundings
    let mint: TokenMint
    let bundle: CABundle
    let began: (Stage) -> Void
    let ended: (StageResult) -> Void
    private var progress = TestProgress()
    private let clock = ContinuousClock()

    init(
        profile: Profile, surroundings: Surroundings, mint: TokenMint, bundle: CABundle,
        began: @escaping (Stage) -> Void, ended: @escaping (StageResult) -> Void
    ) {
        self.profile = profile
        self.surroundings = surroundings
        self.mint = mint
        self.bundle = bundle
        self.began = began
        self.ended = ended
    }

    func carryOut(timeout: Duration, cancellation: Cancellation) -> TestReport {
        let start = clock.now
        do throws(StageFailure) {
            try stage(.profile) { () throws(Refusal) in try judge() }
            var token: MintedToken?
            try stage(.aws) { () throws(Refusal) in
                guard profile.auth == .iam else { return nil }
                token = try mint.mint(profile, now: Date())
                let signer = try mint.signer(of: profile, now: Date())
                return signer.provider + (signer.expiresAt.map { ", until \(Timestamp.rfc3339($0))" } ?? "")
            }
            let left = timeout - (clock.now - start)
            return connect(token: token, timeout: left, cancellation: cancellation, start: start)
        } catch {
            return report(start: start, failedAt: error.stage, causes: [error.cause])
        }
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
            let result = StageResult(
                stage: stage, outcome: .failed, milliseconds: (clock.now - start).milliseconds,
                detail: error.what)
            progress.ended(result)
            ended(result)
            throw StageFailure(
                stage: stage, cause: Cause(error.cause ?? .unknown, text: error.what, fix: error.remedy))
        }
    }

    private func judge() throws(Refusal) -> String {
        if profile.auth == .iam {
            let target = try mint.target(of: profile)
            let source = profile.region != nil ? "from the profile" : "from the host name"
            let signed = target.host == profile.host ? "" : ", signed for \(target.host):\(target.port)"
            return "region \(target.region) \(source)\(signed)"
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
        let dial = profile.dial.flatMap { DialAddress($0, defaultPort: profile.port) }
        var conninfo = profile.conninfo(
            sslrootcert: bundle.file(for: profile), readOnly: profile.startsReadOnly)
        if let dial, conninfo["port"] != nil { conninfo["port"] = String(dial.port) }
        let plan = LoginPlan(
            conninfo: conninfo, password: token?.text, dial: dial, auth: profile.auth,
            tokenClock: token?.clock)
        var progress = progress
        let (began, ended) = (began, ended)
        let result = LoginAttempt.run(
            plan, timeout: timeout, cancellation: cancellation,
            began: { stage in
                progress.began(stage)
                began(stage)
            },
            ended: { stage in
                progress.ended(stage)
                ended(stage)
            })
        self.progress = progress
        let causes = result.observation.map { CauseFinder.causes(for: $0) } ?? []
        return progress.report(
            profileName: profile.name, cancelled: result.cancelled, causes: causes,
            sqlstate: result.observation?.sqlstate, message: result.observation?.text, server: result.server,
            milliseconds: (clock.now - start).milliseconds, testedAt: Date())
    }

    private func report(start: ContinuousClock.Instant, failedAt: Stage, causes: [Cause]) -> TestReport {
        progress.report(
            profileName: profile.name, cancelled: false, causes: causes, sqlstate: nil, message: nil,
            server: nil, milliseconds: (clock.now - start).milliseconds, testedAt: Date())
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Postgres
import Profiles
import Workers

/// Tests a profile stage by stage, from its fields to the first query.
package final class ConnectionTester: Sendable {
    private let surroundings: Surroundings
    private let mint: TokenMint
    private let bundle: CABundle
    private let routes: Routes

    package init(_ surroundings: Surroundings, mint: TokenMint, routes: Routes? = nil) {
        self.routes = routes ?? Routes(surroundings)
        self.surroundings = surroundings
        self.mint = mint
        bundle = CABundle(folder: surroundings.caFolder)
    }

    /// Runs the test on the calling thread, which it blocks for `timeout` at most.
    ///
    /// - Parameters:
    ///   - timeout: for the whole attempt.
    ///   - cancellation: ends it at once from any thread.
    ///   - askCode: as in ``SignerOptions``.
    ///   - began: called as a stage begins, on this thread.
    ///   - ended: called as a stage ends, on this thread.
    package func test(
        _ profile: Profile, timeout: Duration = .seconds(10), cancellation: Cancellation,
        askCode: (@Sendable (String) -> String?)? = nil,
        askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)? = nil,
        began: @escaping (Stage) -> Void,
        ended: @escaping (StageResult) -> Void
    ) -> TestReport {
        let run = TestRun(
            profile: mint.effective(profile), surroundings: surroundings, mint: mint, bundle: bundle,
            routes: routes, askCode: askCode, askTunnel: askTunnel,
            began: began, ended: ended)
        return run.carryOut(timeout: timeout, cancellation: cancellation)
    }
}

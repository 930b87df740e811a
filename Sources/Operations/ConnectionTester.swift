import Diagnosis
import Postgres
import Profiles
import TLS
import Workers

/// Names looked up once for a batch of tests.
package typealias BatchNames = NameBook

/// Tests a profile stage by stage, from its fields to the first query.
package final class ConnectionTester: Sendable {
    /// How a test is run.
    package struct Options: Sendable {
        /// For the whole attempt.
        package var timeout: Duration
        /// Ends it at once from any thread.
        package var cancellation: Cancellation
        /// As in ``SignerOptions``.
        package var askCode: (@Sendable (String) -> String?)?
        package var askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)?
        package var askPassword: AskedPasswords.Ask?
        /// Whether the servers of the cluster are asked for after the login: one more question.
        package var asksTopology: Bool
        /// Names that are looked up once for all tests of a batch; nil where each looks for itself.
        package var names: BatchNames?

        package init(
            timeout: Duration = .seconds(10), cancellation: Cancellation,
            askCode: (@Sendable (String) -> String?)? = nil,
            askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)? = nil,
            asksTopology: Bool = true,
            names: BatchNames? = nil
        ) {
            self.names = names
            self.askTunnel = askTunnel
            self.timeout = timeout
            self.cancellation = cancellation
            self.askCode = askCode
            self.asksTopology = asksTopology
        }
    }

    private let mint: TokenMint
    private let bundle: CABundle
    private let routes: Routes
    private let passwords: AskedPasswords

    package init(_ surroundings: Surroundings, mint: TokenMint, routes: Routes? = nil) {
        self.routes = routes ?? Routes(surroundings, mint: mint)
        self.mint = mint
        bundle = CABundle(folder: surroundings.caFolder)
        passwords = surroundings.passwords
    }

    /// Runs the test on the calling thread, which it blocks for the time allowed at most.
    ///
    /// - Parameters:
    ///   - began: called as a stage begins, on this thread.
    ///   - ended: called as a stage ends, on this thread.
    package func test(
        _ profile: Profile, _ options: Options, began: @escaping (Stage) -> Void,
        ended: @escaping (StageResult) -> Void
    ) -> TestReport {
        var report = TestRun(
            profile: mint.effective(profile), mint: mint, bundle: bundle, routes: routes,
            passwords: passwords,
            options: options, began: began, ended: ended
        ).carryOut()
        report.connectionMark = profile.connectionMark
        return report
    }
}

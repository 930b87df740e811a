import Diagnosis
import Workers

extension LoginAttempt {
    /// Carries out an attempt on the calling thread, which it blocks for `timeout` at most, whatever the server
    /// does. Many may run at once, each on a thread of its own.
    ///
    /// The token or password goes out only after libpq has verified the server as the plan's sslmode says.
    ///
    /// - Parameters:
    ///   - timeout: for the whole attempt.
    ///   - cancellation: ends it at once, from any thread.
    ///   - began: called as a stage begins, on this thread.
    ///   - ended: called as a stage ends or is passed over, on this thread.
    package static func run(
        _ plan: LoginPlan, timeout: Duration, cancellation: Cancellation, began: (Stage) -> Void,
        ended: (StageResult) -> Void
    ) -> LoginResult {
        var driver = LoginDriver(plan, wait: Wait(deadline: .now + timeout, cancellation: cancellation))
        return driver.run(began: began, ended: ended)
    }
}

import TestSupport
import Diagnosis
import Postgres
import Profiles
import Secrets
import Workers

/// Runs an attempt the way a connection test does, and keeps what came of it.
struct Trial {
    var result: LoginResult
    var began: [Stage] = []
    var ended: [StageResult] = []

    init(_ plan: LoginPlan, timeout: Duration = .seconds(30), cancellation: Cancellation = Cancellation()) {
        var began: [Stage] = []
        var ended: [StageResult] = []
        result = LoginAttempt.run(
            plan, timeout: timeout, cancellation: cancellation, began: { began.append($0) },
            ended: { ended.append($0) })
        self.began = began
        self.ended = ended
    }

    var causes: [Cause] { result.observation.map { CauseFinder.causes(for: $0) } ?? [] }

    var failedStage: Stage? { ended.first { $0.outcome == .failed }?.stage }

    static func plan(
        _ settings: [(key: String, value: String)], password: String? = nil, auth: Authentication = .password
    ) -> LoginPlan {
        LoginPlan(conninfo: Conninfo(settings), password: password.map(Secret.init), auth: auth)
    }

    /// To a listener of the test's own.
    static func plan(port: Int, sslmode: SSLMode, password: String? = "open sesame") -> LoginPlan {
        plan(
            [
                ("host", "127.0.0.1"), ("port", String(port)), ("sslmode", sslmode.rawValue), ("dbname", "d"),
                ("user", "u"),
            ], password: password)
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Postgres
import Profiles
import TestSupport
import Testing
import Workers

/// Files that would never end to be read.
@Suite(.timeLimit(.minutes(14)))
struct PipeTests {
    @Test(arguments: ["sslrootcert", "sslcert", "sslkey", "sslcrl"])
    func `a pipe in a file's place is told, and not waited at`(keyword: String) throws {
        let folder = try TemporaryFolder()
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let listener = try FaultListener([.read, .send(Wire.acceptsTLS), .hold])
        let plan = Trial.plan([
            ("host", "127.0.0.1"), ("port", String(listener.port)), ("sslmode", "verify-full"),
            (keyword, pipe), ("user", "u"),
        ])
        let words = "\(keyword) \(pipe) is no file but a pipe"
        let trial = Trial(plan)
        #expect(trial.causes.first?.code == .profileIncomplete)
        #expect(trial.result.observation?.text == words)
        let outcome = StatementRun(
            plan, setup: [], statements: ["SELECT 1"], connectTimeout: .seconds(30),
            cancellation: Cancellation()
        ).run { _ in }
        guard case .failed(let message) = outcome else {
            Issue.record("it was not refused")
            return
        }
        #expect(message.text == words)
    }
}

import Synchronization
import TestSupport
import Postgres
import Profiles
import Testing
import TLS
import Workers

/// Statements against servers that misbehave.
@Suite(.timeLimit(.minutes(14)))
struct StatementTests {
    private static let loggedIn = Wire.authenticationOk + Wire.readyForQuery

    /// A server that logs everybody in and then says nothing, and to whoever comes second, as a cancel request does,
    /// nothing at all.
    private final class SilentServer {
        let listener: FaultListener
        /// Opened by the end of this value.
        private let end: Gate

        init(at query: @escaping @Sendable () -> Void) throws {
            let end = try #require(Gate())
            self.end = end
            let count = Atomic(0)
            listener = try FaultListener([
                .call {
                    guard count.add(1, ordering: .relaxed).newValue > 1 else { return }
                    _ = end.wait(Wait(deadline: .now + .seconds(800), cancellation: Cancellation()))
                },
                .read, .send(StatementTests.loggedIn), .read, .call(query), .hold,
            ])
        }

        deinit { end.open() }
    }

    private static func run(_ plan: LoginPlan, _ cancellation: Cancellation) -> StatementOutcome {
        StatementRun(
            plan, setup: [], statements: ["SELECT 1"], connectTimeout: .seconds(30),
            cancellation: cancellation
        ).run { _ in }
    }

    /// What something comes to that must not take for ever; nil where it does.
    private static func bounded<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> Value? {
        let (found, done) = (Found<Value>(), try #require(Gate()))
        #expect(
            WorkerThread.start {
                let value = body()
                found.value.withLock { $0 = value }
                done.open()
            })
        _ = done.wait(Wait(deadline: .now + .seconds(120), cancellation: Cancellation()))
        return found.value.withLock { $0 }
    }

    private final class Found<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    @Test func `a statement that is cancelled ends although its server hears of no cancellation`() throws {
        let cancellation = Cancellation()
        let server = try SilentServer { cancellation.cancel() }
        let plan = Trial.plan(port: server.listener.port, sslmode: .disable)
        #expect(try Self.bounded { Self.run(plan, cancellation) } == .cancelled)
        #expect(server.listener.accepted == 2)
    }

    @Test func `a question of our own ends at its time although its server hears of no cancellation`() throws
    {
        let server = try SilentServer {}
        let plan = Trial.plan(port: server.listener.port, sslmode: .disable)
        let words = try Self.bounded { Self.question(plan, within: .milliseconds(100)) }
        #expect(words == "the server did not answer in time")
    }

    @Test func `an answer without end is left once it is cancelled`() throws {
        let listener = try FaultListener([
            .read, .send(Self.loggedIn), .read, .send(Wire.rowDescription), .flood(Wire.row),
        ])
        let plan = Trial.plan(port: listener.port, sslmode: .disable)
        let outcome = try Self.bounded { () -> StatementOutcome in
            let cancellation = Cancellation()
            return StatementRun(
                plan, setup: [], statements: ["SELECT 1"], connectTimeout: .seconds(30),
                cancellation: cancellation
            ).run { event in if case .row = event { cancellation.cancel() } }
        }
        #expect(outcome == .cancelled)
    }

    @Test(arguments: [
        ([FaultListener.Step.flood(Wire.commandComplete)], "the server did not answer in time"),
        ([.send(Wire.copyOut), .hold], "the server wants to copy instead of answering"),
    ])
    func `a question of our own ends whatever comes for an answer`(
        answer: [FaultListener.Step], words: String
    ) throws {
        let listener = try FaultListener([.read, .send(Self.loggedIn), .read] + answer)
        let plan = Trial.plan(port: listener.port, sslmode: .disable)
        #expect(try Self.bounded { Self.question(plan, within: .seconds(2)) } == words)
    }

    /// What a question of our own comes to.
    private static func question(_ plan: LoginPlan, within time: Duration) -> String {
        do throws(DatabaseFailure) {
            let login = Wait(deadline: .now + .seconds(30), cancellation: Cancellation())
            let session = try DatabaseSession(plan, wait: login)
            let wait = Wait(deadline: .now + time, cancellation: Cancellation())
            return "\(try session.rows("SELECT 1", wait: wait))"
        } catch {
            return error.line
        }
    }

    @Test func `an address that swallows packets does not keep statements from the next`() throws {
        let hole = try BlackHole()
        let listener = try FaultListener(
            [.read, .send(Self.loggedIn), .read, .send(Wire.error("57P01", "the second one"))],
            address: 0x7f00_0002, port: hole.port)
        var plan = Trial.plan([
            ("host", "orders.example"), ("port", String(hole.port)), ("sslmode", "disable"), ("user", "u"),
        ])
        let addresses = try ["127.0.0.1", "127.0.0.2"].map {
            try #require(ResolvedAddress(literal: $0))
        }
        plan.names = NameBook { _, _ in .addresses(addresses, canonical: nil) }
        guard case .failed(let message) = Self.run(plan, Cancellation()) else {
            Issue.record("the server's error did not come")
            return
        }
        #expect(message.text.contains("the second one"))
        #expect(listener.accepted >= 1)
    }

    @Test func `a short password tears no sentence to pieces, and a long one is taken out`() throws {
        let words = "no rights for tables of tablespace-4711"
        for (password, shown) in [
            ("table", words), ("tablespace-4711", "no rights for tables of <redacted>"),
        ] {
            let listener = try FaultListener([
                .read, .send(Self.loggedIn), .read, .send(Wire.error("42501", words)),
            ])
            let plan = Trial.plan(port: listener.port, sslmode: .disable, password: password)
            guard case .failed(let message) = Self.run(plan, Cancellation()) else {
                Issue.record("the server's error did not come")
                continue
            }
            #expect(message.text.contains(shown))
        }
    }
}

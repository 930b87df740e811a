import Diagnosis
import Operations
import Profiles
import Synchronization
import TestSupport
import Testing
import Workers

/// Whom a typed password is for, and what becomes of a login whose question is called off.
@Suite(.timeLimit(.minutes(14)))
struct AskedPasswordsTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    /// A server that wants a password in the clear, says yes to any, and goes (PostgreSQL documentation, "Message
    /// Formats": AuthenticationCleartextPassword, AuthenticationOk and ReadyForQuery).
    private static func server() throws -> FaultListener {
        try FaultListener([
            .read, .send([0x52, 0, 0, 0, 8, 0, 0, 0, 3]), .read,
            .send([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]),
        ])
    }

    private static func profile(_ name: String, by server: FaultListener) -> Profile {
        var profile = Profile(name: name, host: "127.0.0.1")
        (profile.auth, profile.user, profile.sslmode) = (.password, "jo", .disable)
        profile.dial = "127.0.0.1:\(server.port)"
        return profile
    }

    /// A user who answers every question.
    private final class User: Sendable {
        private let questions = Mutex<[String]>([])
        var asked: [String] { questions.withLock { $0 } }

        var ask: AskedPasswords.Ask {
            { question, _ in
                self.questions.withLock { $0.append(question.profile) }
                return "open-sesame"
            }
        }
    }

    @Test func `a password that was typed for one way goes by no other, whatever the host is called`() throws
    {
        let (user, preparer) = (User(), fixture.preparer)
        let (here, elsewhere) = (try Self.server(), try Self.server())
        let profiles = [
            Self.profile("one", by: here), Self.profile("same", by: here),
            Self.profile("other", by: elsewhere),
        ]
        for profile in profiles {
            _ = preparer.run(
                ["select 1"], on: profile, readOnly: false, connectTimeout: .seconds(60),
                cancellation: Cancellation(), askPassword: user.ask, emit: { _ in })
        }
        #expect(user.asked == ["one", "other"])
        #expect(here.accepted == 3 && elsewhere.accepted == 2)
    }

    @Test func `a test whose question is called off was cancelled, and did not fail`() throws {
        let (server, cancellation) = (try Self.server(), Cancellation())
        var options = ConnectionTester.Options(timeout: .seconds(60), cancellation: cancellation)
        options.askPassword = { _, asking in
            asking.cancel()
            return nil
        }
        let tester = ConnectionTester(fixture.surroundings, mint: fixture.mint)
        let report = tester.test(
            Self.profile("one", by: server), options, began: { _ in }, ended: { _ in })
        #expect(report.outcome == .cancelled && report.causes.map(\.code) == [.cancelled], "\(report)")
        #expect(report.stages.first { $0.stage == .auth }?.outcome == .skipped)
        #expect(report.failedStage == nil)
    }

    @Test func `so were statements, and one that nobody answers failed`() throws {
        let server = try Self.server()
        for isCalledOff in [true, false] {
            let end = fixture.preparer.run(
                ["select 1"], on: Self.profile("one", by: server), readOnly: false,
                connectTimeout: .seconds(60), cancellation: Cancellation(),
                askPassword: { _, asking in
                    if isCalledOff { asking.cancel() }
                    return nil
                }, emit: { _ in })
            guard !isCalledOff else {
                #expect(end == .cancelled)
                continue
            }
            guard case .failed(let line, _, _) = end else {
                Issue.record("\(end)")
                continue
            }
            #expect(line.contains("no password supplied: none was given"), "\(line)")
        }
    }
}

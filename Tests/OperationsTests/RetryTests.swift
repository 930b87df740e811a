#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Operations
import Profiles
import TestSupport
import Testing
import Workers

/// A kept token that is refused is tried once more with a new one, and no other failure is.
@Suite(
    .enabled(if: FaultServer.certificates != nil, "python3 and openssl make the faults"),
    .timeLimit(.minutes(14)))
struct RetryTests {
    private static let refusal = "pwerror,code=28000,msg=PAM authentication failed for user \"iam_dba\""
    let fixture: Fixture
    let tester: ConnectionTester

    init() throws {
        fixture = try Fixture()
        tester = ConnectionTester(fixture.surroundings, mint: fixture.mint)
    }

    private func test(_ server: FaultServer, timeout: Duration = .seconds(30)) throws -> TestReport {
        let port = try server.port()
        let profile = Fixture.orders { profile in
            profile.host = FaultServer.host
            profile.dial = "127.0.0.1:\(port)"
            profile.sslrootcert = server.roots
        }
        return tester.test(
            profile, ConnectionTester.Options(timeout: timeout, cancellation: Cancellation()),
            began: { _ in }, ended: { _ in })
    }

    /// A token of the same second would be the same one.
    private func nextSecond() async {
        let second = Date().timeIntervalSince1970.rounded(.down)
        _ = await eventually { Date().timeIntervalSince1970.rounded(.down) > second }
    }

    @Test func `a kept token that is refused is tried once more with a new one, and it is said`() async throws
    {
        // Each second connection is refused.
        let server = try FaultServer("\(Self.refusal),every=2,else=ok")
        defer { withExtendedLifetime(server) {} }
        #expect(try test(server).outcome == .ok)
        await nextSecond()
        let report = try test(server)
        #expect(report.outcome == .ok)
        let token = try #require(report.stages.first { $0.stage == .token })
        #expect(token.detail.contains("signed anew: the kept one was refused"))
        #expect(try server.connections() == 3)
    }

    @Test func `a new token that is refused is not tried again, nor is a kept one twice`() async throws {
        let server = try FaultServer(Self.refusal)
        defer { withExtendedLifetime(server) {} }
        #expect(try test(server).causes.first?.code == .tokenRefused)
        #expect(try server.connections() == 1)
        await nextSecond()
        let report = try test(server)
        #expect(report.causes.first?.code == .tokenRefused && report.failedStage == .auth)
        #expect(try server.connections() == 3)
    }

    @Test func `a second attempt that the time runs out on leaves the first one's answer`() async throws {
        // Each second connection is refused, the others get no answer.
        let server = try FaultServer("\(Self.refusal),every=2,else=silent")
        defer { withExtendedLifetime(server) {} }
        #expect(try test(server, timeout: .seconds(1)).causes.first?.code == .tlsTimeout)
        await nextSecond()
        let report = try test(server, timeout: .seconds(8))
        #expect(report.causes.first?.code == .tokenRefused && report.failedStage == .auth)
        #expect(report.sqlstate == "28000")
        #expect(report.stages.filter { $0.outcome == .failed }.map(\.stage) == [.auth])
        #expect(report.stages.filter { $0.outcome == .ok }.map(\.stage).contains(.tls))
        #expect(try server.connections() == 3)
    }

    @Test func `what is no refused token is not tried again`() async throws {
        let server = try FaultServer("pwerror,code=28P01,msg=password authentication failed")
        defer { withExtendedLifetime(server) {} }
        _ = try test(server)
        await nextSecond()
        #expect(try test(server).causes.first?.code == .roleNotIAM)
        #expect(try server.connections() == 2)
    }
}

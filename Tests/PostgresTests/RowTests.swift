import Diagnosis
import Postgres
import Profiles
import TestSupport
import Testing

/// Every row of facts/fleet.md 3.3 that is a matter of the wire: stage, cause, and an end in bounded time.
@Suite(
    .enabled(if: FaultServer.certificates != nil, "python3 and openssl make the faults"),
    .serialized, .timeLimit(.minutes(14)))
struct RowTests {
    /// What a stall is given, and what nothing may take longer than, on however slow a machine.
    private static let allowed = Duration.seconds(4)
    private static let bound = Duration.seconds(90)

    @Test(arguments: Row.beforeTLS + Row.afterTLS + Row.queries)
    func `every fault ends at its stage, with its cause, in bounded time`(row: Row) throws {
        let server = try FaultServer(row.mode)
        defer { withExtendedLifetime(server) {} }
        let start = ContinuousClock.now
        let trial = Trial(
            try Self.plan(server, row), timeout: row.stalls ? Self.allowed : .seconds(30))
        #expect(ContinuousClock.now - start < Self.bound)
        #expect(trial.causes.first?.code == row.code, "\(trial.result.observation?.text ?? "no text")")
        #expect(trial.failedStage == row.code.stage)
        #expect(trial.causes.allSatisfy { !$0.check.isEmpty && !$0.fix.isEmpty })
        if !row.says.isEmpty { #expect(trial.result.observation?.text?.contains(row.says) == true) }
        #expect(trial.result.observation?.text?.contains(Self.secret) != true)
        // What was passed is ruled out, and nothing beyond it.
        let stage = try #require(row.code.stage)
        let words = RuledOut.words(trial.ended, failedAt: stage)
        #expect(words.contains("network path and port") == (stage > .tcp))
        #expect(words.contains("no secret was sent") == (stage <= .tls))
    }

    @Test func `a server that answers and then stalls in a detail is good, and what is not known is said`()
        throws
    {
        let server = try FaultServer("factsstall")
        defer { withExtendedLifetime(server) {} }
        var plan = try Self.plan(server, Self.good)
        plan.asksTopology = true
        let trial = Trial(plan)
        #expect(trial.failedStage == nil && trial.result.server?.version == "16.4")
        let session = try #require(trial.ended.last)
        #expect(session.stage == .session && session.outcome == .ok)
        #expect(session.detail.contains("unknown: the Aurora version (no answer in "))
    }

    @Test func `a flaky endpoint fails each third time, and each test says so for itself`() throws {
        let server = try FaultServer("starteof,every=3,else=ok")
        var codes: [CauseCode?] = []
        for _ in 0..<6 { codes.append(Trial(try Self.plan(server, Self.good)).causes.first?.code) }
        #expect(codes == [nil, nil, .authClosed, nil, nil, .authClosed])
        #expect(try server.connections() == 6)
    }

    @Test(arguments: [
        ("drop=1", CauseCode.tlsClosed), ("drop=1,rst=1", .tlsClosed), ("drop=3000", .authClosed),
        ("stall=0", .tlsTimeout),
    ])
    func `a proxy that breaks off is told by where the bytes stopped`(how: String, code: CauseCode) throws {
        let behind = try FaultServer("pwstall,cert=good")
        defer { withExtendedLifetime(behind) {} }
        let proxy = try FaultServer("raw,to=\(try behind.port()),\(how)")
        defer { withExtendedLifetime(proxy) {} }
        let trial = Trial(try Self.plan(proxy, Self.good), timeout: Self.allowed)
        // Where in the handshake 3000 bytes end is OpenSSL's affair: not before its end, and not after the login's.
        let stalled = how == "drop=3000" && trial.causes.first?.code == .authTimeout
        #expect(trial.causes.first?.code == code || stalled)
    }

    @Test func `a good login tells protocol, names, chain and root of its TLS`() throws {
        let server = try FaultServer("ok")
        defer { withExtendedLifetime(server) {} }
        let trial = Trial(try Self.plan(server, Self.good))
        #expect(trial.failedStage == nil)
        let tls = try #require(trial.ended.first { $0.stage == .tls })
        for words in [
            "TLSv1.3", "certificate good for ", "for \(FaultServer.host)", "chain of 1",
            "root Amazon RDS eu-west-1 Root CA ECC384 G1",
        ] { #expect(tls.detail.contains(words), "\(tls.detail)") }
        #expect(trial.result.server?.version == "16.4")
    }

    private static let good = Row(name: "good", mode: "ok", code: .unknown)
    private static let secret = "open sesame"

    private static func plan(_ server: FaultServer, _ row: Row) throws -> LoginPlan {
        var conninfo = Conninfo([
            ("host", FaultServer.host), ("hostaddr", "127.0.0.1"), ("port", String(try server.port())),
            ("sslmode", "verify-full"), ("sslrootcert", server.roots), ("user", "u"), ("dbname", "d"),
            // Nobody's password file takes part.
            ("passfile", "/nonexistent/pgpass"),
        ])
        for parameter in row.parameters { conninfo[parameter.key] = parameter.value }
        let plan = Trial.plan(
            conninfo.settings.map { ($0.keyword, $0.value) }, password: row.hasPassword ? secret : nil,
            auth: .iam)
        return plan
    }
}

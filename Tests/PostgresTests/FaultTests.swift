import TestSupport
import Diagnosis
import Postgres
import Profiles
import Synchronization
import TLS
import Testing
import Workers

/// The driver against servers that misbehave. That each of these returns at all is half of the test: the server
/// would go on for ever.
@Suite(.timeLimit(.minutes(14)))
struct FaultTests {
    @Test(arguments: Fault.beforeTLS + Fault.afterTLS)
    func `whatever a server does ends in its cause, and every connection is closed`(fault: Fault) async throws
    {
        let listener = try FaultListener(fault.script)
        let stalls = [.tlsTimeout, .authTimeout, .sessionTimeout].contains(fault.code)
        let trial = Trial(
            Trial.plan(port: listener.port, sslmode: fault.sslmode),
            timeout: stalls ? .milliseconds(1500) : .seconds(30))
        #expect(trial.causes.first?.code == fault.code)
        #expect(trial.failedStage == fault.code.stage)
        #expect(!trial.result.cancelled)
        #expect(trial.result.observation?.text?.contains("open sesame") != true)
        if fault.script.contains(where: \.endsWithThePeer) {
            #expect(await eventually { listener.leftByPeer == listener.accepted })
        }
    }

    @Test func `a closed port is refused at tcp`() throws {
        let trial = Trial(Trial.plan(port: try Loopback.closedPort(), sslmode: .require))
        #expect(trial.causes.first?.code == .tcpRefused)
        #expect(trial.failedStage == .tcp)
    }

    @Test func `a port that swallows packets times out at tcp`() throws {
        let hole = try BlackHole()
        let trial = Trial(Trial.plan(port: hole.port, sslmode: .require), timeout: .milliseconds(800))
        #expect(trial.causes.first?.code == .tcpTimeout)
        #expect(trial.failedStage == .tcp)
    }

    @Test func `of two addresses the silent and the shut one are both told of`() throws {
        let hole = try BlackHole()
        var plan = Trial.plan([
            ("host", "orders.example"), ("port", String(hole.port)), ("sslmode", "require"),
        ])
        let addresses = try ["127.0.0.1", "127.0.0.2"].map { try #require(ResolvedAddress(literal: $0)) }
        plan.names = NameBook { _, _ in .addresses(addresses, canonical: nil) }
        let trial = Trial(plan, timeout: .milliseconds(800))
        #expect(trial.causes.first?.code == .tcpRefused)
        #expect(
            trial.result.stages.last?.detail
                == "127.0.0.1 Connection timed out, 127.0.0.2 Connection refused")
    }

    @Test func `what a server does not tell of itself is said, and the login is good`() throws {
        let told =
            Wire.authenticationOk + Wire.parameter("server_version", "16.4") + Wire.readyForQuery
        let listener = try FaultListener([
            .read, .send(told), .read,
            .send(
                Wire.error("42501", "permission denied, open sesame", severity: "ERROR")
                    + Wire.readyForQuery), .hold,
        ])
        let trial = Trial(Trial.plan(port: listener.port, sslmode: .disable))
        #expect(trial.causes.isEmpty && trial.result.server?.version == "16.4")
        let detail = trial.result.stages.last?.detail ?? ""
        #expect(detail.contains("unknown: what else it says of itself"), "\(detail)")
        #expect(detail.contains("permission denied") && !detail.contains("open sesame"))
    }

    @Test func `a name that nobody knows fails at dns`() {
        let trial = Trial(
            Trial.plan([
                ("host", "orders.no-such-zone.invalid"), ("port", "5432"), ("sslmode", "verify-full"),
            ]))
        #expect([.dnsNotFound, .dnsTemporary].contains(trial.causes.first?.code))
        #expect(trial.failedStage == .dns)
        #expect(trial.began == [.dns])
    }

    @Test func `a resolver that is not done by the deadline is left behind`() {
        // No time at all: whatever the resolver of this machine would say comes too late.
        let trial = Trial(
            Trial.plan([
                ("host", "orders.no-such-zone.invalid"), ("port", "5432"), ("sslmode", "verify-full"),
            ]),
            timeout: .zero)
        #expect(trial.causes.first?.code == .dnsTimeout)
    }

    @Test func `the whole of the time is the name's, if it takes it`() throws {
        let allowed = Mutex(Duration.zero)
        var plan = Trial.plan([("host", "orders.example"), ("port", "1"), ("sslmode", "disable")])
        plan.names = NameBook { _, wait in
            allowed.withLock { $0 = wait.deadline - .now }
            return .timedOut
        }
        let trial = Trial(plan, timeout: .seconds(1000))
        #expect(trial.causes.map(\.code) == [.dnsTimeout] && trial.failedStage == .dns)
        #expect(allowed.withLock { $0 } > .seconds(800))
    }

    @Test func `what speaks before it is asked is shown by its own words`() throws {
        let listener = try FaultListener([.send(Array("SSH-2.0-OpenSSH_9.2p1 \u{1b}[2J\r\n".utf8)), .hold])
        let trial = Trial(Trial.plan(port: listener.port, sslmode: .verifyFull))
        let text = try #require(trial.result.observation?.text)
        #expect(text.hasSuffix(#"SSL negotiation: SSH-2.0-OpenSSH_9.2p1 \x1b[2J"#), "\(text)")
    }

    @Test func `Esc ends an attempt that waits for the server`() throws {
        let cancellation = Cancellation()
        let listener = try FaultListener([.read, .call { cancellation.cancel() }, .hold])
        let trial = Trial(
            Trial.plan(port: listener.port, sslmode: .require), timeout: .seconds(600),
            cancellation: cancellation)
        #expect(trial.result.cancelled)
        #expect(trial.result.observation == nil)
        #expect(trial.ended.last == StageResult(stage: .tls, outcome: .skipped, detail: "cancelled"))
    }

    @Test func `an attempt that was cancelled before it began does nothing`() {
        let cancellation = Cancellation()
        cancellation.cancel()
        let trial = Trial(Trial.plan(port: 5432, sslmode: .require), cancellation: cancellation)
        #expect(trial.result.cancelled)
        #expect(trial.began.isEmpty)
    }

    @Test func `without TLS under require no password leaves this machine`() throws {
        let listener = try FaultListener([.read, .send(Wire.refusesTLS), .read, .hold])
        let trial = Trial(Trial.plan(port: listener.port, sslmode: .verifyFull))
        #expect(trial.causes.first?.code == .tlsNotSupported)
        // The second read would have ended by a startup packet.
        #expect(listener.accepted == 1)
    }

    @Test func `a password that a server repeats is not shown`() throws {
        let listener = try FaultListener([
            .read, .send(Wire.cleartextPassword), .read,
            .send(Wire.error("28P01", "password \"open sesame\" is wrong")),
        ])
        let trial = Trial(Trial.plan(port: listener.port, sslmode: .disable))
        #expect(trial.causes.first?.code == .passwordRefused)
        #expect(trial.result.observation?.text?.contains("password \"<redacted>\" is wrong") == true)
    }

    @Test func `raw bytes of a server are shown by number`() throws {
        let listener = try FaultListener([.read, .send(Wire.error("XX000", "\u{1b}[2Jgone \u{202e}txt"))])
        let trial = Trial(Trial.plan(port: listener.port, sslmode: .disable))
        #expect(trial.causes.first?.code == .unknown)
        #expect(trial.result.observation?.text?.contains(#"FATAL:  \x1b[2Jgone \u202etxt"#) == true)
    }
}

extension FaultListener.Step {
    /// Whether it goes on until the other side closes.
    var endsWithThePeer: Bool {
        switch self {
        case .hold, .drip, .flood: true
        case .read, .send, .reset, .splice, .call: false
        }
    }
}

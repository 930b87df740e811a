import Diagnosis
import Postgres
import Profiles
import TLS
import TestSupport
import Testing
import Workers

/// Names with several addresses, of which some swallow packets, are shut, or answer: whatever the order, one that
/// answers is found, by a test and by statements alike.
@Suite(.timeLimit(.minutes(14)))
struct AddressTests {
    private enum Kind: String, CaseIterable {
        case good = "127.0.0.2"
        case silent = "127.0.0.1"
        case shut = "127.0.0.3"
        case shutToo = "::1"
    }

    private static let refusal = Wire.error("42501", "not told", severity: "ERROR") + Wire.readyForQuery

    /// A port that is silent at one address of this machine and answers at another.
    private static func servers() throws -> (hole: BlackHole, listener: FaultListener) {
        let hole = try BlackHole()
        let script: [FaultListener.Step] = [
            .read,
            .send(Wire.authenticationOk + Wire.parameter("server_version", "16.4") + Wire.readyForQuery),
            .read, .send(refusal), .hold,
        ]
        return (hole, try FaultListener(script, address: 0x7f00_0002, port: hole.port))
    }

    /// A process that stands still: its system takes connections for it.
    @Test(arguments: [SSLMode.disable, .require])
    func `one that takes connections and then says nothing leaves time for the next`(sslmode: SSLMode) throws
    {
        let frozen = try FaultListener([.hold])
        var script: [FaultListener.Step] = [
            .read,
            .send(Wire.authenticationOk + Wire.parameter("server_version", "16.4") + Wire.readyForQuery),
            .read, .send(Self.refusal), .hold,
        ]
        // Without TLS there the login gets no further than to a server that says so.
        if sslmode == .require { script = [.read, .send(Wire.refusesTLS), .hold] }
        let listener = try FaultListener(script, address: 0x7f00_0002, port: frozen.port)
        var plan = Trial.plan([
            ("host", "orders.example"), ("port", String(frozen.port)), ("sslmode", sslmode.rawValue),
            ("user", "u"),
        ])
        let addresses = try ["127.0.0.1", "127.0.0.2"].map { try #require(ResolvedAddress(literal: $0)) }
        plan.names = NameBook { _, _ in .addresses(addresses, canonical: nil) }
        let trial = Trial(plan, timeout: .seconds(4))
        #expect(frozen.accepted > 0)
        let told = trial.ended.map(\.detail).first { $0.contains("127.0.0.1 said nothing in 2.") }
        #expect(told?.hasSuffix("then 127.0.0.2)") == true, "\(trial.ended)")
        if sslmode == .require {
            #expect(trial.causes.first?.code == .tlsNotSupported)
        } else {
            #expect(trial.causes.isEmpty, "\(trial.causes)")
        }
        let run = StatementRun(
            plan, setup: [], statements: ["SELECT 1"], connectTimeout: .seconds(4),
            cancellation: Cancellation()
        ).run { _ in }
        guard case .failed(let message) = run else {
            Issue.record("\(run)")
            return
        }
        let expected = sslmode == .require ? "server does not support SSL" : "not told"
        #expect(message.text.contains(expected), "\(message.text)")
        withExtendedLifetime(listener) {}
    }

    private static func plan(_ kinds: [Kind], port: Int) throws -> LoginPlan {
        var plan = Trial.plan([
            ("host", "orders.example"), ("port", String(port)), ("sslmode", "disable"), ("user", "u"),
        ])
        let addresses = try kinds.map { try #require(ResolvedAddress(literal: $0.rawValue)) }
        plan.names = NameBook { _, _ in .addresses(addresses, canonical: nil) }
        return plan
    }

    @Test(arguments: [1, 2, 3])
    func `of any addresses one that answers is found, else the reason is the likeliest`(seed: UInt64) throws {
        let (hole, listener) = try Self.servers()
        var dice = SeededDice(seed: seed)
        for _ in 0..<25 {
            let count = Int.random(in: 1...4, using: &dice)
            let kinds = Array(Kind.allCases.shuffled(using: &dice).prefix(count))
            let plan = try Self.plan(kinds, port: hole.port)
            let isFound = kinds.contains(.good)
            let trial = Trial(plan, timeout: isFound ? .seconds(30) : .milliseconds(150))
            let shown = kinds.map(\.rawValue).joined(separator: " ")
            #expect(trial.causes.isEmpty == isFound, "\(shown): \(trial.causes)")
            if !isFound {
                let isShut = kinds.contains { $0 == .shut || $0 == .shutToo }
                #expect(trial.causes.first?.code == (isShut ? .tcpRefused : .tcpTimeout), "\(shown)")
                #expect(trial.failedStage == .tcp, "\(shown)")
            }
            let run = StatementRun(
                plan, setup: [], statements: ["SELECT 1"],
                connectTimeout: isFound ? .seconds(30) : .milliseconds(150), cancellation: Cancellation()
            ).run { _ in }
            guard case .failed(let message) = run else {
                Issue.record("\(shown): \(run)")
                continue
            }
            #expect((message.sqlstate == "42501") == isFound, "\(shown): \(message.text)")
        }
        withExtendedLifetime(listener) {}
    }
}

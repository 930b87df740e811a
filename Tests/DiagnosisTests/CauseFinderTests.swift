import Diagnosis
import Profiles
import Testing

struct CauseFinderTests {
    @Test(arguments: Sighting.wire + Sighting.login)
    func `every failure that libpq reports has its code and an advice`(sighting: Sighting) {
        let causes = CauseFinder.causes(for: sighting.seen)
        #expect(causes.first?.code == sighting.code)
        #expect(causes.allSatisfy { !$0.text.isEmpty && !$0.fix.isEmpty && !$0.text.contains("\n") })
        #expect(CauseFinder.stage(of: sighting.seen) == (sighting.code.stage ?? sighting.seen.stage))
    }

    @Test(arguments: CauseCode.allCases)
    func `every code has words of its own for a cause that was found before dialling`(code: CauseCode) {
        let cause = CauseFinder.cause(code, message: "what was found")
        #expect(cause.text == "what was found")
        #expect(!cause.fix.isEmpty && !cause.fix.contains("\n"))
    }

    @Test func `a refused token has the other readings of the same refusal behind it`() {
        let seen = Observation(
            stage: .auth, text: "FATAL:  PAM authentication failed for user \"u\"", sqlstate: "28000")
        #expect(
            CauseFinder.causes(for: seen).map(\.code) == [.tokenRefused, .tokenWrongEndpoint, .clockSkew])
    }

    @Test(arguments: [SSLMode.require, .verifyCA, .verifyFull])
    func `where the server's name was not checked, another server may have answered`(mode: SSLMode) {
        let isChecked = mode == .verifyFull
        func causes(_ text: String, _ sqlstate: String?) -> [Cause] {
            var seen = Observation(
                stage: .auth, text: text, sqlstate: sqlstate, host: "127.0.0.1", port: "21999")
            (seen.endpoint, seen.sslmode) = ("orders.example", mode)
            return CauseFinder.causes(for: seen)
        }
        let closed = causes("server closed the connection unexpectedly", nil)
        #expect(closed.map(\.code) == [.authClosed] + (isChecked ? [] : [.tokenWrongEndpoint]))
        let refused = causes("FATAL:  PAM authentication failed for user \"u\"", "28000")
        #expect(refused.map(\.code) == [.tokenRefused, .tokenWrongEndpoint, .clockSkew])
        for cause in [closed.last, isChecked ? nil : refused[1]].compactMap({ $0 }) where !isChecked {
            #expect(
                cause.text.hasPrefix(
                    "another server than orders.example may have answered, and has the token"))
            #expect(cause.remedy == .set(.sslmode, "verify-full"))
        }
        let words = RuledOut.words(
            [StageResult(stage: .tls, outcome: .ok, detail: "")], failedAt: .auth, sslmode: mode)
        #expect(words == [isChecked ? "TLS and the server's certificate" : "encryption"])
    }

    @Test func `the words name what was dialled and who by`() {
        let expired = Observation(
            stage: .tls, certificate: .expired(subject: "/CN=orders", since: "2026-01-01T00:00:00Z"))
        #expect(CauseFinder.causes(for: expired)[0].text.contains("2026-01-01T00:00:00Z"))
        let refused = Observation(stage: .tcp, network: .refused, host: "10.0.0.1", port: "6543")
        #expect(CauseFinder.causes(for: refused)[0].text.contains("10.0.0.1:6543"))
        var other = Observation(stage: .tls, certificate: .nameMismatch(names: ["b.example"]), host: "orders")
        other.endpoint = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"
        #expect(CauseFinder.causes(for: other)[0].remedy == .edit(.host))
        other.dial = "127.0.0.1:5432"
        #expect(CauseFinder.causes(for: other)[0].remedy == .edit(.dial))
        var shut = Observation(stage: .tcp, network: .refused, host: "10.0.0.1", port: "5439")
        shut.dial = "10.0.0.1:5439"
        #expect(CauseFinder.causes(for: shut)[0].remedy == .edit(.dial))
        shut.dialNamesPort = false
        #expect(CauseFinder.causes(for: shut)[0].remedy == .edit(.port))
        #expect(CauseFinder.causes(for: shut)[0].fix.hasPrefix("check the port in the profile"))
        let stranger = Observation(stage: .auth, sqlstate: "28P01", user: "jane_doe")
        #expect(CauseFinder.causes(for: stranger)[0].fix.contains("GRANT rds_iam TO \"jane_doe\""))
    }

    @Test func `a socket that nobody listens at is no matter of ports and tunnels`() {
        let missing = Observation(
            stage: .tcp,
            text:
                "connection to server on socket \"/run/pg/.s.PGSQL.5433\" failed: No such file or directory",
            host: "/run/pg", port: "5433")
        let cause = CauseFinder.causes(for: missing)[0]
        #expect(cause.code == .tcpRefused && cause.remedy == .edit(.host))
        #expect(cause.text.hasPrefix("there is no socket /run/pg/.s.PGSQL.5433: the server does not run"))
        var left = missing
        (left.text, left.network) = (nil, .refused)
        #expect(
            CauseFinder.causes(for: left)[0].text.hasPrefix(
                "no server takes connections at the socket /run/pg/.s.PGSQL.5433"))
        left.network = .unreachable
        #expect(CauseFinder.causes(for: left)[0].check == "`ls -l /run/pg/.s.PGSQL.5433`")
        for seen in [missing, left] {
            let cause = CauseFinder.causes(for: seen)[0]
            #expect(!(cause.text + cause.check + cause.fix).contains("tunnel"))
        }
    }
}

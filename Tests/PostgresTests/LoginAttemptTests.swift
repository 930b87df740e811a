#if canImport(FoundationEssentials)
import TestSupport
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Postgres
import Profiles
import Testing
import TLS

/// The state machine alone: events in, actions and stages out.
struct LoginAttemptTests {
    private static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"
    private static let start = ContinuousClock.now
    private static let now = Date(timeIntervalSince1970: 1_795_528_800)

    private static func moment(_ milliseconds: Int) -> Moment {
        Moment(
            instant: start + .milliseconds(milliseconds),
            date: now.addingTimeInterval(Double(milliseconds) / 1000))
    }

    private static func plan(
        host: String = host, sslmode: SSLMode = .verifyFull, auth: Authentication = .iam,
        tokenLife: Double = 900
    ) -> LoginPlan {
        LoginPlan(
            conninfo: Conninfo([
                ("host", host), ("port", "5432"), ("sslmode", sslmode.rawValue), ("dbname", "orders"),
                ("user", "iam_dba"),
            ]), auth: auth,
            tokenClock: auth == .iam
                ? TokenClock(
                    signedAt: now, expiresAt: now.addingTimeInterval(tokenLife), limitedBy: .token,
                    provider: "environment") : nil)
    }

    private static func address(_ literal: String) throws -> ResolvedAddress {
        try #require(ResolvedAddress(literal: literal))
    }

    private static let facts = ServerFacts(version: "16.4", role: .writer, currentUser: "iam_dba")

    /// Plays events a millisecond apart; the actions that were asked for.
    private static func play(
        _ attempt: inout LoginAttempt, _ events: [LoginAttempt.Event]
    ) -> [LoginAttempt.Action] {
        events.enumerated().map { attempt.handle($0.element, at: moment($0.offset)) }
    }

    @Test func `a good login goes through its stages in order, each with its time`() throws {
        let address = try Self.address("10.20.7.31")
        var attempt = LoginAttempt(Self.plan())
        let actions = Self.play(
            &attempt,
            [
                .started, .resolved([address], canonical: nil), .phase(.connecting), .phase(.connected),
                .phase(.securing), .phase(.authenticating(tls: "TLSv1.3")),
                .phase(.authenticating(tls: "TLSv1.3")),
                .phase(.ready(tls: "TLSv1.3")), .answered(Self.facts, isAurora: true),
                .auroraAnswered("16.4.1"),
            ])
        #expect(
            actions == [
                .resolve(Self.host), .dial(address), .poll, .poll, .poll, .poll, .poll, .ask, .askAurora,
                .finish,
            ])
        let result = attempt.result
        #expect(result.stages.map(\.stage) == [.dns, .tcp, .tls, .token, .auth, .session])
        #expect(result.stages.map(\.milliseconds) == [1, 2, 2, 0, 2, 2])
        #expect(result.stages.allSatisfy { $0.outcome == .ok })
        #expect(result.server?.auroraVersion == "16.4.1")
        #expect(result.stages[0].detail == "10.20.7.31 (private)")
        #expect(result.stages[3].detail == "good until 2026-11-24T14:15:00Z, environment")
    }

    @Test func `a detail that is not to be had leaves the login good, and is said to be unknown`() throws {
        var plan = Self.plan()
        plan.asksTopology = true
        var attempt = LoginAttempt(plan)
        let actions = Self.play(
            &attempt,
            [
                .started, .resolved([try Self.address("10.20.7.31")], canonical: nil), .phase(.connecting),
                .phase(.ready(tls: "TLSv1.3")), .answered(Self.facts, isAurora: true),
                .detailMissing("the Aurora version (permission denied)", isLast: false),
                .detailMissing("the cluster's servers (no answer in 2.0 s)", isLast: true),
            ])
        #expect(actions.suffix(3) == [.askAurora, .askCluster(isAurora: true), .finish])
        let session = try #require(attempt.result.stages.last)
        #expect(session.stage == .session && session.outcome == .ok)
        #expect(session.detail.contains("unknown: the Aurora version (permission denied)"))
        #expect(session.detail.contains("unknown: the cluster's servers (no answer in 2.0 s)"))
        #expect(attempt.result.observation == nil)
    }

    @Test func `every stage is told when it begins and when it ends`() throws {
        var attempt = LoginAttempt(Self.plan())
        _ = attempt.handle(.started, at: Self.moment(0))
        #expect(attempt.takeNotes() == [.began(.dns)])
        _ = attempt.handle(
            .resolved([try Self.address("10.0.0.1")], canonical: "x.example"), at: Self.moment(3))
        let dns = StageResult(
            stage: .dns, outcome: .ok, milliseconds: 3, detail: "10.0.0.1 (private) via x.example")
        #expect(attempt.takeNotes() == [.ended(dns), .began(.tcp)])
        #expect(attempt.takeNotes().isEmpty)
    }

    @Test func `where a name took most of the time, a stage that had none left says so too`() throws {
        func causes(nameTook: Int, _ event: LoginAttempt.Event) throws -> [Cause] {
            var attempt = LoginAttempt(Self.plan())
            _ = attempt.handle(.started, at: Self.moment(0))
            _ = attempt.handle(
                .resolved([try Self.address("10.0.0.1")], canonical: nil), at: Self.moment(nameTook))
            _ = attempt.handle(event, at: Self.moment(10_000))
            return CauseFinder.causes(for: try #require(attempt.result.observation))
        }
        let late = try causes(nameTook: 9_500, .timedOut)
        #expect(late.map(\.code) == [.tcpTimeout, .dnsTimeout])
        #expect(late[1].text.contains("the name alone took 9.5 s"))
        #expect(
            try causes(nameTook: 9_500, .networkFailed(.timedOut, text: "timed out")).map(\.code)
                == [.tcpTimeout, .dnsTimeout])
        #expect(
            try causes(nameTook: 9_500, .networkFailed(.refused, text: "refused")).map(\.code)
                == [.tcpRefused])
        #expect(try causes(nameTook: 20, .timedOut).map(\.code) == [.tcpTimeout])
    }

    @Test func `an address needs no resolver, a socket neither that nor TLS`() throws {
        var direct = LoginAttempt(Self.plan(host: "10.0.0.1"))
        #expect(direct.handle(.started, at: Self.moment(0)) == .dial(try Self.address("10.0.0.1")))
        let known = StageResult(
            stage: .dns, outcome: .ok, milliseconds: 0, detail: "10.0.0.1 (private), an address")
        #expect(direct.takeNotes() == [.began(.dns), .ended(known), .began(.tcp)])
        var socket = LoginAttempt(Self.plan(host: "/var/run/postgresql", auth: .none))
        let actions = Self.play(&socket, [.started, .phase(.authenticating(tls: nil))])
        #expect(actions == [.dial(nil), .poll])
        #expect(socket.result.stages.filter { $0.outcome == .skipped }.map(\.stage) == [.dns, .tls, .token])
    }

    @Test func `several addresses are probed before libpq dials one`() throws {
        let addresses = [try Self.address("10.0.0.1"), try Self.address("10.0.0.2")]
        var attempt = LoginAttempt(Self.plan())
        let actions = Self.play(
            &attempt,
            [
                .started, .resolved(addresses, canonical: nil),
                .reached(addresses[1], others: ["10.0.0.1 Connection refused"], left: []), .phase(.connected),
            ])
        #expect(actions == [.resolve(Self.host), .probe(addresses), .dial(addresses[1]), .poll])
        #expect(attempt.result.stages.last?.detail == "10.0.0.2:5432  (10.0.0.1 Connection refused)")
    }

    @Test
    func
        `one that takes the connection and says nothing has its share of the time, then the next is dialled`()
        throws
    {
        let addresses = [try Self.address("10.0.0.1"), try Self.address("10.0.0.2")]
        var attempt = LoginAttempt(Self.plan())
        let begun: [LoginAttempt.Event] = [
            .started, .resolved(addresses, canonical: nil),
            .reached(addresses[0], others: ["10.0.0.2 ok 1 ms"], left: [addresses[1]]), .phase(.connected),
            .silent,
        ]
        var actions = Self.play(&attempt, begun)
        #expect(actions.suffix(3) == [.dial(addresses[0], oneOf: 2), .poll, .dial(addresses[1])])
        var other = attempt
        actions = Self.play(
            &attempt,
            [
                .phase(.connecting), .phase(.securing), .phase(.ready(tls: "TLSv1.3")),
                .answered(Self.facts, isAurora: false),
            ])
        #expect(actions == [.poll, .poll, .ask, .finish])
        let stages = attempt.result.stages
        #expect(stages.map(\.stage) == [.dns, .tcp, .tls, .token, .auth, .session])
        #expect(stages[1].detail == "10.0.0.1:5432  (10.0.0.2 ok 1 ms)")
        #expect(stages[2].detail == "TLSv1.3  (10.0.0.1 said nothing in 2 ms, then 10.0.0.2)")
        #expect(stages[4].detail == "logged in as iam_dba")

        // Where the others take no connection, the silence of the first is what stands.
        let text = #"connection to server at "10.0.0.2", port 5432 failed: Connection refused"#
        _ = Self.play(&other, [.networkFailed(.refused, text: text)])
        let seen = try #require(other.result.observation)
        #expect(CauseFinder.causes(for: seen).first?.code == .tlsTimeout)
        #expect(
            other.result.stages.last?.detail
                == "no answer in the time allowed  (10.0.0.1 said nothing in 2 ms, then 10.0.0.2, "
                + "10.0.0.2 Connection refused)")
    }

    @Test func `where no address answers, each is told of, and whether they are private`() throws {
        var attempt = LoginAttempt(Self.plan())
        let text = """
            connection to server at "10.0.0.1", port 5432 failed: Connection timed out
            connection to server at "10.0.0.2", port 5432 failed: Connection refused
            """
        let addresses = [try Self.address("10.0.0.1"), try Self.address("10.0.0.2")]
        _ = Self.play(
            &attempt,
            [.started, .resolved(addresses, canonical: nil), .networkFailed(.refused, text: text)])
        #expect(
            attempt.result.stages.last?.detail
                == "10.0.0.1 Connection timed out, 10.0.0.2 Connection refused")
        #expect(attempt.result.observation?.isPrivate == true)
        var mixed = LoginAttempt(Self.plan())
        let both = [try Self.address("10.0.0.1"), try Self.address("2600:1f18::1")]
        _ = Self.play(&mixed, [.started, .resolved(both, canonical: nil), .timedOut])
        #expect(mixed.result.observation?.isPrivate == nil && mixed.result.observation?.isIPv6 == false)
        #expect(mixed.result.stages.last?.detail == "no answer in the time allowed")
    }

    @Test func `a certificate that libpq refuses is looked at before the test ends`() throws {
        let refused = LibpqMessage(
            "connection to server at \"x\" failed: SSL error: certificate verify failed")
        var attempt = LoginAttempt(Self.plan(host: "10.0.0.1"))
        let actions = Self.play(
            &attempt,
            [
                .started, .phase(.securing), .refused(refused, network: nil, needsPassword: false),
                .judged(.expired(subject: "/CN=x", since: "2026-01-01T00:00:00Z")),
            ])
        #expect(actions == [.dial(try Self.address("10.0.0.1")), .poll, .judge, .finish])
        let seen = try #require(attempt.result.observation)
        #expect(CauseFinder.causes(for: seen).first?.code == .certExpired)
        // The time of the stage is that of the login, not of the second look.
        #expect(attempt.result.stages.last?.milliseconds == 1)
        #expect(attempt.result.stages.last?.detail == "SSL error: certificate verify failed")
    }

    @Test(arguments: [
        ("3D000", StageResult.Outcome.ok, Stage.session), ("42501", .ok, .session),
        ("57P03", .skipped, .session),
        ("53300", .skipped, .session), ("28P01", .failed, .auth), ("28000", .failed, .auth),
    ])
    func `what the server says of the database fails the session, not the login`(
        sqlstate: String, auth: StageResult.Outcome, failed: Stage
    ) {
        var message = LibpqMessage("FATAL:  no")
        message.sqlstate = sqlstate
        var attempt = LoginAttempt(Self.plan(host: "10.0.0.1"))
        _ = Self.play(
            &attempt,
            [
                .started, .phase(.authenticating(tls: "TLSv1.3")),
                .refused(message, network: nil, needsPassword: false),
            ])
        let stages = attempt.result.stages
        #expect(stages.first { $0.stage == .auth }?.outcome == auth)
        #expect(stages.first { $0.outcome == .failed }?.stage == failed)
    }

    @Test func `a token that has ended is known to have`() throws {
        var message = LibpqMessage("FATAL:  PAM authentication failed for user \"iam_dba\"")
        message.sqlstate = "28000"
        for (life, code) in [(900.0, CauseCode.tokenRefused), (0, .tokenExpired)] {
            var attempt = LoginAttempt(Self.plan(host: "10.0.0.1", tokenLife: life))
            _ = Self.play(
                &attempt,
                [
                    .started, .phase(.authenticating(tls: "TLSv1.3")),
                    .refused(message, network: nil, needsPassword: false),
                ])
            #expect(CauseFinder.causes(for: try #require(attempt.result.observation)).first?.code == code)
        }
    }

    @Test(arguments: [
        ([LoginAttempt.Event.started], CauseCode.dnsTimeout),
        ([.started, .resolved([], canonical: nil)], .tcpTimeout),
        ([.started, .resolved([], canonical: nil), .phase(.securing)], .tlsTimeout),
        ([.started, .resolved([], canonical: nil), .phase(.authenticating(tls: "x"))], .authTimeout),
        ([.started, .resolved([], canonical: nil), .phase(.ready(tls: "x"))], .sessionTimeout),
    ])
    func `the deadline fails the stage that was under way`(events: [LoginAttempt.Event], code: CauseCode)
        throws
    {
        var attempt = LoginAttempt(Self.plan())
        _ = Self.play(&attempt, events)
        #expect(attempt.handle(.timedOut, at: Self.moment(9)) == .finish)
        #expect(CauseFinder.causes(for: try #require(attempt.result.observation)).first?.code == code)
        #expect(attempt.result.stages.last?.outcome == .failed)
    }

    @Test func `once over, nothing that comes late changes it`() throws {
        var attempt = LoginAttempt(Self.plan())
        _ = Self.play(&attempt, [.started, .cancelled])
        let before = attempt.result.stages
        let address = try Self.address("10.0.0.1")
        let late: [LoginAttempt.Event] = [
            .resolved([address], canonical: nil), .timedOut, .phase(.ready(tls: nil)),
        ]
        #expect(Self.play(&attempt, late) == [.finish, .finish, .finish])
        #expect(attempt.result.stages == before)
        #expect(attempt.result.cancelled)
    }

    @Test func `settings that libpq refuses and a missing libpq fail before anything is dialled`() throws {
        for (event, code) in [
            (LoginAttempt.Event.settingsRefused("invalid sslmode value: \"x\""), CauseCode.profileIncomplete),
            (.libraryMissing("libpq.so.5: cannot open shared object file"), .unknown),
        ] {
            var attempt = LoginAttempt(Self.plan())
            #expect(attempt.handle(event, at: Self.moment(0)) == .finish)
            let cause = CauseFinder.causes(for: try #require(attempt.result.observation))[0]
            #expect(cause.code == code)
            #expect(attempt.result.stages.map(\.stage) == [.profile])
        }
    }
}

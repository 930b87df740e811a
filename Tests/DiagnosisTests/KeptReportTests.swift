#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Testing

/// What the store keeps of a report.
struct KeptReportTests {
    private static let at = Date(timeIntervalSince1970: 1_795_528_800)

    private static func failed(_ remedy: Remedy? = nil) -> TestReport {
        var report = TestReport(
            profileName: "会計", outcome: .failed, failedStage: .tls, milliseconds: 410.5,
            stages: [
                StageResult(stage: .profile, outcome: .ok, milliseconds: 0.1, detail: "eu-west-1"),
                StageResult(stage: .aws, outcome: .ok, milliseconds: 12, detail: "static keys"),
                StageResult(stage: .dns, outcome: .ok, milliseconds: 2, detail: "10.20.7.31"),
                StageResult(stage: .tcp, outcome: .ok, milliseconds: 8, detail: "10.20.7.31:5432"),
                StageResult(stage: .tls, outcome: .failed, milliseconds: 371.2, detail: "expired"),
                .notReached(.token), .notReached(.auth), .notReached(.session),
            ],
            causes: [
                Cause(.certExpired, text: "it has ended", check: "its date", fix: "renew it", remedy: remedy),
                Cause(.clockSkew, text: "the clock is off", fix: "set it"),
            ],
            sqlstate: "08006", message: "SSL error: expired\n(no data was sent)", testedAt: at)
        report.subject = ["endpoint  h:5432", "login     iam jo@db"]
        return report
    }

    private static let passed: TestReport = {
        var server = ServerFacts(
            version: "16.4", auroraVersion: "16.4.1", role: .reader, currentUser: "jane", readOnly: true,
            clockSkewSeconds: 1.5)
        server.roundTripMilliseconds = 4.5
        server.isIAMMember = true
        server.instance = "orders-2"
        server.cluster = [
            ClusterNode(name: "orders-1", isWriter: true),
            ClusterNode(name: "orders-2", isWriter: false, lagMilliseconds: 18, isSelf: true),
        ]
        return TestReport(
            profileName: "orders", outcome: .ok, milliseconds: 23.1,
            stages: Stage.allCases.map {
                StageResult(stage: $0, outcome: .ok, milliseconds: 1, detail: "fine")
            },
            server: server, testedAt: at)
    }()

    @Test(
        arguments: [
            nil, .login, .set(.region, "eu-west-1"), .set(.sslrootcert, ""), .drop(["a", "b"]), .fetchBundle,
            .edit(.host), .again,
        ] as [Remedy?])
    func `a report comes back as it was, with what a key would do about it`(_ remedy: Remedy?) throws {
        let report = Self.failed(remedy)
        let kept = try #require(TestReport(kept: report.kept))
        #expect(kept.jsonLine == report.jsonLine)
        #expect(kept.causes == report.causes && kept.subject == report.subject)
        #expect(kept.stages == report.stages && kept.ruledOutText == report.ruledOutText)
        #expect(kept.ticket(program: "pgfob") == report.ticket(program: "pgfob"))
        #expect(kept.summary == report.summary)
    }

    @Test func `what the server is comes back too`() throws {
        let kept = try #require(TestReport(kept: Self.passed.kept))
        #expect(kept.server == Self.passed.server)
        #expect(kept.jsonLine == Self.passed.jsonLine && kept.ruledOut.isEmpty)
    }

    @Test func `what may not go through a tunnel is ruled out as it was`() throws {
        var report = Self.failed()
        report.sslmode = .require
        let kept = try #require(TestReport(kept: report.kept))
        #expect(kept.ruledOut == report.ruledOut && !kept.ruledOut.isEmpty)
    }

    @Test func `no secret is kept, no text without end, and nothing that a terminal would act on`() throws {
        var report = Self.failed(.set(.notes, "password=hunter2secret"))
        let token = "h:5432/?Action=connect&DBUser=jo&X-Amz-Signature=0123456789abcdef0123456789abcdef"
        report.message = "refused \(token) for postgresql://jo:hunter2secret@h/db\u{1b}[2J"
        report.stages[4].detail = "password=hunter2secret " + String(repeating: "x", count: 100_000)
        report.causes[0].text = String(repeating: "because ", count: 10_000)
        report.causes += Array(repeating: report.causes[1], count: 500)
        report.subject = Array(repeating: "login postgresql://jo:hunter2secret@h/db", count: 1000)
        let text = report.kept
        #expect(!text.contains("hunter2secret") && !text.contains("0123456789abcdef"))
        #expect(!text.contains("\u{1b}") && !text.contains("\\u001b"))
        #expect(text.utf8.count < 16_384)
        let kept = try #require(TestReport(kept: text))
        #expect(kept.causes[0].remedy == nil && kept.outcome == .failed && kept.failedStage == .tls)
    }

    @Test(arguments: [
        "", "{}", "nonsense", "[1]", #"{"profile":"a","outcome":"odd","duration_ms":1,"at":"x"}"#,
    ])
    func `what is no report is none`(_ text: String) {
        #expect(TestReport(kept: text) == nil)
    }

    @Test func `words of another version are left out, and all eight stages are there`() throws {
        let text = Self.failed(.login).kept
            .replacing("cert-expired", with: "cert-from-the-future").replacing(
                #""do":"login""#, with: #""do":"dance""#
            )
            .replacing(#""name":"dns""#, with: #""name":"oracle""#)
        let kept = try #require(TestReport(kept: text))
        #expect(kept.causes[0].code == .unknown && kept.causes[0].remedy == nil)
        #expect(kept.stages.map(\.stage) == Stage.allCases && kept.stages[2] == .notReached(.dns))
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Testing

struct TestReportTests {
    private static let failed: TestReport = {
        var progress = TestProgress()
        progress.ended(StageResult(stage: .profile, outcome: .ok, milliseconds: 0.06, detail: "eu-west-1"))
        progress.ended(
            StageResult(stage: .tls, outcome: .failed, milliseconds: 371.26, detail: "verify \"failed\""))
        return progress.report(
            profileName: "会計\u{1b}[2J", cancelled: false,
            causes: [
                Cause(.certExpired, text: "expired", check: "the date", fix: "renew", remedy: .again),
                Cause(.clockSkew, text: "clock", fix: "set it"),
            ],
            message: "SSL error\nsecond line", milliseconds: 410.04,
            testedAt: Date(timeIntervalSince1970: 1_795_528_800))
    }()

    private static let passed: TestReport = {
        var progress = TestProgress()
        for stage in Stage.allCases {
            progress.ended(StageResult(stage: stage, outcome: .ok, milliseconds: 1, detail: "fine"))
        }
        return progress.report(
            profileName: "orders", cancelled: false, causes: [],
            server: ServerFacts(version: "16.4", auroraVersion: "16.4.1", role: .reader, currentUser: "jane"),
            milliseconds: 23.1, testedAt: Date(timeIntervalSince1970: 1_795_528_800))
    }()

    @Test func `a failed test is one line of JSON as scripts rely on it`() {
        #expect(
            Self.failed.jsonLine == #"""
                {"profile":"会計\u001b[2J","outcome":"failed","failed_stage":"tls","duration_ms":410.0,"stages":[\#
                {"name":"profile","outcome":"ok","duration_ms":0.1,"detail":"eu-west-1"},\#
                {"name":"aws","outcome":"skipped","duration_ms":null,"detail":"not reached"},\#
                {"name":"dns","outcome":"skipped","duration_ms":null,"detail":"not reached"},\#
                {"name":"tcp","outcome":"skipped","duration_ms":null,"detail":"not reached"},\#
                {"name":"tls","outcome":"failed","duration_ms":371.3,"detail":"verify \"failed\""},\#
                {"name":"token","outcome":"skipped","duration_ms":null,"detail":"not reached"},\#
                {"name":"auth","outcome":"skipped","duration_ms":null,"detail":"not reached"},\#
                {"name":"session","outcome":"skipped","duration_ms":null,"detail":"not reached"}],\#
                "cause":{"code":"cert-expired","text":"expired","fix":"renew","check":"the date","key_fix":"try again"},\#
                "causes":[\#
                {"code":"cert-expired","text":"expired","fix":"renew","check":"the date","key_fix":"try again"},\#
                {"code":"clock-skew","text":"clock","fix":"set it","check":"","key_fix":null}],\#
                "ruled_out":["no secret was sent"],"sqlstate":null,\#
                "message":"SSL error\nsecond line","server":null,"at":"2026-11-24T14:00:00Z"}
                """#)
    }

    @Test func `a passed test tells what the server is`() {
        let line = Self.passed.jsonLine
        #expect(line.contains(#""outcome":"ok","failed_stage":null,"duration_ms":23.1"#))
        #expect(
            line.contains(
                #""server":{"version":"16.4","aurora_version":"16.4.1","role":"reader","current_user":"jane""#
            ))
        #expect(line.contains(#""cause":null,"causes":[]"#))
    }

    @Test func `people read eight stages, the likely cause and what to do`() {
        let lines = Self.failed.lines
        #expect(lines.first?.hasSuffix("FAILED at 5 of 8, tls, 410 ms") == true)
        #expect(lines.contains(" 5 tls      FAIL   371 ms  verify \"failed\""))
        #expect(lines.contains(" 8 session  -              not reached"))
        #expect(lines.contains(" Likely cause   expired [cert-expired]"))
        #expect(lines.contains(" What to do     renew"))
        #expect(lines.contains(" libpq said     SSL error"))
        #expect(Self.passed.lines.count == 9)
    }

    @Test(arguments: [
        (0.4, "<1 ms"), (23.4, "23 ms"), (999.4, "999 ms"), (1449, "1.4 s"), (Double.infinity, "?"),
    ])
    func `durations are short`(milliseconds: Double, text: String) {
        #expect(TestReport.duration(milliseconds) == text)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import GRDB
import ProfileStore
import Profiles
import TestSupport
import Testing

struct HistoryTests {
    let folder: TemporaryFolder
    let store: ProfileStore

    init() throws {
        folder = try TemporaryFolder()
        store = try ProfileStore(path: folder.file("p.db"))
    }

    private static func report(_ number: Int, _ outcome: TestReport.Outcome = .ok) -> TestReport {
        TestReport(
            profileName: "orders", outcome: outcome, failedStage: outcome == .ok ? nil : .tls,
            milliseconds: Double(number), stages: Stage.allCases.map { .notReached($0) },
            causes: outcome == .ok ? [] : [Cause(.certExpired, text: "it has ended", fix: "renew it")],
            server: ServerFacts(version: "16.4", role: .writer, currentUser: "jo"),
            testedAt: Date(timeIntervalSince1970: 1_795_000_000 + Double(number)))
    }

    private static func test(_ number: Int, _ outcome: TestReport.Outcome = .ok) -> TestSummary {
        report(number, outcome).summary
    }

    @Test func `what tests found is kept beside the last result, the latest first`() throws {
        let profile = Profile(name: "orders", host: "h")
        try store.insert(profile)
        try store.recordTests([(profile.id, Self.report(1)), (profile.id, Self.report(2, .failed))])
        let entries = try store.history(of: [profile.id], kinds: [.test], limit: 10)
        #expect(
            entries
                == [Self.test(2, .failed), Self.test(1)].map {
                    var entry = HistoryEntry(profileID: profile.id, test: $0)
                    entry.name = "orders"
                    return entry
                })
        #expect(try store.all().first?.lastTest?.cause == "cert-expired")
        #expect(try store.history(of: [profile.id], kinds: [.test], limit: 1).count == 1)
    }

    @Test func `of each profile the latest are kept, and no more`() throws {
        let profiles = [Profile(name: "a", host: "h"), Profile(name: "b", host: "h")]
        for profile in profiles { try store.insert(profile) }
        let many = (0..<(ProfileStore.kept + 50)).map { (profiles[0].id, Self.report($0)) }
        try store.recordTests(many + [(profiles[1].id, Self.report(7))])
        let entries = try store.history(of: [profiles[0].id], kinds: [.test], limit: 10_000)
        #expect(entries.count == ProfileStore.kept)
        #expect(entries.first?.milliseconds == Double(ProfileStore.kept + 49))
        #expect(entries.last?.milliseconds == 50)
        #expect(try store.history(of: [profiles[1].id], kinds: [.test], limit: 10).count == 1)
        #expect(try store.history(of: nil, kinds: [.test], limit: 10_000).count == ProfileStore.kept + 1)
    }

    @Test func `the stages of the last test are kept, and go with the profile`() throws {
        let profiles = [Profile(name: "a", host: "h"), Profile(name: "b", host: "h")]
        for profile in profiles { try store.insert(profile) }
        #expect(try store.lastReport(of: profiles[0].id) == nil)
        try store.recordTests([
            (profiles[0].id, Self.report(1)), (profiles[0].id, Self.report(2, .failed)),
            (profiles[1].id, Self.report(3)),
        ])
        let last = try #require(try store.lastReport(of: profiles[0].id))
        #expect(last.outcome == .failed && last.failedStage == .tls)
        #expect(last.causes == Self.report(2, .failed).causes && last.stages.count == Stage.allCases.count)
        #expect(last.testedAt == Self.report(2).testedAt)
        try store.trash([profiles[0].id])
        try store.restore([profiles[0].id])
        #expect(try store.lastReport(of: profiles[0].id)?.outcome == .failed)
        // Another program, and another opening of the file.
        let other = try ProfileStore(path: folder.file("p.db"))
        #expect(try other.lastReport(of: profiles[1].id)?.server?.currentUser == "jo")
    }

    @Test func `stages of another test than the row tells of are not shown for it`() throws {
        let profile = Profile(name: "a", host: "h")
        try store.insert(profile)
        try store.recordTests([(profile.id, Self.report(1))])
        try DatabaseQueue(path: folder.file("p.db")).write { db in
            try db.execute(sql: "UPDATE profiles SET tested_at = tested_at + 60")
        }
        #expect(try store.lastReport(of: profile.id) == nil)
    }

    @Test func `a draft that was never saved leaves nothing behind`() throws {
        try store.recordTests([(UUID(), Self.report(1))])
        #expect(try store.history(of: nil, kinds: [.test], limit: 10).isEmpty)
    }

    @Test func `an entry is one line of JSON`() {
        let id = UUID()
        let entry = HistoryEntry(profileID: id, test: Self.test(20, .failed))
        #expect(
            entry.jsonLine(profile: "orders")
                == #"{"profile":"orders","kind":"test","at":"2026-11-18T11:07:00Z","#
                + #""outcome":"failed","failed_stage":"tls","cause":"cert-expired","duration_ms":20.0,"#
                + #""role":"writer","server_version":"16.4","detail":null}"#)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
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

    private static func test(_ number: Int, outcome: String = "ok") -> TestSummary {
        TestSummary(
            outcome: outcome, failedStage: outcome == "ok" ? nil : "tls",
            cause: outcome == "ok" ? nil : "cert-expired", milliseconds: Double(number),
            testedAt: Date(timeIntervalSince1970: 1_795_000_000 + Double(number)), role: .writer,
            serverVersion: "16.4")
    }

    @Test func `what tests found is kept beside the last result, the latest first`() throws {
        let profile = Profile(name: "orders", host: "h")
        try store.insert(profile)
        try store.recordTests([(profile.id, Self.test(1)), (profile.id, Self.test(2, outcome: "failed"))])
        let entries = try store.history(of: [profile.id], kinds: [.test], limit: 10)
        #expect(
            entries
                == [Self.test(2, outcome: "failed"), Self.test(1)].map {
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
        let many = (0..<(ProfileStore.kept + 50)).map { (profiles[0].id, Self.test($0)) }
        try store.recordTests(many + [(profiles[1].id, Self.test(7))])
        let entries = try store.history(of: [profiles[0].id], kinds: [.test], limit: 10_000)
        #expect(entries.count == ProfileStore.kept)
        #expect(entries.first?.milliseconds == Double(ProfileStore.kept + 49))
        #expect(entries.last?.milliseconds == 50)
        #expect(try store.history(of: [profiles[1].id], kinds: [.test], limit: 10).count == 1)
        #expect(try store.history(of: nil, kinds: [.test], limit: 10_000).count == ProfileStore.kept + 1)
    }

    @Test func `a draft that was never saved leaves nothing behind`() throws {
        try store.recordTests([(UUID(), Self.test(1))])
        #expect(try store.history(of: nil, kinds: [.test], limit: 10).isEmpty)
    }

    @Test func `an entry is one line of JSON`() {
        let id = UUID()
        let entry = HistoryEntry(profileID: id, test: Self.test(20, outcome: "failed"))
        #expect(
            entry.jsonLine(profile: "orders")
                == #"{"profile":"orders","kind":"test","at":"2026-11-18T11:07:00Z","#
                + #""outcome":"failed","failed_stage":"tls","cause":"cert-expired","duration_ms":20.0,"#
                + #""role":"writer","server_version":"16.4","detail":null}"#)
    }
}

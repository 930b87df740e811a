#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import GRDB
import Diagnosis
import ProfileStore
import Profiles
import TestSupport
import Testing

struct ProfileStoreTests {
    let folder: TemporaryFolder
    var path: String { folder.file("data/pgfob/profiles.db") }

    init() throws { folder = try TemporaryFolder() }

    private func profile(_ name: String, _ change: (inout Profile) -> Void = { _ in }) -> Profile {
        var profile = Profile(name: name, host: "\(name).example")
        profile.user = "jo"
        change(&profile)
        return profile
    }

    @Test func `a new store is private: 0600 in folders of 0700`() throws {
        let store = try ProfileStore(path: path)
        try store.insert(profile("a"))
        #expect(folder.mode(of: "data/pgfob") == 0o700 && folder.mode(of: "data") == 0o700)
        for name in ["profiles.db", "profiles.db-wal", "profiles.db-shm"] {
            #expect(folder.mode(of: "data/pgfob/\(name)") == 0o600, "\(name)")
        }
        chmod(path, 0o644)
        _ = try ProfileStore(path: path)
        #expect(folder.mode(of: "data/pgfob/profiles.db") == 0o600)
    }

    @Test func `every field comes back, and no column is made for a secret`() throws {
        let full = profile("会計") {
            $0.group = "g"
            $0.environment = .other("sandbox")
            $0.tags = ["pci", "eu"]
            $0.notes = "two\nlines"
            $0.pinned = true
            $0.port = 5433
            $0.database = "d b"
            $0.auth = .pgpass
            $0.service = "s"
            $0.awsProfile = "acme"
            $0.region = Region(rawValue: "eu-west-1")
            $0.dial = "127.0.0.1:15432"
            $0.signingHost = "h.example:5432"
            $0.sslmode = .verifyCA
            $0.sslrootcert = "/ca.pem"
            $0.connectTimeout = 5
            $0.applicationName = "app"
            $0.readOnly = true
            $0.confirm = .name
            $0.parameters = ["options": "-c x='a b'", "keepalives": "1"]
        }
        try ProfileStore(path: path).insert(full)
        let store = try ProfileStore(path: path)
        #expect(try store.all().map(\.profile) == [full])
        let queue = try DatabaseQueue(path: path)
        let columns = try queue.read { db in try db.columns(in: "profiles").map(\.name) }
        #expect(columns.count > 35)
        #expect(
            columns.allSatisfy { !$0.contains("password") && !$0.contains("secret") && !$0.contains("token") }
        )
    }

    @Test func `an update writes only what changed, so that another program's change stays`() throws {
        let (one, two) = (try ProfileStore(path: path), try ProfileStore(path: path))
        let original = profile("a")
        try one.insert(original)
        var mine = original
        mine.notes = "mine"
        var theirs = original
        theirs.port = 5433
        try two.update(theirs, from: original)
        try one.update(mine, from: original)
        let saved = try #require(try one.find(name: "A"))
        #expect(saved.profile.notes == "mine" && saved.profile.port == 5433)
    }

    @Test func `a name is taken without regard to case, until its owner is in the trash`() throws {
        let store = try ProfileStore(path: path)
        let first = profile("Straße")
        try store.insert(first)
        let failure = #expect(throws: StoreFailure.self) { try store.insert(profile("STRASSE")) }
        #expect(failure?.isNameTaken == true)
        try store.trash([first.id])
        try store.insert(profile("strasse"))
        try store.restore([first.id])
        #expect(try Set(store.all().map(\.profile.name)) == ["strasse", "Straße (2)"])
        #expect(try store.trashed().isEmpty)
    }

    @Test func `many of one name come back together, each with a number of its own`() throws {
        let store = try ProfileStore(path: path)
        var ids: [UUID] = []
        for _ in 0..<4 {
            let one = profile("A")
            try store.insert(one)
            try store.trash([one.id])
            ids.append(one.id)
        }
        try store.insert([profile("a"), profile("A (3)")])
        try store.restore(ids)
        #expect(
            try Set(store.all().map(\.profile.name)) == ["a", "A (2)", "A (3)", "A (4)", "A (5)", "A (6)"])
    }

    @Test func `several profiles come in together or not at all`() throws {
        let store = try ProfileStore(path: path)
        #expect(throws: StoreFailure.self) { try store.insert([profile("a"), profile("b"), profile("A")]) }
        #expect(try store.all().isEmpty)
        try store.insert((0..<2000).map { profile("p\($0)") })
        #expect(try store.all().count == 2000)
    }

    @Test func `use and tests are kept, and an unknown role does not erase a known one`() throws {
        let store = try ProfileStore(path: path)
        let a = profile("a")
        try store.insert(a)
        let at = Date(timeIntervalSince1970: 1_795_530_000)
        try store.recordUse(a.id, at: at, seconds: 12.5)
        try store.recordUse(a.id, at: at, seconds: 3)
        let good = TestReport(
            profileName: "a", outcome: .ok, milliseconds: 23, stages: [],
            server: ServerFacts(version: "16.4", role: .writer, currentUser: "jo"), testedAt: at)
        let bad = TestReport(
            profileName: "a", outcome: .failed, failedStage: .tcp, milliseconds: 1, stages: [],
            causes: [Cause(.tcpRefused, text: "nobody listens", fix: "start it")], testedAt: at)
        try store.recordTests([(a.id, good), (a.id, bad)])
        let saved = try #require(try store.find(name: "a"))
        #expect(saved.timesUsed == 2 && saved.lastUsedAt == at && saved.lastSessionSeconds == 3)
        #expect(saved.lastTest?.cause == "tcp-refused" && saved.lastTest?.role == .writer)
        #expect(saved.updatedAt == saved.createdAt)
    }

    @Test func `what a profile was opened with is kept whole, and the next takes its place`() throws {
        let store = try ProfileStore(path: folder.file("profiles.db"))
        let orders = profile("orders")
        try store.insert(orders)
        #expect(try store.choice(of: orders.id) == SessionChoice())
        var choice = SessionChoice()
        (choice.database, choice.role, choice.endpoint) = ("archive", "order_desk", .reader)
        (choice.statementTimeout, choice.program) = ("30s", "pgcli --less-chatty")
        (choice.arguments, choice.place) = ("-v 'a b'", .split)
        try store.remember(choice, of: orders.id)
        #expect(try store.choice(of: orders.id) == choice)
        var next = SessionChoice()
        next.database = "orders"
        try store.remember(next, of: orders.id)
        #expect(try store.choice(of: orders.id) == next)
    }

    @Test func `a change by another program is noticed, one's own is not`() throws {
        let (one, two) = (try ProfileStore(path: path), try ProfileStore(path: path))
        let before = try one.dataVersion()
        try one.insert(profile("mine"))
        #expect(try one.dataVersion() == before)
        try two.insert(profile("theirs"))
        #expect(try one.dataVersion() != before)
        #expect(try one.all().count == 2)
    }

    @Test func `two programs write at the same time and nothing is lost`() async throws {
        _ = try ProfileStore(path: path)
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = try ProfileStore(path: path)
                    for number in 0..<25 {
                        var profile = Profile(name: "w\(writer)-\(number)", host: "h.example")
                        profile.user = "jo"
                        try store.insert(profile)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try ProfileStore(path: path).all().count == 100)
    }

    @Test func `the first page is the beginning of the list, read by an index alone`() throws {
        let store = try ProfileStore(path: path)
        let environments = ["prod", "dev", "stage", "Sandbox", "local", nil]
        try store.insert(
            (0..<60).map { number in
                profile("p\(number)") {
                    $0.environment = environments[number % 6].flatMap { Environment($0) }
                    $0.pinned = number % 7 == 0
                }
            })
        let used = try store.all().filter { $0.profile.name.hasSuffix("3") }
        for (age, saved) in used.enumerated() {
            try store.recordUse(saved.id, at: Date(timeIntervalSince1970: 1e9 - Double(age)), seconds: 1)
        }
        try store.trash([try #require(try store.find(name: "p0")).id])
        let whole = try store.firstPage(limit: 1000)
        #expect(whole.isWhole && whole.profiles.count == 59)
        let order = whole.profiles.map { $0.profile.environment?.word ?? "-" }
        #expect(order.first == "prod" && order == order.sorted { rank($0) < rank($1) })
        let prod = whole.profiles.filter { $0.profile.environment == .prod }.map(\.profile.name)
        #expect(prod == ["p42", "p12", "p18", "p24", "p30", "p36", "p48", "p54", "p6"])
        let page = try store.firstPage(limit: 10)
        #expect(!page.isWhole && page.profiles == Array(whole.profiles.prefix(10)))
        #expect(page.counts.first { $0.environment == .prod }?.profiles == 9)
        #expect(page.counts.reduce(0) { $0 + $1.profiles } == 59)
        let plan = try DatabaseQueue(path: path).read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(ProfileStore.firstPageSQL)", arguments: [10])
        }
        let steps = plan.compactMap { $0["detail"] as String? }
        #expect(
            steps.contains { $0.contains("profiles_shown") } && !steps.contains { $0.contains("TEMP B-TREE") }
        )
    }

    private func rank(_ word: String) -> Int {
        ["prod", "stage", "dev", "local", "Sandbox", "-"].firstIndex(of: word) ?? 9
    }

    @Test func `what another program has changed meanwhile is not overwritten unseen`() throws {
        let store = try ProfileStore(path: path)
        let old = profile("a") { $0.notes = "orig" }
        try store.insert(old)
        func changed(_ change: (inout Profile) -> Void) -> Profile {
            var copy = old
            change(&copy)
            return copy
        }
        let other = try ProfileStore(path: path)
        try other.update(changed { $0.notes = "theirs" }, from: old)
        let failure = #expect(throws: StoreFailure.self) {
            try store.update(
                changed {
                    $0.notes = "mine"
                    $0.port = 6000
                }, from: old)
        }
        #expect(failure?.kind == .changedElsewhere)
        #expect(failure?.what == "notes of \"a\" was changed elsewhere to \"theirs\"")
        #expect(try store.find(name: "a")?.profile.port == 5432)
        // Another field, and the same change once more, are no clash.
        try store.update(changed { $0.port = 6000 }, from: old)
        try store.update(changed { $0.notes = "theirs" }, from: old)
        #expect(try store.find(name: "a")?.profile.notes == "theirs")
    }
}

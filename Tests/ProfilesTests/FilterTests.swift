#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Testing

struct FilterTests {
    private static let now = Date(timeIntervalSince1970: 1_795_530_000)

    private static var orders: SavedProfile {
        var profile = Profile(name: "orders-writer", host: "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com")
        profile.environment = .prod
        profile.group = "Payments"
        profile.tags = ["pci", "eu"]
        profile.user = "iam_dba"
        profile.awsProfile = "acme"
        profile.notes = "Failover drill every 2nd Tuesday."
        let test = TestSummary(outcome: "ok", milliseconds: 3, testedAt: now.addingTimeInterval(-3600))
        return SavedProfile(profile: profile, createdAt: now, updatedAt: now, lastTest: test)
    }

    @Test(arguments: [
        ("", true), ("orders", true), ("ORDERS", true), ("writer orders", true), ("billing", false),
        ("!billing", true),
        ("!orders", false), ("env:prod", true), ("env:production", true), ("env:stage", false),
        ("tag:pci", true),
        ("tag:p", true), ("tag:x", false), ("group:pay", true), ("region:eu", true), ("region:us", false),
        ("!stale", false), ("stale", false), ("failover drill", true), ("user:iam", true), ("auth:iam", true),
        ("host:c1x9", true),
        ("env:prod tag:eu writer", true), ("env:prod tag:us", false), ("payments", true), ("acme", true),
        ("env:", true), ("x:y", false),
    ])
    func `terms and words all have to hold`(filter: String, kept: Bool) {
        #expect(ProfileFilter(filter).matches(Self.orders, now: Self.now, matching: .substring) == kept)
    }

    @Test(arguments: [
        // In the host, in its region as the list writes it, in the user, in a tag, in the group.
        ("ordrsclus", true), ("euw1", true), ("orders euw1", true), ("iamdba", true), ("pmnts", true),
        // Too far apart to be meant, across two fields, not there, of the notes only what stands together.
        ("owm", false), ("dbaacme", false), ("xq", false), ("fdrill", false),
    ])
    func `letters in order match in every field where they are close`(filter: String, kept: Bool) {
        #expect(ProfileFilter(filter).matches(Self.orders, now: Self.now, matching: .fuzzy) == kept)
        #expect(!ProfileFilter(filter).matches(Self.orders, now: Self.now, matching: .substring))
    }

    @Test(arguments: ["stale", "!stale", "!STALE"])
    func `what was not tested in the last day is kept with or without the mark`(filter: String) {
        var saved = Self.orders
        #expect(!ProfileFilter(filter).matches(saved, now: Self.now, matching: .fuzzy))
        saved.lastTest = nil
        #expect(ProfileFilter(filter).matches(saved, now: Self.now, matching: .fuzzy))
    }

    @Test(arguments: [
        ("test:ok", [true, false, false]), ("test:fail", [false, true, false]),
        ("test:tls", [false, true, false]),
        ("test:cert", [false, true, false]), ("test:TLS writer", [false, true, false]),
        ("test:none", [false, false, true]),
        ("!test:ok", [false, true, true]), ("test:tcp", [false, false, false]),
        ("test:", [true, true, true]),
    ])
    func `how the last test ended is looked for by outcome, stage and cause`(filter: String, kept: [Bool]) {
        var saved = [Self.orders, Self.orders, Self.orders]
        saved[1].lastTest = TestSummary(
            outcome: "failed", failedStage: "tls", cause: "cert-expired", milliseconds: 3, testedAt: Self.now)
        saved[2].lastTest = nil
        for matching in [ProfileFilter.Matching.fuzzy, .substring] {
            #expect(
                saved.map { ProfileFilter(filter).matches($0, now: Self.now, matching: matching) } == kept)
        }
    }

    @Test func `letters that are close count less than a word, and more than nothing`() {
        let places = Subsequence.places(of: Array("euw1".utf8), in: Array("orders.eu-west-1.rds".utf8))
        #expect(places == [7, 8, 10, 15])
        #expect(Subsequence.cost(of: Array("euw1".utf8), in: Array("eu-west-1".utf8)[...]) == 2)
        #expect(Subsequence.cost(of: Array("ab".utf8), in: Array("a\nb".utf8)[...]) == nil)
        #expect(Subsequence.cost(of: Array("ab".utf8), in: Array("axxxxxb".utf8)[...]) == nil)
        #expect(Subsequence.cost(of: Array("本番".utf8), in: Array("本の番".utf8)[...]) == nil)
    }

    @Test func `letters in order match on the screen and not on the command line`() {
        #expect(ProfileFilter("owr").matches(Self.orders, now: Self.now, matching: .fuzzy))
        #expect(!ProfileFilter("owr").matches(Self.orders, now: Self.now, matching: .substring))
    }

    @Test func `the better match scores higher`() {
        func score(_ filter: String, _ name: String) -> Int? {
            var saved = Self.orders
            saved.profile.name = name
            return ProfileFilter(filter).score(FilterKey(saved), now: Self.now, matching: .fuzzy)
        }
        let ranked = ["orders", "orders-writer", "all-orders", "preorders", "o-r-d-e-r-s"].map {
            score("orders", $0) ?? 0
        }
        #expect(ranked == ranked.sorted(by: >) && Set(ranked).count == ranked.count)
    }

    @Test(arguments: [
        ("ordres", "orders"), ("order", "orders"), ("ORDERS", "orders"), ("oders-reader", "orders-reader"),
        ("bil", "billing"),
    ])
    func `the nearest name is offered for a slip of the finger`(typed: String, expected: String) {
        #expect(Nearest.match(typed, among: ["billing", "orders", "orders-reader", "search"]) == expected)
    }

    @Test func `nothing is offered where nothing is near`() {
        #expect(Nearest.match("xyzzy", among: ["billing", "orders"]) == nil)
        #expect(Nearest.match("", among: ["orders"]) == nil)
        #expect(Nearest.match("orders", among: []) == nil)
    }
}

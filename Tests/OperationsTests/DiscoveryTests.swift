import Operations
import Profiles
import TestSupport
import Testing
import Workers

/// What AWS lists, held against what is saved.
@Suite(.timeLimit(.minutes(14)))
struct DiscoveryTests {
    let server: RDSServer
    let fixture: Fixture

    init() throws {
        server = try RDSServer()
        fixture = try Fixture(environment: server.environment)
    }

    private func discover(
        _ request: DiscoveryRequest = DiscoveryRequest(user: "jo"), cancelled: Bool = false
    ) throws -> Intake {
        let cancellation = Cancellation()
        if cancelled { cancellation.cancel() }
        return try Discovery(book: fixture.book, mint: fixture.mint).run(
            request, now: Fixture.now,
            options: SignerOptions(timeout: .seconds(60), cancellation: cancellation),
            progress: { _ in })
    }

    private func save(_ intake: Intake) throws {
        let items = intake.items.filter(\.isWanted)
        try fixture.book.write(ProfileBatch(items, approved: [], source: "AWS"))
    }

    private func named(_ name: String) throws -> Profile { try fixture.book.named(name).profile }

    @Test func `every kind of endpoint becomes a profile, with its cluster, ids, version, tags and IAM flag`()
        throws
    {
        let intake = try discover()
        #expect(intake.problems.isEmpty && intake.items.allSatisfy { $0.kind == .new }, "\(intake.problems)")
        try save(intake)
        #expect(
            try fixture.book.live().map(\.profile.name).sorted() == [
                "c00000-1", "c00000-2", "c00000-reader", "c00000-writer", "c00001-1", "c00001-2",
                "c00001-reader",
                "c00001-writer", "c00002-1", "c00002-2", "c00002-reader", "c00002-writer", "pool",
                "reports0-custom",
                "world-writer",
            ])
        let writer = try named("c00001-writer")
        #expect(writer.port == 5433 && writer.database == "app" && writer.user == "jo" && writer.auth == .iam)
        #expect(writer.environment == .prod && writer.tags == ["team:a-&-b"] && writer.awsProfile == nil)
        let origins = try fixture.book.origins()
        let origin = try #require(origins[writer.id])
        #expect(
            origin.cluster == "c00001" && origin.resourceID == "cluster-R00001"
                && origin.account == "123456789012")
        #expect(
            origin.engine == "aurora-postgresql 16.4" && origin.isIAMEnabled == true
                && origin.tags["team"] == "a & b")
        // IAM is the cluster's affair, and so is the id that a policy names.
        let instance = try #require(origins[try named("c00001-2").id])
        #expect(instance.isIAMEnabled == true && instance.resourceID == "cluster-R00001")
        #expect(try named("c00000-writer").auth == .password)
        #expect(try named("pool").auth == .iam && origins[named("pool").id]?.resourceID == "prx-1")
        #expect(try named("world-writer").region?.rawValue == "eu-west-1")
        let policy = try fixture.mint.policy(
            writer, calls: false, now: Fixture.now, options: SignerOptions(), origin: origin)
        #expect(policy.unknowns.isEmpty && policy.resource.contains("cluster-R00001"))
    }

    @Test func `a second run finds nothing new, and doubles nothing`() throws {
        try save(try discover())
        let again = try discover()
        #expect(again.items.isEmpty && again.notes == ["15 known and unchanged"], "\(again.lines)")
    }

    @Test func `what AWS changed follows, what the user typed stays`() throws {
        try save(try discover())
        var mine = try named("c00000-writer")
        let before = mine
        (mine.name, mine.environment, mine.port, mine.user) = ("my orders", .dev, 6000, "me")
        mine.dial = "127.0.0.1:1"
        try fixture.book.edit(mine, from: before)
        try server.control(#"{"version": "16.5"}"#)
        let intake = try discover()
        #expect(intake.count(.changed) == 14 && intake.count(.new) == 0, "\(intake.lines)")
        try save(intake)
        #expect(try named("my orders") == mine)
        #expect(try fixture.book.origins()[mine.id]?.engine == "aurora-postgresql 16.5")
        #expect(try discover().items.isEmpty)
    }

    @Test func `an endpoint that the user had typed before is known, and stays as it is`() throws {
        let mine = Fixture.orders {
            $0.name = "mine"
            $0.host = "C00001.cluster-c1x9.eu-west-1.rds.amazonaws.com"
            $0.port = 5433
        }
        try fixture.book.add(mine)
        let intake = try discover()
        let item = try #require(intake.items.first { $0.profile.name == "mine" })
        #expect(item.kind == .changed && item.profile == mine)
        try save(intake)
        #expect(try named("mine") == mine && fixture.book.live().count == 15)
        #expect(try fixture.book.origins()[mine.id]?.resourceID == "cluster-R00001")
        #expect(try discover().items.isEmpty)
        // The user of the most profiles is the one of new ones.
        #expect(try discover(DiscoveryRequest()).items.isEmpty)
    }

    @Test func `what AWS is deleting becomes no profile, and one of it stays as one that is gone`() throws {
        try server.control(
            #"{"deleting": ["c00000-2", "reports0", "pool", "c00002", "c00002-1", "c00002-2"]}"#)
        let first = try discover()
        #expect(first.items.allSatisfy { $0.kind == .new }, "\(first.lines)")
        #expect(
            first.items.map(\.profile.name).sorted() == [
                "c00000-1", "c00000-reader", "c00000-writer", "c00001-1", "c00001-2", "c00001-reader",
                "c00001-writer", "world-writer",
            ])
        try save(first)
        try server.control(
            #"{"deleting": ["c00001-2", "reports0", "pool", "c00002", "c00002-1", "c00002-2"]}"#)
        let second = try discover()
        #expect(
            second.items.filter { $0.kind == .gone }.map(\.profile.name) == ["c00001-2"], "\(second.lines)")
        #expect(second.lines.contains { $0.contains("or is deleting it") }, "\(second.lines)")
        try save(second)
        #expect(try named("c00001-2").host.hasPrefix("c00001-2.") && named("c00000-2").auth == .password)
    }

    @Test func `what is gone is told, and only where its list was read`() throws {
        try save(try discover())
        try server.control(#"{"gone": ["c00001"], "denied": ["DescribeDBInstances"]}"#)
        let partial = try discover()
        #expect(
            partial.items.filter { $0.kind == .gone }.map(\.profile.name) == [
                "c00001-reader", "c00001-writer",
            ])
        #expect(partial.items.allSatisfy { !$0.isWanted })
        #expect(
            partial.problems.count == 1
                && partial.problems[0].contains("instances could not be listed: AccessDenied"))
        // Without a list that not everybody may ask for all else is followed, and nothing of it is gone.
        let optional = ["DescribeDBClusterEndpoints", "DescribeDBProxies", "DescribeGlobalClusters"]
        try server.control(#"{"gone": ["c00000", "c00001", "c00002"], "denied": \#(optional)}"#)
        let rest = try discover()
        #expect(
            rest.problems.isEmpty && rest.notes.count { $0.contains("could not be listed") } == 3, "\(rest)")
        let lost = rest.items.filter { $0.kind == .gone }
        #expect(lost.count == 12 && lost.allSatisfy { $0.profile.name.hasPrefix("c0000") }, "\(lost)")
        try server.control(#"{"gone": ["c00001"], "denied": []}"#)
        let gone = try discover().items.filter { $0.kind == .gone }
        #expect(gone.count == 4)
        try fixture.book.write(ProfileBatch(gone, approved: [], source: nil))
        #expect(try fixture.book.live().count == 11)
        try server.control(#"{"gone": []}"#)
        let back = try discover()
        #expect(back.count(.new) == 4 && back.items.allSatisfy { $0.wasDeleted && !$0.isWanted })
    }

    @Test(arguments: [
        "DescribeDBClusters", "DescribeDBInstances", "DescribeDBClusterEndpoints", "DescribeDBProxies",
        "DescribeGlobalClusters",
    ])
    func `a call that failed once takes no profile from discovery`(action: String) throws {
        for turns in [[true, false], [false, true, false]] {
            let fixture = try Fixture(environment: server.environment)
            func once() throws -> Intake {
                let intake = try Discovery(book: fixture.book, mint: fixture.mint).run(
                    DiscoveryRequest(user: "jo"), now: Fixture.now,
                    options: SignerOptions(timeout: .seconds(60)), progress: { _ in })
                try fixture.book.write(
                    ProfileBatch(intake.items.filter(\.isWanted), approved: [], source: nil))
                return intake
            }
            for isDenied in turns {
                try server.control(isDenied ? "{\"denied\": [\"\(action)\"]}" : #"{"denied": []}"#)
                let intake = try once()
                #expect(intake.count(.gone) == 0, "\(intake.lines)")
            }
            let (live, origins) = (try fixture.book.live().map(\.profile), try fixture.book.origins())
            #expect(live.count == 15)
            for profile in live {
                let origin = try #require(origins[profile.id])
                #expect(origin.key.hasPrefix("arn:"), "\(origin.key)")
                #expect(
                    origin.written["host"] == profile.host && origin.written["auth"] == profile.auth.rawValue)
            }
            #expect(try once().items.isEmpty)
        }
    }

    @Test func `regions are asked at once, and one that is closed or throttled keeps none of the others out`()
        throws
    {
        try server.control(
            #"{"closed": ["ap-northeast-1"], "throttle": {"eu-central-1": 3, "us-east-1": 1000}}"#)
        var request = DiscoveryRequest(user: "jo")
        request.allRegions = true
        let intake = try discover(request)
        let regions = Set(intake.items.compactMap { HostName($0.profile.host).region?.rawValue })
        #expect(regions == ["eu-central-1", "eu-west-1"])
        // One that nobody has named and that is closed is no failure.
        #expect(
            intake.notes.contains {
                $0.contains("ap-northeast-1") && $0.contains("that the region is enabled")
            })
        #expect(!intake.problems.contains { $0.contains("ap-northeast-1") }, "\(intake.problems)")
        #expect(
            intake.problems.contains {
                $0.contains("us-east-1") && $0.contains("Throttling: Rate exceeded: wait a while")
            })
        // The same cluster's name in two regions makes two names.
        #expect(
            intake.items.contains {
                $0.profile.name == "c00000-writer-euw1" || $0.profile.name == "c00000-writer-euc1"
            })
        #expect(Set(intake.items.map(\.profile.foldedName)).count == intake.items.count)
        #expect(intake.items.count { $0.profile.name == "world-writer" } == 1)
    }

    @Test func `clusters come in pages`() throws {
        let large = try RDSServer(clusters: 250)
        let other = try Fixture(environment: large.environment)
        let intake = try Discovery(book: other.book, mint: other.mint).run(
            DiscoveryRequest(user: "jo"), now: Fixture.now, options: SignerOptions(), progress: { _ in })
        #expect(intake.items.count == 250 * 4 + 25 + 2, "\(intake.counts) \(intake.problems)")
    }

    @Test func `without credentials or a region it says so before anything is asked`() throws {
        let none = try Fixture(environment: ["AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1"])
        let missing = #expect(throws: Refusal.self) {
            try Discovery(book: none.book, mint: none.mint).run(
                DiscoveryRequest(), now: Fixture.now, options: SignerOptions(), progress: { _ in })
        }
        #expect(missing?.kind == .credentials)
        let nowhere = try Fixture(
            environment: server.environment.merging(["AWS_REGION": ""]) { $1 })
        let region = #expect(throws: Refusal.self) {
            try Discovery(book: nowhere.book, mint: nowhere.mint).run(
                DiscoveryRequest(), now: Fixture.now, options: SignerOptions(), progress: { _ in })
        }
        #expect(region?.line.contains("--all-regions") == true)
        #expect(throws: Refusal.self) { try discover(cancelled: true) }
    }

    @Test func `hostile names and tags of AWS's break no line`() throws {
        let words = DiscoveryRequest(words: "all aws:acme user:jo eu-west-1", awsProfiles: [nil])
        #expect(words?.allRegions == true && words?.awsProfiles == ["acme"] && words?.user == "jo")
        #expect(words?.regions.map(\.rawValue) == ["eu-west-1"])
        #expect(DiscoveryRequest(words: "nowhere", awsProfiles: [nil]) == nil)
        #expect(DiscoveryRequest(words: "", awsProfiles: ["a", nil])?.awsProfiles == ["a", nil])
    }
}

/// The same against moto, which verifies every signature.
@Suite(
    .enabled(if: Python.hasMoto, "moto is not here: pip install 'moto[server]' in a venv"),
    .timeLimit(.minutes(14)))
struct DiscoverySignatureTests {
    @Test func `signed calls list the cluster and its instance; what moto lacks is told`() throws {
        let moto = try MotoFleet.shared.get()
        let fixture = try Fixture(environment: moto.keys)
        let intake = try Discovery(book: fixture.book, mint: fixture.mint).run(
            DiscoveryRequest(user: "jo"), now: Fixture.now, options: SignerOptions(timeout: .seconds(60)),
            progress: { _ in })
        #expect(
            intake.items.map(\.profile.name) == ["orders-1", "orders-reader", "orders-writer"], "\(intake)")
        let writer = try #require(intake.items.last)
        #expect(writer.origin?.resourceID == moto.cluster["DbClusterResourceId"]?.string)
        #expect(writer.profile.host == moto.cluster["Endpoint"]?.string && writer.profile.auth == .iam)
        #expect(intake.problems.isEmpty, "\(intake.problems)")
        #expect(intake.notes.contains { $0.contains("custom endpoints could not be listed") })
        let forged = try Fixture(environment: moto.keys.merging(["AWS_SECRET_ACCESS_KEY": "planted"]) { $1 })
        let refused = #expect(throws: Refusal.self) {
            try Discovery(book: forged.book, mint: forged.mint).run(
                DiscoveryRequest(user: "jo"), now: Fixture.now, options: SignerOptions(), progress: { _ in })
        }
        #expect(refused?.kind == .credentials && refused?.what.contains("SignatureDoesNotMatch") == true)
    }
}

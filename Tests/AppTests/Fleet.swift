#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// The fleet of design/screens.md, as the store would hand it over.
enum Fleet {
    /// Tuesday 24 November 2026, 14:04:30 UTC.
    static let now = Date(timeIntervalSince1970: 1_795_529_070)

    static let minute = 60.0
    static let hour = 3600.0
    static let day = 86_400.0

    static func id(_ number: Int) -> UUID {
        let tail = String(number)
        let zeros = String(repeating: "0", count: 12 - tail.count)
        return UUID(uuidString: "00000000-0000-4000-8000-\(zeros)\(tail)") ?? UUID()
    }

    /// A saved profile; its id follows from the number.
    static func saved(
        _ number: Int, _ name: String, _ environment: Environment?, host: String, user: String?,
        database: String, auth: Authentication = .iam, used: Double? = nil, test: TestSummary? = nil,
        change: (inout Profile) -> Void = { _ in }
    ) -> SavedProfile {
        var profile = Profile(id: id(number), name: name, host: host)
        profile.environment = environment
        profile.user = user
        profile.database = database
        profile.auth = auth
        if auth == .iam { profile.awsProfile = "acme-prod" }
        change(&profile)
        let created = now.addingTimeInterval(-90 * day)
        return SavedProfile(
            profile: profile, createdAt: created, updatedAt: created,
            lastUsedAt: used.map { now.addingTimeInterval(-$0) }, timesUsed: used == nil ? 0 : 58,
            lastSessionSeconds: used == nil ? nil : 41 * minute, lastTest: test)
    }

    static func ok(_ milliseconds: Double, ago: Double = 32, _ role: ClusterRole? = nil) -> TestSummary {
        TestSummary(
            outcome: "ok", milliseconds: milliseconds, testedAt: now.addingTimeInterval(-ago), role: role,
            serverVersion: "16.4")
    }

    static func failed(_ stage: String, _ cause: String, ago: Double = 32) -> TestSummary {
        TestSummary(
            outcome: "failed", failedStage: stage, cause: cause, milliseconds: 410,
            testedAt: now.addingTimeInterval(-ago))
    }

    static func rds(_ name: String, _ qualifier: String, _ region: String = "eu-west-1") -> String {
        "\(name).\(qualifier).\(region).rds.amazonaws.com"
    }

    /// Production and stage of the drawing, and one local profile.
    static let drawn: [SavedProfile] = [
        saved(
            1, "orders-writer", .prod, host: rds("orders", "cluster-c1x9"), user: "iam_dba",
            database: "orders",
            used: 2 * hour, test: ok(23, .writer)
        ) {
            $0.pinned = true
            $0.tags = ["pci", "eu"]
            $0.notes = "failover drill every 2nd Tuesday."
        },
        saved(
            2, "orders-reader", .prod, host: rds("orders", "cluster-ro-c1x9"), user: "iam_ro",
            database: "orders", used: 2 * hour + 1, test: ok(21, .reader)
        ) { $0.pinned = true },
        saved(
            3, "billing-writer", .prod, host: rds("billing", "cluster-c1x9"), user: "iam_dba",
            database: "billing", used: 25 * hour, test: ok(24, .writer)),
        saved(
            4, "billing-reader", .prod, host: rds("billing", "cluster-ro-c1x9"), user: "iam_ro",
            database: "billing", used: 25 * hour + 1, test: failed("tls", "ca-unknown")),
        saved(
            5, "ledger-custom-ep", .prod, host: rds("ledger", "cluster-custom-c1x9", "us-east-1"),
            user: "iam_ro", database: "ledger"),
        saved(
            6, "会計-本番", .prod, host: rds("kaikei", "cluster-k2zz", "ap-northeast-1"), user: "iam_dba",
            database: "kaikei", used: 12 * day, test: ok(190, ago: 12 * day, .writer)),
        saved(
            7, "orders-stg", .stage, host: rds("orders-stg", "cluster-z8"), user: "iam_dba",
            database: "orders",
            used: 4 * minute, test: ok(31, .writer)),
        saved(
            8, "billing-stg", .stage, host: rds("billing-stg", "cluster-z8"), user: "iam_dba",
            database: "billing", used: 3 * hour, test: ok(40, ago: 3 * hour, .writer)),
        saved(
            9, "search-stg", .stage, host: rds("search-stg", "cluster-z8"), user: "iam_app",
            database: "search", used: 8 * day, test: failed("aws", "aws-sso-login-needed", ago: 8 * day)
        ) { $0.awsProfile = "acme-stage" },
        saved(
            10, "legacy-rds", .stage, host: rds("legacy", "c1x9"), user: "postgres", database: "app",
            auth: .password, used: 40 * day, test: ok(40, ago: 40 * day)),
        saved(
            11, "scratch", .local, host: "/var/run/postgresql", user: "me", database: "postgres", auth: .none,
            used: 3 * day, test: ok(0.4, ago: 3 * day)),
    ]

    /// So many profiles of development, none of them used yet.
    static func dev(_ count: Int) -> [SavedProfile] {
        (0..<count).map { number in
            saved(
                1000 + number, "dev-\(number / 100)\(number / 10 % 10)\(number % 10)", .dev,
                host: rds("dev\(number)", "cluster-d4"), user: "iam_app", database: "app")
        }
    }
}

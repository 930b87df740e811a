import App
import Profiles
import Screen
import TestSupport
import Testing

/// `o`: the other endpoints of a cluster.
struct SiblingTests {
    private static func cluster(_ hosts: [(name: String, host: String)]) -> [SavedProfile] {
        hosts.enumerated().map { number, entry in
            Fleet.saved(number, entry.name, .dev, host: entry.host, user: "iam_ro", database: "orders")
        }
    }

    @Test func `the only one opens at once, by its own profile where it has one`() {
        var play = Play()
        play.type("o")
        #expect(play.screen.contains("PRODUCTION") && play.screen.contains("orders-reader"))
        play.press(.escape)
        // Nobody has saved the reader of stage: its name follows from the writer's.
        play.go(to: "orders-stg")
        play.type("o")
        #expect(play.launches.last?.profile.host == Fleet.rds("orders-stg", "cluster-ro-z8"))
        #expect(play.launches.last?.profile.name == "orders-stg")
    }

    @Test func `among several the user chooses`() {
        let profiles = Self.cluster([
            ("w", Fleet.rds("orders", "cluster-c1x9")), ("one", Fleet.rds("orders-1", "c1x9")),
            ("two", Fleet.rds("orders-2", "c1x9")),
            // Neither of another cluster whose name begins alike, nor of another account or region.
            ("other", Fleet.rds("orders-stg", "cluster-c1x9")), ("its", Fleet.rds("orders-stg-1", "c1x9")),
            ("far", Fleet.rds("orders-1", "zzzz")), ("us", Fleet.rds("orders-1", "c1x9", "us-east-1")),
        ])
        for name in ["w", "two"] {
            var play = Play(profiles)
            play.go(to: name)
            play.type("o")
            let box = play.lines.drop { !$0.contains("Siblings: \(name)") }.dropFirst().prefix {
                !$0.contains("└")
            }
            let names = box.map { line in
                ["(no profile yet)", "one", "two", "other", "its", "far", "us", "w"].first {
                    line.contains(" \($0) ")
                } ?? "?"
            }
            // The reader has a name as soon as the writer has.
            #expect(names == (name == "w" ? ["(no profile yet)", "one", "two"] : ["w", "one"]))
            play.press(.down)
            play.press(.enter)
            #expect(play.launches.last?.profile.name == "one" && !play.screen.contains("Siblings"))
        }
    }

    @Test func `one of another environment does not open unseen`() {
        var profiles = Self.cluster([
            ("w", Fleet.rds("orders", "cluster-c1x9")), ("other", Fleet.rds("orders", "cluster-ro-c1x9")),
            ("like", Fleet.rds("orders", "cluster-ro-c1x9")),
        ])
        profiles[1].profile.environment = .prod
        var play = Play(profiles)
        play.go(to: "w")
        play.type("o")
        #expect(play.launches.last?.profile.name == "like")
        profiles.removeLast()
        play = Play(profiles)
        play.go(to: "w")
        play.type("o")
        #expect(play.screen.contains("Siblings: w") && play.screen.contains("other"))
    }

    @Test func `what AWS says of a custom endpoint counts too`() {
        var profiles = Self.cluster([
            ("w", Fleet.rds("orders", "cluster-c1x9")),
            ("reports", Fleet.rds("reports", "cluster-custom-c1x9")),
            ("elsewhere", Fleet.rds("elsewhere", "cluster-custom-c1x9")),
        ])
        profiles[2].profile.environment = .stage
        var play = Play(profiles)
        func origin(_ cluster: String) -> CloudOrigin {
            CloudOrigin(
                key: cluster, account: "1", region: "eu-west-1", cluster: cluster, resourceID: "cluster-1",
                engine: "", isIAMEnabled: true, tags: [:])
        }
        play.send(
            .origins([
                profiles[0].id: origin("orders"), profiles[1].id: origin("orders"),
                profiles[2].id: origin("elsewhere"),
            ]))
        play.go(to: "w")
        play.type("o")
        #expect(play.screen.contains("custom   reports") && !play.screen.contains("custom   elsewhere"))
        #expect(play.screen.contains("reader   (no profile yet)"))
        play.type("jk")
        play.press(.escape)
        #expect(!play.screen.contains("Siblings") && play.launches.last?.profile == nil)
    }

    @Test func `where there is none the key says so`() {
        var play = Play()
        play.go(to: "scratch")
        play.type("o")
        #expect(play.status.contains("no other endpoint of its cluster is known"))
    }

    @Test(arguments: [(80, 24), (120, 40), (60, 15)])
    func `the choice is drawn over the list`(columns: Int, rows: Int) {
        var profiles = Fleet.drawn
        profiles[2].profile.host = Fleet.rds("orders-instance-with-a-long-name-1", "c1x9")
        var play = Play(profiles, columns: columns, rows: rows)
        play.type("o")
        Golden.expect(play.lines, "siblings-\(columns)x\(rows)")
    }
}

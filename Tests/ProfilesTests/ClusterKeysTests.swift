import Profiles
import Testing

struct ClusterKeysTests {
    private static func host(_ label: String, _ middle: String = "c1x9") -> String {
        "\(label).\(middle)abcdefgh.eu-west-1.rds.amazonaws.com"
    }

    @Test(arguments: [
        ("orders-1", "orders"), ("orders-eu-2", "orders-eu"), ("orders-eu", "orders-eu"),
        ("orders", "orders"),
        ("orders2", "orders2"), ("ordersx-1", "ordersx-1"), ("billing-1", "billing-1"),
    ])
    func `an instance belongs to the longest cluster that it is named after`(label: String, cluster: String) {
        let keys = ClusterKeys([
            Self.host("orders", "cluster-c1x9"), Self.host("orders-eu", "cluster-ro-c1x9"),
            // Of another account.
            Self.host("billing", "cluster-z8yx"),
        ])
        #expect(keys.key(of: Self.host(label))?.name == cluster)
    }

    @Test func `hundreds of clusters of one account, and an instance of each, are told apart`() {
        let names = (0..<300).map { "db-\($0)" }
        let keys = ClusterKeys(names.map { Self.host($0, "cluster-c1x9") })
        #expect(names.allSatisfy { keys.key(of: Self.host("\($0)-1"))?.name == $0 })
    }
}

import Profiles
import Testing

struct HostNameTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var host: String
        var kind: EndpointKind
        var region: String?
        var role: ClusterRole?
        var testDescription: String { host }

        init(_ host: String, _ kind: EndpointKind, _ region: String? = nil, _ role: ClusterRole? = nil) {
            self.host = host
            self.kind = kind
            self.region = region
            self.role = role
        }
    }

    @Test(arguments: [
        Row("orders.cluster-c1x9.eu-west-1.rds.amazonaws.com", .clusterWriter, "eu-west-1", .writer),
        Row("Orders.Cluster-C1X9.EU-West-1.RDS.amazonaws.COM", .clusterWriter, "eu-west-1", .writer),
        Row("orders.cluster-c1x9.eu-west-1.rds.amazonaws.com.", .clusterWriter, "eu-west-1", .writer),
        Row("orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com", .clusterReader, "eu-west-1", .reader),
        Row("etl.cluster-custom-c1x9.us-east-1.rds.amazonaws.com", .custom, "us-east-1"),
        Row("orders-1.c1x9.ap-northeast-3.rds.amazonaws.com", .instance, "ap-northeast-3"),
        Row("p.proxy-c1x9.us-west-2.rds.amazonaws.com", .proxy, "us-west-2"),
        Row("ro.endpoint.proxy-c1x9.us-west-2.rds.amazonaws.com", .proxy, "us-west-2"),
        Row("l.shardgrp-c1x9.us-west-2.rds.amazonaws.com", .limitless, "us-west-2", .writer),
        Row("g.global-c1x9.global.rds.amazonaws.com", .globalWriter, nil, .writer),
        Row("db.cluster-c1x9.rds.cn-north-1.amazonaws.com.cn", .clusterWriter, "cn-north-1", .writer),
        Row("db.cluster-c1x9.cn-northwest-1.rds.amazonaws.com.cn", .clusterWriter, "cn-northwest-1", .writer),
        Row("db.cluster-c1x9.us-gov-west-1.rds.amazonaws.com", .clusterWriter, "us-gov-west-1", .writer),
        Row("db.c1x9.us-iso-east-1.rds.c2s.ic.gov", .instance, "us-iso-east-1"),
        Row("db.c1x9.rds.us-isob-east-1.sc2s.sgov.gov", .instance, "us-isob-east-1"),
        Row(
            "orders-green-ab12cd.cluster-c1x9.eu-west-1.rds.amazonaws.com", .clusterWriter, "eu-west-1",
            .writer),
        Row("abcdefghijklm.dsql.us-east-1.on.aws", .dsql, "us-east-1", .writer),
        Row("localhost", .loopback), Row("127.0.0.1", .loopback), Row("::1", .loopback),
        Row("10.1.2.3", .address), Row("fe80::1", .address), Row("db.example.com", .other),
        Row("rds.amazonaws.com", .other), Row("..rds.amazonaws.com", .other),
        Row("orders.cluster-c1x9.eu-west-1.rds.amazonaws.com.evil.example", .other), Row("", .other),
    ])
    func `a host name tells its kind, region and role`(row: Row) {
        let name = HostName(row.host)
        #expect(name.kind == row.kind)
        #expect(name.region?.rawValue == row.region)
        #expect(name.guessedRole == row.role)
        #expect(name.isSignable == !([.loopback, .address, .other].contains(row.kind)))
    }

    @Test func `a name is written small and without its dot, and a socket's folder as it is`() {
        #expect(HostName.normalised("Orders.Example.COM.") == "orders.example.com")
        #expect(HostName.normalised("/tmp/Fleet-P3/run.d") == "/tmp/Fleet-P3/run.d")
        let local = Profile(name: "local", host: "/tmp/Fleet-P3")
        #expect(local.conninfo()["host"] == "/tmp/Fleet-P3")
    }

    @Test func `the short form keeps what differs`() {
        #expect(
            HostName("orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com").short
                == "orders.cluster-ro-c1x9 euw1")
        #expect(HostName("legacy.c1x9.ap-northeast-1.rds.amazonaws.com").short == "legacy.c1x9 apne1 inst")
        #expect(HostName("/var/run/postgresql").short == "/var/run/postgresql")
    }

    @Test(arguments: [
        ("orders-prod.cluster-c1x9.eu-west-1.rds.amazonaws.com", Environment.prod),
        ("PRD01-orders.c1x9.eu-west-1.rds.amazonaws.com", .prod), ("db.production.example.com", .prod),
        ("stage-of-prod.example.com", .prod), ("orders_stg.example.com", .stage),
        ("orders-staging.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com", .stage), ("dev3.example.com", .dev),
        ("products.example.com", nil), ("devops.example.com", nil), ("preprod.example.com", nil),
        ("orders.cluster-c1x9.eu-west-1.rds.amazonaws.com", nil), ("127.0.0.1", nil), ("", nil),
    ])
    func `a word of a name tells of its environment`(host: String, environment: Environment?) {
        #expect(HostName(host).environment == environment)
    }
}

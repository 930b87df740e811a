#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import TestSupport
import Testing

struct XMLTests {
    static func vector(_ name: String) throws -> XMLNode {
        let path = "\(ProgramPath.repository)/Tests/AWSTests/Vectors/\(name).xml"
        return try XMLNode.read(Array(try #require(FileManager.default.contents(atPath: path))))
    }

    @Test func `recorded answers are read with their lists and markers`() throws {
        let clusters =
            try Self.vector("moto_describe_db_clusters")["DescribeDBClustersResult"]?.list("DBClusters") ?? []
        #expect(clusters.count > 1 && clusters.allSatisfy { $0.name == "DBCluster" })
        #expect(clusters.allSatisfy { $0.text("DBClusterArn")?.hasPrefix("arn:aws:rds:") == true })
        let page = try Self.vector("moto_describe_db_instances_page1")["DescribeDBInstancesResult"]
        #expect(page?.text("Marker")?.isEmpty == false)
        #expect(page?.list("DBInstances").first?.text("Endpoint", "Address") != nil)
        let last = try Self.vector("moto_describe_db_instances_page2")["DescribeDBInstancesResult"]
        #expect(last?.text("Marker") == nil)
        let custom = try Self.vector("synthetic_describe_db_cluster_endpoints")
        #expect(custom["DescribeDBClusterEndpointsResult"]?.list("DBClusterEndpoints").isEmpty == false)
        let role = try Self.vector("moto_sts_assume_role")["AssumeRoleResult"]
        #expect(role?.text("Credentials", "SessionToken")?.isEmpty == false)
    }

    @Test(arguments: [
        ("<a>x</a>", "x"), ("<?xml version=\"1.0\"?>\n<!-- c --><a b='>' c=\"/\">x</a >\n", "x"),
        ("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>", "<&>\"'A😀"),
        ("<a><![CDATA[<b>&amp;]]></a>", "<b>&amp;"),
        ("<n:a xmlns:n='u'>x</n:a>", "x"), ("<a/>", ""), ("<a>é会</a>", "é会"), ("\u{feff}<a>x</a>", "x"),
        ("<a>1<!-- - -->2</a>", "12"),
    ])
    func `text is what the document means`(document: String, text: String) throws {
        let node = try XMLNode.read(Array(document.utf8))
        #expect(node.name == "a" && node.text == text)
    }

    @Test(arguments: [
        "", "x", "<", "<a", "<a>", "<a></b>", "<a><b></a></b>", "<a></a><b/>", "<a>&nbsp;</a>",
        "<a>&#xD800;</a>", "<a>&amp</a>",
        "<a b></a>", "<a b=c></a>", "<a b='x></a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<a><!ENTITY x 'y'></a>",
        "<a><![CDATA[x</a>", "<a><!-- </a>", "<a></a>junk", "<?xml", "</a>", "<a>&#99999999;</a>",
    ])
    func `what is malformed or could be a bomb is refused`(document: String) {
        #expect(throws: XMLNode.Malformed.self) { try XMLNode.read(Array(document.utf8)) }
    }

    @Test func `depth is bounded`() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMLNode.Malformed.self) { try XMLNode.read(Array(deep.utf8)) }
    }

    @Test func `any bytes end in a node or an error, never in a trap`() {
        var dice = SeededDice(seed: 3)
        let pieces = [
            "<", ">", "/", "a", "</a>", "<a>", "<a/>", "&amp;", "&", ";", "#", "x", "<!--", "-->",
            "<![CDATA[", "]]>", "<?", "?>",
            "<!", "'", "\"", "=", " ", "\u{0}", "é",
        ]
        for _ in 0..<Fuzzing.rounds(20_000) {
            let text = (0..<Int.random(in: 0...16, using: &dice)).map { _ in
                pieces.randomElement(using: &dice) ?? ""
            }.joined()
            _ = try? XMLNode.read(Array(text.utf8))
            _ = try? XMLNode.read((0..<20).map { _ in UInt8.random(in: 0...255, using: &dice) })
        }
    }
}

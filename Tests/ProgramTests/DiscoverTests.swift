#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// `pgfob discover` as it is called, and `:discover` on the screen.
@Suite(.timeLimit(.minutes(14)))
struct DiscoverTests {
    let server: RDSServer
    let home: ProgramHome

    init() throws {
        server = try RDSServer()
        home = try ProgramHome(server.environment)
    }

    @Test func `a script saves what there is, and scripts see AWS's facts`() throws {
        let dry = try home.pgfob("discover", "--user", "jo", "--dry-run")
        #expect(dry.code == 0 && dry.output.contains("AWS eu-west-1: 15 new"), "\(dry.output)\(dry.errors)")
        #expect(try home.pgfob("list", "--json").output.isEmpty)
        let run = try home.pgfob("discover", "--user", "jo")
        #expect(run.code == 0 && run.output == "added 15 profiles\n", "\(run.output)\(run.errors)")
        #expect(try home.pgfob("discover", "--user", "jo").output == "added 0 profiles\n")
        let list = try home.pgfob("list", "--json", "name:c00001-writer").output
        #expect(
            list.contains(#""aws":{"account":"123456789012","region":"eu-west-1","cluster":"c00001""#),
            "\(list)")
        #expect(
            list.contains(#""resource_id":"cluster-R00001","engine":"aurora-postgresql 16.4","iam":true"#))
        // What list prints can be read back.
        #expect(try ProgramHome().pgfob(["import", "-"], input: list).errors.isEmpty)
        let policy = try home.pgfob("policy", "c00001-writer")
        #expect(policy.output.contains("dbuser:cluster-R00001/jo") && policy.errors.isEmpty)
        #expect(try home.pgfob("import", "--undo").output.contains("15 profiles to the trash"))
    }

    @Test func `json tells of each endpoint, and one region's refusal ends with 1`() throws {
        try server.control(#"{"closed": ["us-east-1"]}"#)
        let run = try home.pgfob(
            "discover", "--region", "eu-west-1", "--region", "us-east-1", "--user", "jo", "--json",
            "--dry-run")
        #expect(run.code == 1)
        let objects = try run.output.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
        #expect(objects.count == 16 && objects[0]["kind"]?.string == "new")
        #expect(objects[0]["aws"]?["account"]?.string == "123456789012")
        #expect(objects.last?["kind"]?.string == "problem")
        ShapeTests.expect(WrittenShapes(try home.pgfob("help", "json").output), run.output, "discover")
    }

    @Test func `lists that not everybody may ask for are told, and no failure`() throws {
        try server.control(#"{"denied": ["DescribeDBClusterEndpoints", "DescribeDBProxies"]}"#)
        for words in [[], ["--json"]] {
            let run = try home.pgfob(["discover", "--user", "jo"] + words)
            #expect(run.code == 0, "\(run)")
            for list in ["custom endpoints", "proxies"] {
                #expect(
                    run.errors.contains(
                        "pgfob: default chain, eu-west-1: \(list) could not be listed: AccessDenied"),
                    "\(run.errors)")
            }
        }
        try server.control(#"{"denied": ["DescribeDBInstances"]}"#)
        let part = try home.pgfob("discover", "--user", "jo")
        #expect(part.code == 1 && part.errors.contains("instances could not be listed"), "\(part)")
    }

    @Test func `a mistyped region that does not answer is told with the nearest one`() throws {
        try server.control(#"{"closed": ["eu-wst-1"]}"#)
        let run = try home.pgfob(
            "discover", "--region", "eu-west-1", "--region", "eu-wst-1", "--user", "jo", "--dry-run")
        #expect(run.code == 1 && run.errors.contains("; did you mean eu-west-1?"), "\(run)")
    }

    @Test func `credentials that have ended are an exit code of their own`() throws {
        try server.control(#"{"expired": true}"#)
        let run = try home.pgfob("discover", "--region", "eu-west-1", "--region", "us-east-1", "--user", "jo")
        #expect(run.code == 3 && run.output.isEmpty, "\(run)")
        #expect(run.errors.contains("have ended") && run.errors.split(separator: "\n").count == 1, "\(run)")
        #expect(try home.pgfob("list", "--json").output.isEmpty)
    }

    @Test func `wrong calls are told in one line`() throws {
        #expect(try home.pgfob("discover", "--region", "nowhere").code == 2)
        #expect(try home.pgfob("discover", "--region", "eu-west-1", "--all-regions").code == 2)
        let none = try home.pgfob(
            "discover", more: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_ENDPOINT_URL": ""])
        #expect(none.code == 3 && none.errors.hasPrefix("pgfob: "), "\(none.errors)")
    }

    @Test func `the screen asks AWS, shows the picker, saves, and takes back`() throws {
        let terminal = try home.screen(columns: 120, rows: 40)
        try terminal.waitFor("asks AWS for your databases")
        try terminal.send(":discover user:jo\r")
        try terminal.waitFor("AWS eu-west-1: 15 new")
        try terminal.waitFor("15 of 15 chosen")
        try terminal.press(.enter)
        try terminal.waitFor("added 15 profiles: u takes it back")
        try terminal.waitFor("c00001-writer")
        try terminal.send("/name:c00001-writer\r")
        try terminal.waitFor("cluster-R00001")
        try terminal.press(.escape)
        try terminal.waitFor("filter: none")
        try terminal.send(":discover\r")
        try terminal.waitFor("nothing new; 15 known and unchanged")
        try terminal.send("u")
        try terminal.waitFor("took back: added 15 profiles")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

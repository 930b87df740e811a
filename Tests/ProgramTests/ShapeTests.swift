import TestSupport
import Testing

/// What `--json` prints is what is written of it.
@Suite(.timeLimit(.minutes(14)))
struct ShapeTests {
    let home: ProgramHome
    let shapes: WrittenShapes

    init() throws {
        home = try ProgramHome([
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "planted-key",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        ])
        shapes = WrittenShapes(try home.pgfob("help", "json").output)
    }

    /// Holds every line to the shape, and returns them.
    @discardableResult
    static func expect(
        _ shapes: WrittenShapes, _ output: String, _ name: String, at place: SourceLocation = #_sourceLocation
    ) -> [String] {
        let lines = output.split(separator: "\n").map { String($0) }
        #expect(!lines.isEmpty, "\(name) printed nothing", sourceLocation: place)
        for line in lines {
            let fault = shapes.fault(line, of: name)
            #expect(fault == nil, "\(name): \(fault ?? "")", sourceLocation: place)
        }
        return lines
    }

    @Test func `profiles, imports and what was left out of them`() throws {
        let file = try home.folder.write(
            """
            {"name":"a","host":"127.0.0.1","port":1,"user":"u","auth":"none","sslmode":"disable","odd":1}
            {"name":"b","host":"b.cluster-c1x9.eu-west-1.rds.amazonaws.com","user":"u","tunnel":"ssh x","tags":["x"]}
            {"name":"c","port":"x"}

            """, to: "in.json")
        let dry = try home.pgfob("import", file, "--dry-run", "--json")
        let lines = Self.expect(shapes, dry.output, "import")
        #expect(lines.contains { $0.contains(#""kind":"note""#) && $0.contains("odd") }, "\(dry.output)")
        #expect(lines.contains { $0.contains(#""kind":"problem""#) })
        // What would run a program waits for a yes of its own.
        #expect(lines.contains { $0.contains(#""name":"tunnel""#) && $0.contains(#""approved":false"#) })
        let yes = try home.pgfob("import", file, "--approve", "--json")
        #expect(yes.output.contains(#""approved":true"#) && !yes.output.contains(#""approved":false"#))
        Self.expect(shapes, try home.pgfob("export").output, "export")
        for line in try home.pgfob("list", "--json").output.split(separator: "\n") {
            let own = line.firstRange(of: #","id":"#)
            let start = try #require(own)
            #expect(shapes.fault(line[..<start.lowerBound] + "}", of: "PROFILE") == nil)
            #expect(shapes.fault("{" + line[start.lowerBound...].dropFirst(), of: "list") == nil, "\(line)")
        }
        Self.expect(shapes, try home.pgfob("conninfo", "a", "--json").output, "conninfo")
        Self.expect(shapes, try home.pgfob("policy", "b", "--json").output, "policy")
        Self.expect(shapes, try home.pgfob("test", "a", "--json").output, "test")
        Self.expect(shapes, try home.pgfob("history", "--json").output, "history")
        Self.expect(shapes, try home.pgfob("import", "--undo", "--json").output, "import")
    }

    @Test func `identities, bundles and the doctor`() throws {
        Self.expect(shapes, try home.pgfob("whoami", "--json").output, "whoami")
        let none = ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""]
        Self.expect(shapes, try home.pgfob(["whoami", "--json"], more: none).output, "whoami")
        Self.expect(shapes, try home.pgfob("credentials", "--format", "json").output, "credentials")
        Self.expect(shapes, try home.pgfob("doctor", "--json").output, "doctor")
        Self.expect(shapes, try home.pgfob("ca", "status", "--json").output, "ca")
    }

    @Test func `what is written names every shape that it refers to, and is in the manual`() throws {
        let manual = try home.pgfob("--generate-manual").output
        #expect(shapes.names.count >= 17)
        for name in shapes.names { #expect(manual.contains(".It Ic \(name)\n"), "\(name)") }
        #expect(shapes.fault("{}", of: "whoami") != nil && shapes.fault("{\"x\":1}", of: "AWS") != nil)
    }
}

/// The same over the fleet.
@Suite(.enabled(if: LocalFleet.running != nil, "no fleet: Tests/run starts one"), .timeLimit(.minutes(14)))
struct FleetShapeTests {
    @Test func `tests, runs and history of servers that answer`() throws {
        let run = try FleetRun()
        let shapes = WrittenShapes(try run.pgfob("help", "json").output)
        ShapeTests.expect(shapes, try run.pgfob("test", "--all", "--json").output, "test")
        let some = try run.pgfob(
            "run", "orders-stg", "-c", "select 1 as n, 'x' as t; select x", "--format", "json")
        let lines = ShapeTests.expect(shapes, some.output, "run")
        #expect(lines.contains { $0.contains("\"row\":") } && lines.contains { $0.contains("\"outcome\":") })
        _ = try run.pgfob("exec", "orders-stg", "--", "/bin/true")
        let history = ShapeTests.expect(shapes, try run.pgfob("history", "--json").output, "history")
        #expect(history.contains { $0.contains(#""kind":"session""#) })
    }
}

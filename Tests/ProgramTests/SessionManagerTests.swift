#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Tunnels by the Session Manager: its programs are stand-ins with the contract of the real ones.
@Suite(.overTheFleet, .serialized)
struct SessionManagerTests {
    private let run: FleetRun
    private let host = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
    private let more: [String: String]

    init() throws {
        run = try FleetRun()
        let address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
        more = [
            "PATH":
                "\(ProgramPath.repository)/Tests/Servers/ssm:\(Python.environment["PATH"] ?? "/usr/bin:/bin")",
            "XDG_RUNTIME_DIR": run.folder.path,
            "FAKE_AWS_LOG": run.folder.file("aws.log"), "FAKE_SSM_MAP": "\(host)=\(address)",
        ]
        // The far end resolves the endpoint's own name.
        let edited = try pgfob("edit", "orders-stg", "--tunnel", "ssm i-0123456789abcdef0", "--dial", "")
        #expect(edited.code == 0, "\(edited.errors)")
    }

    private func pgfob(_ arguments: String..., fault: String = "") throws -> ProgramRun {
        try run.home.pgfob(arguments, more: more.merging(["FAKE_SSM_FAULT": fault]) { $1 })
    }

    @Test func `psql goes through a session to the endpoint's own name`() throws {
        let psql = try pgfob("connect", "orders-stg", "--", "-Atc", "select current_user")
        #expect(psql.code == 0 && psql.output == "jane_doe\n", "\(psql)")
        let called = run.folder.read("aws.log")?.split(separator: "\n").map(String.init) ?? []
        #expect(called.prefix(4) == ["ssm", "start-session", "--target", "i-0123456789abcdef0"])
        #expect(
            called.contains {
                $0.hasPrefix("{\"host\":[\"\(host)\"],\"portNumber\":[\"5432\"],\"localPortNumber\":")
            })
        #expect(called.suffix(4) == ["--profile", "acme-dev", "--region", "eu-west-1"])
    }

    @Test func `an entry in config.toml may name the account of the bastion`() throws {
        try run.folder.write(
            "[tunnels]\nbox = \"ssm i-0123456789abcdef0 profile=ops region=us-east-1\"\n",
            to: ".config/pgfob/config.toml")
        #expect(try pgfob("edit", "orders-stg", "--tunnel", "box").code == 0)
        let tested = try pgfob("test", "orders-stg")
        #expect(tested.code == 0, "\(tested)")
        #expect(run.folder.read("aws.log")?.hasSuffix("--profile\nops\n--region\nus-east-1\n") == true)
    }

    @Test(arguments: [
        ("offline", "tunnel-timeout", "i-0123456789abcdef0 is not connected"),
        ("credentials", "tunnel-auth", "Unable to locate credentials"),
        ("die", "tunnel-refused", "start session: EOF"),
    ])
    func `what aws and its plugin say is the cause`(fault: String, code: String, words: String) throws {
        let tested = try pgfob("test", "orders-stg", "--json", fault: fault)
        #expect(tested.output.contains("\"code\":\"\(code)\"") && tested.output.contains(words), "\(tested)")
    }

    @Test func `a session that never comes is given up with the test`() throws {
        let tested = try pgfob("test", "orders-stg", "--json", "--timeout", "1", fault: "hang")
        #expect(tested.output.contains("\"code\":\"tunnel-timeout\""), "\(tested)")
    }

    @Test func `without the plugin that is said`() throws {
        let tested = try pgfob("test", "orders-stg", "--json", fault: "broken")
        #expect(tested.output.contains("\"code\":\"tunnel-missing\""), "\(tested)")
    }

    @Test func `a destination that the agent cannot reach is told`() throws {
        #expect(try pgfob("edit", "orders-stg", "--dial", "127.0.0.1:\(Loopback.closedPort())").code == 0)
        let tested = try pgfob("test", "orders-stg", "--json")
        #expect(
            tested.output.contains("\"code\":\"tunnel-refused\"")
                && tested.output.contains("Connection to destination port failed"), "\(tested)")
    }
}

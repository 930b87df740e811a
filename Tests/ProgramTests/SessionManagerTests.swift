#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
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

    /// A role that wants a code, and who gives its credentials.
    private func makeRole() throws -> (server: IdentityServer, more: [String: String]) {
        let server = try IdentityServer()
        let given = try #require(run.environment["AWS_CONFIG_FILE"])
        let config = try String(contentsOfFile: given, encoding: .utf8)
        let role = """

            [profile ops]
            role_arn = arn:aws:iam::1:role/Ops
            source_profile = acme-dev
            mfa_serial = arn:aws:iam::1:mfa/jo
            region = eu-west-1

            """
        let path = try run.folder.write(config + role, to: "config-with-a-role")
        #expect(
            try pgfob("edit", "orders-stg", "--tunnel", "ssm i-0123456789abcdef0 profile=ops").code == 0)
        let own = ["AWS_CONFIG_FILE": path, "AWS_PROFILE": "ops", "FAKE_AWS_KEYS": run.folder.file("keys")]
        return (server, more.merging(server.environment) { $1 }.merging(own) { $1 })
    }

    @Test func `where the bastion's role wants an MFA code, pgfob asks for it once and has the keys for aws`()
        async throws
    {
        let (server, more) = try makeRole()
        let terminal = try run.home.screen(["tunnel", "orders-stg"], columns: 160, rows: 30, more: more)
        try terminal.waitFor("MFA code for arn:aws:iam::1:mfa/jo:")
        try terminal.send("123456\r")
        try terminal.waitFor("hostaddr=127.0.0.1")
        #expect(try server.requests().last?["TokenCode"]?.string == "123456")
        #expect(run.folder.read("aws.log")?.contains("--profile") == false)
        #expect(run.folder.read("aws.log")?.hasSuffix("--region\neu-west-1\n") == true)
        let keys = try #require(run.folder.read("keys"))
        #expect(
            keys.hasPrefix("ASIASTS") && keys.hasSuffix(" none\n") && !keys.contains("none none"), "\(keys)")
        // A session that dies is begun again with what was given.
        for helper in HelperProcess.all(of: run.folder.path)
        where helper.arguments.contains(where: { $0.contains("session-manager-plugin") }) {
            kill(helper.pid, SIGKILL)
        }
        try terminal.waitFor("the tunnel is up again at 127.0.0.1:")
        #expect(run.folder.read("keys") == keys + keys)
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("123456"))
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
    }

    @Test func `without a terminal a code that is wanted is said, and AWS is not asked`() throws {
        let (server, more) = try makeRole()
        let tested = try run.home.pgfob(["test", "orders-stg", "--json"], more: more)
        #expect(
            tested.output.contains("\"code\":\"aws-mfa-needed\"")
                && tested.output.contains("profile ops needs the code of the MFA device"), "\(tested)")
        #expect(try server.requests().isEmpty && run.folder.read("aws.log") == nil)
    }

    @Test(arguments: [
        ("offline", "tunnel-timeout", "i-0123456789abcdef0 is not connected"),
        ("credentials", "tunnel-auth", "Unable to locate credentials"),
        ("mfa", "tunnel-auth", "Enter MFA code for arn:aws:iam::1:mfa/jo:"),
        ("die", "tunnel-refused", "start session: EOF"),
    ])
    func `what aws and its plugin say is the cause`(fault: String, code: String, words: String) throws {
        let tested = try pgfob("test", "orders-stg", "--json", fault: fault)
        #expect(tested.output.contains("\"code\":\"\(code)\"") && tested.output.contains(words), "\(tested)")
        #expect(!tested.output.contains("ssh"), "\(tested)")
    }

    @Test func `a test through a session is advised about AWS, and does not clear its credentials`() throws {
        let tested = try pgfob("test", "orders-stg", "--report", fault: "credentials")
        #expect(tested.output.contains("Unable to locate credentials"), "\(tested)")
        #expect(tested.output.contains("`pgfob whoami` shows whose credentials they are"), "\(tested)")
        #expect(!tested.output.contains("ssh") && !tested.output.contains("Ruled out      AWS"), "\(tested)")
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

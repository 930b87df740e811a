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

/// `pgfob whoami`, `credentials` and `policy`, with a local server in AWS's place.
@Suite(.timeLimit(.minutes(14)))
struct IdentityTests {
    private static let config = """
        [profile dba]
        role_arn = arn:aws:iam::1:role/DBA
        source_profile = base
        [profile mfa]
        role_arn = arn:aws:iam::1:role/M
        source_profile = base
        mfa_serial = arn:aws:iam::1:mfa/jo
        [profile ended]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = DBA
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        """

    private let server: IdentityServer
    private let home: ProgramHome

    init() throws {
        server = try IdentityServer()
        home = try ProgramHome(server.environment.merging(["AWS_REGION": "eu-west-1"]) { $1 })
        try home.folder.write(Self.config, to: ".aws/config")
        try home.folder.write(AWSFolder.keys("base", id: "AKBASE"), to: ".aws/credentials")
    }

    private func object(_ run: ProgramRun) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
    }

    // MARK: whoami

    @Test func `a setting that is no address or no region is what has to be corrected, not the credentials`()
        throws
    {
        let wrong = try home.pgfob(
            "whoami", "--profile", "base", "--call", more: ["AWS_ENDPOINT_URL_STS": "sts.example"])
        #expect(
            wrong.code == 1
                && wrong.errors.hasSuffix(
                    "AWS_ENDPOINT_URL_STS is not an address such as https://host:port: correct it, or take it away\n"
                ),
            "\(wrong)")
        let role = try home.pgfob(
            "whoami", "--profile", "dba", more: ["AWS_ENDPOINT_URL_STS": "sts.example"])
        #expect(
            role.code == 3 && role.errors.contains("STS cannot be asked: AWS_ENDPOINT_URL_STS"), "\(role)")
        let token = try home.pgfob(
            "token", "--host", "db.example", "--user", "jo", "--aws-profile", "base",
            more: ["AWS_REGION": "eu west"])
        #expect(
            token.code == 2
                && token.errors.contains("the region of the AWS configuration, \"eu west\" is no region"),
            "\(token)")
    }

    @Test func `whoami names the provider and every other one's reason`() throws {
        let run = try home.pgfob("whoami", "--profile", "base")
        #expect(run.code == 0 && run.errors.isEmpty)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("provider     static keys, profile base"))
        #expect(lines.contains("credentials  do not end"))
        #expect(lines.contains("  environment: not asked: the profile is named explicitly"))
        #expect(lines.last == "  static keys in the credentials file: answered")
        #expect(try server.requests().isEmpty)
    }

    @Test func `whoami asks AWS for the ARN on request`() throws {
        let plain = try object(try home.pgfob("whoami", "--profile", "base", "--json"))
        #expect(plain["arn"] == .null && plain["account"] == .null && plain["clock_skew_ms"] == .null)
        let asked = try object(try home.pgfob("whoami", "--profile", "base", "--call", "--json"))
        #expect(asked["arn"]?.string == "arn:aws:iam::123456789012:user/AKBASE")
        #expect(asked["account"]?.string == "123456789012" && asked["user_id"]?.string == "AIDA")
        #expect(asked["expires_at"] == .null && asked["cause"] == .null)
        if case .number(let skew)? = asked["clock_skew_ms"] {
            #expect(abs(skew) < 5000)
        } else {
            Issue.record("no skew")
        }
    }

    @Test func `a role is told with its account, its ARN and its end`() throws {
        let role = try object(try home.pgfob("whoami", "--profile", "dba", "--json"))
        #expect(role["provider"]?.string == "assumed role, profile dba")
        #expect(role["arn"]?.string == "arn:aws:sts::123456789012:assumed-role/r/s")
        #expect(role["expires_at"]?.string == "2038-01-01T00:00:00Z")
    }

    @Test func `whoami says why there are none, and ends with 3`() throws {
        let run = try home.pgfob("whoami", "--profile", "ended", "--json")
        #expect(run.code == 3)
        let cause = try #require(try object(run)["cause"])
        #expect(cause["code"]?.string == "aws-sso-login-needed")
        #expect(cause["fix"]?.string?.contains("aws sso login --profile ended") == true)
        #expect(run.errors.hasPrefix("pgfob: ") && run.errors.contains("aws sso login --profile ended"))
        let missing = try home.pgfob("whoami", "--profile", "bsae")
        #expect(missing.code == 3 && missing.errors.contains("did you mean base?"))
    }

    // MARK: credentials

    @Test func `credentials come in the format of a credential process, for a shell and as JSON`() throws {
        let process = try object(try home.pgfob("credentials", "--profile", "dba"))
        #expect(process["Version"]?.int == 1 && process["Expiration"]?.string == "2038-01-01T00:00:00Z")
        #expect(process["AccessKeyId"]?.string?.hasPrefix("ASIASTS") == true)
        #expect(process["AccountId"]?.string == "123456789012")
        let shell = try home.pgfob("credentials", "--profile", "base", "--format", "env").output
        #expect(
            shell.split(separator: "\n") == [
                "export AWS_ACCESS_KEY_ID='AKBASE'", "export AWS_SECRET_ACCESS_KEY='\(AWSFolder.secret)'",
                "unset AWS_SESSION_TOKEN", "unset AWS_CREDENTIAL_EXPIRATION",
            ])
        let json = try object(try home.pgfob("credentials", "--profile", "base", "--format", "json"))
        #expect(json["secret_access_key"]?.string == AWSFolder.secret && json["session_token"] == .null)
    }

    @Test func `a profile of another tool's can run pgfob for its credentials`() throws {
        try home.folder.write(
            Self.config
                + "\n[profile outer]\ncredential_process = '\(ProgramPath.pgfob)' credentials --profile dba --format process\n",
            to: ".aws/config")
        let outer = try object(try home.pgfob("credentials", "--profile", "outer"))
        #expect(outer["AccessKeyId"]?.string?.hasPrefix("ASIASTS") == true)
    }

    @Test func `a terminal does not get a secret key unasked`() throws {
        let terminal = try home.screen(["credentials", "--profile", "base"])
        #expect(try terminal.ending() == .exited(2))
        #expect(terminal.screen.contains("add --show") && !terminal.screen.contains("planted"))
        let shown = try home.screen(["credentials", "--profile", "base", "--show"])
        #expect(try shown.ending() == .exited(0))
        #expect(shown.screen.contains("planted"))
    }

    @Test func `an MFA code is asked for on the terminal, even where the output is a pipe, and is not shown`()
        throws
    {
        let terminal = try PseudoTerminal(
            "/bin/sh",
            ["-c", "'\(ProgramPath.pgfob)' credentials --profile mfa </dev/null 2>/dev/null | cat > answer"],
            environment: home.environment, folder: home.folder.path)
        try terminal.waitFor("MFA code for arn:aws:iam::1:mfa/jo:")
        try terminal.send("12x\u{7f}3456\r")
        _ = try terminal.ending()
        #expect(home.folder.read("answer")?.contains("ASIASTS") == true)
        #expect(try server.requests().last?["TokenCode"]?.string == "123456")
        #expect(!terminal.screen.contains("12"))
    }

    @Test func `without a terminal nobody is asked, and a code that is not given ends it`() throws {
        let run = try home.pgfob("credentials", "--profile", "mfa")
        #expect(
            run.code == 3 && run.errors.contains("needs the code of the MFA device arn:aws:iam::1:mfa/jo"))
        let terminal = try home.screen(["token", "--aws-profile", "mfa"] + Self.target)
        try terminal.waitFor("MFA code")
        try terminal.send("\u{4}")
        #expect(try terminal.ending() == .exited(3))
        let interrupted = try home.screen(["token", "--aws-profile", "mfa"] + Self.target)
        try interrupted.waitFor("MFA code")
        try interrupted.send("\u{3}")
        #expect(try interrupted.ending() == .exited(130))
        #expect(interrupted.isInLineMode)
        #expect(try server.requests().isEmpty)
    }

    private static let target = [
        "--host", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com", "--user", "jo", "--show",
    ]

    @Test func `whoami tells what it knows where AWS refuses to say more`() throws {
        let run = try home.pgfob(
            "whoami", "--profile", "base", "--call", "--json",
            more: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"])
        let told = try object(run)
        #expect(run.code == 1 && told["provider"]?.string == "static keys, profile base")
        #expect(told["cause"]?["code"]?.string == "aws-refused" && told["reasons"]?.array?.isEmpty == false)
    }

    @Test func `a process that is running ends with pgfob, however that ends`() throws {
        let mark = home.folder.file("alive")
        try home.folder.write(
            "#!/bin/sh\necho $$ > \(mark)\nsleep 301 & echo $! >> \(mark)\nwait\n", to: "hang", mode: 0o755)
        try home.folder.write(
            Self.config + "\n[profile hang]\ncredential_process = \(home.folder.file("hang"))\n"
                + "[profile outer]\ncredential_process = '\(ProgramPath.pgfob)' credentials --profile hang\n",
            to: ".aws/config")
        for (profile, signal) in [("hang", SIGINT), ("hang", SIGTERM), ("outer", SIGTERM)] {
            try home.folder.write("", to: "alive")
            let terminal = try home.screen(["credentials", "--profile", profile, "--show"])
            func pids() -> [pid_t] {
                (home.folder.read("alive") ?? "").split(separator: "\n").compactMap { pid_t($0) }
            }
            try terminal.waitUntilTrue("the process runs") { pids().count == 2 }
            terminal.signal(signal)
            _ = try terminal.ending()
            try terminal.waitUntilTrue("all of it has ended") { pids().allSatisfy { kill($0, 0) != 0 } }
        }
    }

    // MARK: policy

    @Test func `the policy names what is unknown, and IAM's own ARN where AWS tells`() throws {
        let added = try home.pgfob(
            "add", "--name", "orders", "--host", Self.target[1], "--user", "jo \"x", "--aws-profile", "base")
        #expect(added.code == 0, "\(added.errors)")
        let policy = try home.pgfob("policy", "orders").output
        #expect(
            policy.contains(
                #""Resource": "arn:aws:rds-db:eu-west-1:<account>:dbuser:<cluster-resource-id>/jo \"x""#))
        #expect(policy.contains(#"CREATE USER "jo ""x";"#) && policy.contains(#"GRANT rds_iam TO "jo ""x";"#))
        #expect(
            policy.contains("-- unknown: the account")
                && policy.contains("-- unknown: the cluster's resource id"))
        let json = try object(try home.pgfob("policy", "orders", "--json"))
        #expect(json["action"]?.string == "rds-db:connect" && json["unknown"]?.array?.count == 2)
    }

    @Test(.enabled(if: Python.hasMoto, "moto is not here: pip install 'moto[server]' in a venv"))
    func `the policy's ARN is whole once AWS has been asked`() throws {
        let moto = try MotoFleet.shared.get()
        let home = try ProgramHome(moto.keys)
        let host = try #require(moto.cluster["ReaderEndpoint"]?.string)
        _ = try home.pgfob("add", "--name", "orders", "--host", host, "--user", "jo")
        let json = try object(try home.pgfob("policy", "orders", "--call", "--json"))
        let id = try #require(moto.cluster["DbClusterResourceId"]?.string)
        #expect(json["resource"]?.string == "arn:aws:rds-db:eu-west-1:123456789012:dbuser:\(id)/jo")
        #expect(json["unknown"] == .array([]))
        let identity = try object(try home.pgfob("whoami", "--call", "--json"))
        #expect(identity["arn"]?.string == moto.facts["user"]?.string)
    }

    @Test func `no secret is in what any of them complains of, or logs`() throws {
        try home.folder.write(
            AWSFolder.keys("base", id: "AKBASE", session: AWSFolder.session), to: ".aws/credentials")
        for arguments in [
            ["whoami", "--profile", "base", "--call", "--verbose"], ["whoami", "--profile", "dba", "--json"],
            ["whoami", "--profile", "ended", "--verbose"],
            ["credentials", "--profile", "ended", "--verbose"],
            ["policy", "nothing", "--verbose"],
        ] {
            let run = try home.pgfob(arguments)
            for secret in [AWSFolder.secret, AWSFolder.session, "sts-secret", "sts-session"] {
                #expect(!(run.output + run.errors).contains(secret), "\(arguments)")
            }
        }
        let files = try ProgramRun("/bin/grep", ["-rl", "planted", home.folder.path], environment: [:])
        #expect(
            files.output.split(separator: "\n").map(String.init) == [home.folder.file(".aws/credentials")])
    }
}

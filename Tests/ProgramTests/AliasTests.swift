#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Whether a program can be given a network and a resolv.conf of its own.
private enum Namespaces {
    static let areHere: Bool = {
        let run = try? ProgramRun(
            "/usr/bin/unshare",
            ["--map-root-user", "--mount", "--net", "mount", "--bind", "/etc/hostname", "/etc/hosts"],
            environment: ["PATH": "/usr/bin:/bin"])
        return run?.code == 0
    }()
}

/// A DNS alias of the user's own, with a name server that knows it: the program runs in a network of its own.
@Suite(.enabled(if: Namespaces.areHere, "this machine lets nobody have a network of its own"))
struct AliasTests {
    private static let endpoint = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"

    private let home: ProgramHome

    init() throws {
        home = try ProgramHome()
        try home.folder.write(AWSFolder.keys("acme", id: "AKACME"), to: ".aws/credentials")
        try home.folder.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", to: "resolv.conf")
        for name in ["alias", "public", "plain"] {
            let added = try home.pgfob(
                "add", "--name", name, "--host", "\(name).example", "--user", "jo", "--aws-profile", "acme")
            #expect(added.code == 0, "\(added.errors)")
        }
    }

    /// Runs pgfob where the name server of the test is the only one.
    private func pgfob(_ arguments: String) throws -> ProgramRun {
        let dns = "\(ProgramPath.repository)/Tests/Servers/dns.py"
        let script = """
            mount --bind '\(home.folder.file("resolv.conf"))' /etc/resolv.conf || exit 90
            rm -f '\(home.folder.file("port"))'
            '\(Python.program)' '\(dns)' 53 > '\(home.folder.file("port"))' &
            while ! [ -s '\(home.folder.file("port"))' ]; do :; done
            '\(ProgramPath.pgfob)' \(arguments); code=$?; kill $!; exit $code
            """
        let environment = home.environment.merging(Python.environment) { $1 }
        return try ProgramRun(
            "/usr/bin/unshare", ["--map-root-user", "--mount", "--net", "sh", "-c", script],
            environment: environment)
    }

    @Test(arguments: ["alias", "public"])
    func `a token is signed for the endpoint behind an alias, and says so`(name: String) throws {
        let run = try pgfob("token \(name)")
        #expect(run.code == 0 && run.output.hasPrefix("\(Self.endpoint):5432/?"), "\(run)")
        #expect(
            run.errors
                == "pgfob: warning: \(name).example is an alias: the token is signed for \(Self.endpoint)\n")
    }

    @Test func `the dns stage shows every name on the way to the address`() throws {
        let added = try home.pgfob(
            "add", "--name", "chain", "--host", "alias.example", "--auth", "none", "--sslmode", "prefer")
        #expect(added.code == 0, "\(added.errors)")
        let report = try pgfob("test chain --json --timeout 3")
        let stages = try JSONDecoder().decode(JSONValue.self, from: Data(report.output.utf8))["stages"]
        #expect(stages?[2]?["detail"]?.string == "192.0.2.1 via middle.example -> \(Self.endpoint)")
    }

    @Test func `the connection is made to the endpoint, so that its certificate fits`() throws {
        let conninfo = try pgfob("conninfo alias").output
        #expect(conninfo.contains("host=\(Self.endpoint) port=5432 sslmode=verify-full"))
        let report = try pgfob("test alias --json")
        let stages = try JSONDecoder().decode(JSONValue.self, from: Data(report.output.utf8))["stages"]
        #expect(
            stages?[0]?["detail"]?.string
                == "alias.example is an alias of \(Self.endpoint), iam jo@postgres, region eu-west-1 from the host name"
        )
        #expect(stages?[1]?["outcome"]?.string == "ok")
        #expect(try pgfob("policy alias").output.contains("arn:aws:rds-db:eu-west-1:"))
    }

    @Test func `a name that is no alias of an endpoint is not signed for`() throws {
        let run = try pgfob("token plain")
        #expect(run.code == 1 && run.errors.contains("plain.example is not an RDS endpoint name"))
    }
}

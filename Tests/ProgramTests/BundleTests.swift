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

/// `pgfob ca`: bundles fetched over HTTPS, checked, replaced whole, and trimmed for libpq.
@Suite(.enabled(if: TrialAuthority.openssl != nil, "openssl is not installed"), .timeLimit(.minutes(14)))
struct BundleTests {
    /// AWS's trust store as it could be: a folder behind HTTPS, and the authority of its own certificate.
    final class Store {
        let folder: TemporaryFolder
        let authority: TrialAuthority
        private let process: ChildProgram
        let port: Int

        init() throws {
            folder = try TemporaryFolder()
            authority = try TrialAuthority("Web", in: folder)
            let files = try authority.issue("localhost", from: "20200101000000Z", until: "20990101000000Z")
            try folder.write("", to: "www/global/global-bundle.pem")
            process = try ChildProgram(
                "/usr/bin/env",
                [
                    Python.program, "\(ProgramPath.repository)/Tests/Servers/truststore.py",
                    folder.file("www"), files.certificate, files.key,
                ], environment: Python.environment, input: nil)
            try process.wait(for: "port") { [process] in process.output.hasSuffix("\n") }
            port = Int(process.output.dropLast()) ?? 0
        }

        func home() throws -> ProgramHome {
            try ProgramHome([
                "PGFOB_TRUSTSTORE_URL": "https://localhost:\(port)", "AWS_CA_BUNDLE": authority.roots,
            ])
        }

        func root(_ name: String) throws -> String {
            let own = try TemporaryFolder()
            return own.takingText(of: try TrialAuthority(name, in: own).roots)
        }
    }

    private static let bundle = ".local/share/pgfob/ca/global-bundle.pem"

    @Test func `a client's key with a pass phrase fails a test with its cause, and nobody is asked`() throws {
        let home = try ProgramHome()
        let folder = home.folder
        try folder.write("", to: ".postgresql/x")
        let made = try ProgramRun(
            TrialAuthority.openssl ?? "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "9", "-subj",
                "/CN=jo", "-keyout", folder.file(".postgresql/postgresql.key"), "-out",
                folder.file(".postgresql/postgresql.crt"), "-passout", "pass:open sesame",
            ], environment: [:])
        #expect(made.code == 0, "\(made)")
        chmod(folder.file(".postgresql/postgresql.key"), 0o600)
        let server = try FaultListener([.read, .send([UInt8(ascii: "S")]), .hold])
        let added = try home.pgfob(
            "add", "--name", "a", "--host", "127.0.0.1", "--port", String(server.port), "--auth", "none",
            "--user", "u", "--sslmode", "require")
        #expect(added.code == 0, "\(added)")
        let terminal = try home.screen(["test", "a", "--timeout", "120"], columns: 120)
        try terminal.waitFor("[client-key-unusable]")
        #expect(try terminal.ending() == .exited(1))
    }

    @Test func `a bundle with an encrypted block is told, and nobody is asked for its pass phrase`() throws {
        let home = try ProgramHome()
        let block = Data((0..<256).map { UInt8($0) }).base64EncodedString(options: .lineLength64Characters)
        try home.folder.write(
            """
            -----BEGIN CERTIFICATE-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

            \(block)
            -----END CERTIFICATE-----

            """, to: Self.bundle)
        let terminal = try home.screen(["ca"], columns: 120)
        try terminal.waitFor("1 blocks of it are no certificates")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a bundle that checks nothing is told on stderr, whatever stdout is for`() throws {
        let home = try ProgramHome()
        let bundle = try home.folder.write("", to: "none.pem")
        let added = try home.pgfob(
            "add", "--name", "a", "--host", "h.example", "--auth", "none", "--sslrootcert", bundle)
        #expect(added.code == 0)
        for words in [["ca"], ["ca", "--json"]] {
            let run = try home.pgfob(words)
            #expect(run.code == 1, "\(run)")
            #expect(
                run.errors == "pgfob: \(bundle): there is no certificate in it: `pgfob ca fetch`\n",
                "\(run.errors)")
        }
    }

    @Test func `fetch checks every certificate and replaces the old bundle whole`() throws {
        let store = try Store()
        defer { withExtendedLifetime(store) {} }
        let home = try store.home()
        let roots = try ["eu-west-1", "us-east-1"].map {
            try store.root("Amazon RDS \($0) Root CA ECC384 G1")
        }
        let missing = try home.pgfob("ca")
        #expect(missing.code == 0 && missing.output.contains("`pgfob ca fetch`"))
        try store.folder.write(roots.joined(), to: "www/global/global-bundle.pem")
        let fetched = try home.pgfob("ca", "fetch")
        #expect(fetched.code == 0 && fetched.output.contains("2 roots"), "\(fetched.errors)")
        let good = try #require(home.folder.read(Self.bundle))
        #expect(home.folder.mode(of: Self.bundle) == 0o600)
        let status = try home.pgfob("ca", "--json")
        #expect(status.output.contains("Amazon RDS eu-west-1 Root CA ECC384 G1"))
        // A page of HTML, half a certificate, nothing at all, somebody else's root: what was there stays.
        for bad in [
            "<html>proxy login</html>", "", try store.root("Corporate Root CA"),
            roots[0] + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            try store.folder.write(bad, to: "www/global/global-bundle.pem")
            let refused = try home.pgfob("ca", "fetch")
            #expect(refused.code == 1 && refused.errors.hasPrefix("pgfob: "), "\(refused.output)")
            #expect(home.folder.read(Self.bundle) == good)
        }
        #expect(try home.pgfob("ca", "fetch", "--region", "eu-west-3").errors.contains("HTTP 404"))
        #expect(home.folder.names.contains { $0.hasPrefix("global-bundle.pem.") } == false)
    }

    @Test func `what is fetched is what the profiles need, region by region and partition by partition`()
        throws
    {
        let store = try Store()
        defer { withExtendedLifetime(store) {} }
        let home = try store.home()
        let root = try store.root("Amazon RDS eu-west-1 Root CA ECC384 G1")
        try store.folder.write(root, to: "www/global/global-bundle.pem")
        try store.folder.write(root, to: "www/eu-west-1/eu-west-1-bundle.pem")
        for (name, region, ending) in [("a", "eu-west-1", "com"), ("b", "cn-north-1", "com.cn")] {
            let host = "orders.cluster-c1x9abcdefgh.\(region).rds.amazonaws.\(ending)"
            #expect(try home.pgfob("add", "--name", name, "--host", host, "--user", "u").code == 0)
        }
        let both = try home.pgfob("ca", "fetch")
        #expect(both.code == 0, "\(both.errors)")
        #expect(both.output.contains("/global-bundle.pem: 1 roots"))
        #expect(both.output.contains("/global-bundle.aws-cn.pem: 1 roots"))
        // Once a region's own bundle is in force, it is that which is renewed.
        #expect(try home.pgfob("ca", "fetch", "--region", "eu-west-1").code == 0)
        let again = try home.pgfob("ca", "fetch")
        #expect(again.output.contains("/eu-west-1-bundle.pem: 1 roots"), "\(again.output)")
        #expect(!again.output.contains("/global-bundle.pem: "))
    }

    @Test(arguments: [
        ["status", "--region", "eu-west-1"], ["--partition-wide"], ["fetch", "--json"],
        ["fetch", "--partition-wide"],
    ])
    func `what a verb cannot use is refused`(arguments: [String]) throws {
        let run = try ProgramHome().pgfob(["ca"] + arguments)
        #expect(run.code == 2 && run.output.isEmpty && run.errors.hasPrefix("pgfob: "))
    }

    @Test func `without the authority of the trust store's certificate nothing is fetched`() throws {
        let store = try Store()
        defer { withExtendedLifetime(store) {} }
        let home = try store.home()
        let other = try store.root("Other")
        try home.folder.write(other, to: "other.pem")
        let refused = try home.pgfob("ca", "fetch", more: ["AWS_CA_BUNDLE": home.folder.file("other.pem")])
        #expect(refused.code == 1 && refused.errors.contains("TLS"))
        let plain = try home.pgfob("ca", "fetch", more: ["PGFOB_TRUSTSTORE_URL": "http://localhost:1"])
        #expect(plain.code == 2)
        #expect(home.folder.read(Self.bundle) == nil)
    }

    @Test func `retired roots and roots that end are warned of`() throws {
        let home = try ProgramHome()
        let own = try TemporaryFolder()
        let old = own.takingText(of: try TrialAuthority("Amazon RDS Root 2019 CA", in: own).roots)
        try home.folder.write(old, to: Self.bundle)
        let status = try home.pgfob("ca", "status")
        #expect(status.code == 0)
        #expect(status.output.contains("retired rds-ca-2019 family: no server shows a certificate of it"))
        #expect(status.output.contains("Amazon RDS Root 2019 CA: "))
    }

    @Test func `libpq is handed the endpoint's region alone, and never less than it needs`() throws {
        let server = try FaultServer("pwerror,code=28000,msg=no")
        defer { withExtendedLifetime(server) {} }
        let home = try ProgramHome(["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"])
        let own = try TemporaryFolder()
        let good = own.takingText(of: server.roots)
        let others = try (1...12).map { number in
            let folder = try TemporaryFolder()
            return folder.takingText(
                of: try TrialAuthority("Amazon RDS us-east-\(number) Root CA ECC384 G1", in: folder).roots)
        }
        try home.folder.write(others.joined() + good, to: Self.bundle)
        let added = try home.pgfob(
            "add", "--name", "n", "--host", FaultServer.host, "--dial", "127.0.0.1:\(try server.port())",
            "--user", "u")
        #expect(added.code == 0, "\(added.errors)")
        #expect(try home.pgfob("test", "n", "--json").output.contains("\"failed_stage\":\"auth\""))
        let trimmed = ".local/share/pgfob/ca/trimmed"
        let names = try FileManager.default.contentsOfDirectory(atPath: home.folder.file(trimmed))
        #expect(names.count == 1 && names[0].hasPrefix("eu-west-1-"))
        #expect(home.folder.read("\(trimmed)/\(names[0])") == good)
        // A bundle in which the region's roots are others': all of it is asked before anything is refused.
        let stranger = try TemporaryFolder()
        let fake = stranger.takingText(
            of: try TrialAuthority("Amazon RDS eu-west-1 Root CA RSA4096 G1", in: stranger).roots)
        let renamed = others.joined() + fake
        try home.folder.write(renamed, to: Self.bundle)
        #expect(try home.pgfob("test", "n", "--json").output.contains("\"ca-unknown\""))
    }
}

extension TemporaryFolder {
    /// The text of any file.
    func takingText(of path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

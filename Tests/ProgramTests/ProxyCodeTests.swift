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

/// A proxy whose credentials want a device's code by the time a client comes.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyCodeTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }
    private let server: IdentityServer
    private let more: [String: String]

    init() throws {
        let trial = try ProxyTrial()
        let run = trial.run
        self.trial = trial
        let given = try #require(run.environment["AWS_SHARED_CREDENTIALS_FILE"])
        let keys = try ProgramRun("/bin/cat", [given], environment: [:]).output
        // What STS gives for a code is what the servers take.
        let role: [String] = try #require(Self.keys(of: "acme-prod", in: keys))
        server = try IdentityServer(role: role)
        let folder = run.folder
        try folder.write("token_seconds = 4\n", to: ".config/pgfob/config.toml")
        try folder.write(keys + AWSFolder.keys("base", id: "AKBASE"), to: "aws/given")
        more = [
            "AWS_CONFIG_FILE": folder.file("aws/config"),
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("aws/credentials"),
        ].merging(server.environment) { $1 }
        try folder.write(keys, to: "aws/credentials")
        try folder.write("[profile acme-dev]\nregion = eu-west-1\n", to: "aws/config")
    }

    /// The three of a profile.
    private static func keys(of profile: String, in text: String) -> [String]? {
        let lines = text.split(separator: "\n").drop { $0 != "[\(profile)]" }.dropFirst().prefix(3)
        let values = lines.compactMap { line in
            line.range(of: " = ").map { String(line[$0.upperBound...]) }
        }
        return values.count == 3 ? values : nil
    }

    /// The credentials are those of a role from now on.
    private func wantCode(of device: String) throws {
        try run.folder.write(
            """
            [profile acme-dev]
            region = eu-west-1
            role_arn = arn:aws:iam::1:role/M
            source_profile = base
            mfa_serial = arn:aws:iam::1:mfa/\(device)

            """, to: "aws/config")
        try run.folder.write(run.folder.read("aws/given") ?? "", to: "aws/credentials")
    }

    private var codes: [String] {
        get throws {
            try server.requests().filter { $0["action"]?.string == "AssumeRole" }.compactMap {
                $0["TokenCode"]?.string
            }
        }
    }

    private func client() throws -> ChildProgram { try trial.client(try trial.ownConninfo) }

    @Test func `the proxy's terminal is asked for the code while the client waits, once`() throws {
        let terminal = try run.home.screen(["proxy", "orders-stg"], columns: 160, rows: 30, more: more)
        try terminal.waitFor("user=jane_doe")
        #expect(try client().end(within: 60) == .exited(0))
        try wantCode(of: "jo")
        let patient = try client()
        try terminal.waitFor("a client waits for its login")
        try terminal.waitFor("MFA code for arn:aws:iam::1:mfa/jo:")
        try terminal.send("123456\r")
        #expect(try patient.end(within: 60) == .exited(0), "\(patient.errors)")
        #expect(patient.output == "1\n")
        for _ in 1...2 { #expect(try client().end(within: 60) == .exited(0)) }
        #expect(try codes == ["123456"])
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("123456"))
        // Given up, it is not asked for again at once, however often a pooler comes.
        try wantCode(of: "jane")
        let refused = try client()
        try terminal.waitFor("MFA code for arn:aws:iam::1:mfa/jane:")
        try terminal.press(.control("d"))
        #expect(try refused.end(within: 60) == .exited(2))
        #expect(
            refused.errors.contains("FATAL:  pgfob: ")
                && refused.errors.contains("the MFA device arn:aws:iam::1:mfa/jane"),
            "\(refused.errors)")
        #expect(try client().end(within: 60) == .exited(2))
        #expect(terminal.count(of: "MFA code for") == 2)
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(try codes == ["123456"])
    }

    @Test func `the screen asks by its dialog, and takes it back when the client leaves`() throws {
        let terminal = try run.home.screen([], columns: 120, rows: 30, more: more)
        try run.select("orders-stg", on: terminal)
        try run.openProxy(on: terminal)
        try terminal.waitFor("no password needed")
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") { $0.row(with: "no password needed") == nil }
        #expect(try client().end(within: 60) == .exited(0))
        try wantCode(of: "jo")
        let impatient = try client()
        try terminal.waitFor("AWS asks for an MFA code")
        impatient.killHard()
        try terminal.waitUntil("the dialog is taken back") { !$0.contains("MFA code") }
        let patient = try client()
        try terminal.waitFor("AWS asks for an MFA code")
        try terminal.send("654321")
        try terminal.waitFor("******")
        try terminal.press(.enter)
        #expect(try patient.end(within: 60) == .exited(0), "\(patient.errors)")
        try terminal.waitUntil("the dialog is gone") { !$0.contains("MFA code") }
        #expect(try codes == ["654321"])
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `without a terminal the client is told what is wanted, and AWS is not asked`() throws {
        let (_, conninfo) = try trial.proxy(more: more)
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
        try wantCode(of: "jo")
        let refused = try trial.psql(conninfo, "-c", "select 1")
        #expect(
            refused.code == 2
                && refused.errors.contains("needs the code of the MFA device arn:aws:iam::1:mfa/jo"),
            "\(refused)")
        #expect(try codes.isEmpty)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// A machine whose clock is off: AWS's is another.
@Suite(.timeLimit(.minutes(14)))
struct ClockTests {
    private static let config = """
        [profile role]
        role_arn = arn:aws:iam::1:role/R
        source_profile = base
        """

    private func home(ahead: Int) throws -> (ProgramHome, IdentityServer) {
        let server = try IdentityServer(ahead: ahead)
        let home = try ProgramHome(server.environment.merging(["AWS_REGION": "eu-west-1"]) { $1 })
        try home.folder.write(Self.config, to: ".aws/config")
        try home.folder.write(AWSFolder.keys("base", id: "AKBASE"), to: ".aws/credentials")
        return (home, server)
    }

    @Test(arguments: [600, -7200])
    func `the first call is answered all the same, and the clock is told`(ahead: Int) throws {
        let (home, server) = try home(ahead: ahead)
        let run = try home.pgfob("whoami", "--profile", "role", "--call")
        #expect(run.code == 0, "\(run.errors)")
        let words = ahead > 0 ? "ahead of" : "behind"
        // The header has whole seconds.
        #expect(
            (-1...1).contains {
                run.output.contains("clock        AWS is \(abs(ahead) + $0) s \(words) this machine")
            })
        #expect(try server.requests().first?["action"]?.string == "refused for its time")
    }

    @Test(arguments: [600, -7200])
    func `credentials that have just come are not taken for ended, and a token is signed with AWS's time`(
        ahead: Int
    ) throws {
        let (home, server) = try home(ahead: ahead)
        let run = try home.pgfob(
            "token", "--aws-profile", "role", "--host", "o.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com",
            "--user", "jo")
        #expect(run.code == 0, "\(run.errors)")
        let stamp = try #require(run.output.firstRange(of: "X-Amz-Date="))
        let text = String(run.output[stamp.upperBound...].prefix(16))
        let signed = try #require(Self.date(text))
        #expect(abs(signed.timeIntervalSinceNow - Double(ahead)) < 30)
        #expect(try server.requests().last?["action"]?.string == "AssumeRole")
    }

    @Test func `where the clock is not to be corrected, the refusal names it`() throws {
        let (home, server) = try home(ahead: 600)
        try home.folder.write("correct_clock = false\n", to: ".config/pgfob/config.toml")
        let run = try home.pgfob("whoami", "--profile", "role")
        #expect(run.code == 3)
        #expect(try server.requests().count == 1)
        #expect(run.errors.contains("(this machine's clock is ") && run.errors.contains(" s behind AWS's)"))
        #expect(run.errors.contains("set this machine's clock"))
    }

    /// `20261125T170000Z`.
    private static func date(_ text: String) -> Date? {
        let d = Array(text)
        guard d.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(d[range]) }
        return try? Date(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z",
            strategy: .iso8601)
    }
}

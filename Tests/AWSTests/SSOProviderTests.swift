#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Synchronization
import Workers
import TestSupport
import Testing

/// IAM Identity Center: a session's token, its renewal and its end.
@Suite(.timeLimit(.minutes(14)))
struct SSOProviderTests {
    let trial: ProviderTrial

    init() throws { trial = try ProviderTrial() }

    @Test func `a session gives a role's credentials`() throws {
        let (folder, _) = try AWSFolder.sso(token: "good", ends: 4 * 3600)
        let credentials = try trial.chain(folder).report(ProviderTrial.request("sso")).get()
        #expect(
            credentials.signing.accessKeyID.hasPrefix("ASIASSO") && credentials.accountID == "111122223333")
        #expect(credentials.provider == "SSO, role DBA" && credentials.session?.name == "corp")
        #expect(credentials.session?.command == ["aws", "sso", "login", "--profile", "sso"])
        let left = try #require(credentials.session?.endsAt).timeIntervalSinceNow
        #expect(left > 4 * 3600 - 60 && left <= 4 * 3600)
        let over = try trial.chain(folder).report(ProviderTrial.request("over")).get()
        #expect(over.provider == "assumed role, profile over" && over.session?.kind == .sso)
    }

    @Test func `a token that is about to end is renewed, and written back whole and private`() throws {
        let (folder, name) = try AWSFolder.sso(token: "short", ends: 600, refresh: "good")
        let credentials = try trial.chain(folder).report(ProviderTrial.request("sso")).get()
        #expect(try #require(credentials.session?.endsAt).timeIntervalSinceNow > 7 * 3600)
        let text = try #require(folder.folder.read(name))
        #expect(text.contains("\"accessToken\":\"renewed-") && text.contains("\"refreshToken\":\"next-"))
        #expect(text.contains("\"other\":{\"kept\":[1,true]}") && text.contains("\"clientSecret\":\"cs\""))
        #expect(folder.folder.mode(of: name) == 0o600)
        #expect(folder.folder.names.sorted() == [".aws"])
        // aws-cli's own reader accepts it.
        #expect(Timestamp.parse(try #require(JSONTree(Array(text.utf8))?["expiresAt"]?.string)) != nil)
        // The next one needs no renewal.
        _ = try trial.chain(folder).report(ProviderTrial.request("sso")).get()
        #expect(try trial.server.requests().count { $0["grant"] != nil } == 1)
    }

    @Test func `a renewal that fails matters only once the token has ended`() throws {
        let (folder, _) = try AWSFolder.sso(token: "short", ends: 300, refresh: "dead")
        #expect(
            try trial.chain(folder).report(ProviderTrial.request("sso")).get().signing.accessKeyID.hasPrefix(
                "ASIASSO"))
        let (over, _) = try AWSFolder.sso(token: "over", ends: -10, refresh: "dead")
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(over).report(ProviderTrial.request("sso")).get()
        }
        #expect(
            failure.code == "aws-sso-login-needed"
                && failure.login == ["aws", "sso", "login", "--profile", "sso"])
        #expect(failure.message.hasPrefix("the token of the SSO session corp ended at 20"))
        #expect(
            failure.message.hasSuffix("and was not renewed: invalid_grant: Invalid refresh token provided"))
    }

    @Test func `a session whose registration or token has ended needs a login, without a call`() throws {
        for (ends, refresh, registration) in [(-10.0, "good" as String?, -10.0), (-10, nil, 0)] {
            let (folder, _) = try AWSFolder.sso(
                token: "x", ends: ends, refresh: refresh, registration: registration)
            let failure = try #require(throws: AWSFailure.self) {
                try trial.chain(folder).report(ProviderTrial.request("sso")).get()
            }
            #expect(failure.code == "aws-sso-login-needed")
        }
        #expect(try trial.server.requests().isEmpty)
    }

    @Test func `the older kind is named by its address, and is never renewed`() throws {
        let (folder, _) = try AWSFolder.sso(
            token:
                "good", ends: 300, refresh: "good", session: "https://old.awsapps.com/start#/")
        #expect(
            try trial.chain(folder).report(ProviderTrial.request("old")).get().signing.accessKeyID.hasPrefix(
                "ASIASSO"))
        #expect(try trial.server.requests().allSatisfy { $0["grant"] == nil })
    }

    @Test func `what the portal refuses is told from a session that has ended`() throws {
        let (folder, _) = try AWSFolder.sso(token: "good", ends: 3600)
        let refused = try #require(throws: AWSFailure.self) {
            try trial.chain(folder).report(ProviderTrial.request("forbidden")).get()
        }
        #expect(refused.code == "aws-refused" && refused.message.contains("ForbiddenException: No access"))
        let (ended, _) = try AWSFolder.sso(token: "ended-elsewhere", ends: 3600)
        let over = try #require(throws: AWSFailure.self) {
            try trial.chain(ended).report(ProviderTrial.request("sso")).get()
        }
        #expect(over.code == "aws-sso-login-needed")
    }

    @Test func `a cache of thousands of registrations costs one look`() throws {
        let (folder, _) = try AWSFolder.sso(token: "good", ends: 3600)
        for number in 0..<3000 {
            try folder.folder.write(#"{"clientId": "x"}"#, to: ".aws/sso/cache/r\(number).json")
        }
        #expect(
            try trial.chain(folder).report(ProviderTrial.request("sso")).get().provider == "SSO, role DBA")
    }

    @Test func `many profiles of one session renew its token once`() async throws {
        let (folder, _) = try AWSFolder.sso(token: "over", ends: -10, refresh: "good")
        var config = AWSFolder.ssoConfig
        for number in 0..<6 {
            config +=
                "\n[profile p\(number)]\nsso_session = corp\nsso_account_id = \(number)\nsso_role_name = DBA\n"
        }
        try folder.folder.write(config, to: ".aws/config")
        let (chain, crew, answers) = (trial.chain(folder), Crew(limit: 6), Answers())
        for number in 0..<6 {
            crew.submit {
                let report = chain.report(ProviderTrial.request("p\(number)", seconds: 60))
                answers.all.withLock { $0.append((try? report.get())?.accountID ?? "none") }
            }
        }
        #expect(await eventually(within: .seconds(60)) { answers.all.withLock { $0.count } == 6 })
        #expect(Set(answers.all.withLock { $0 }) == Set((0..<6).map { String($0) }))
        #expect(try trial.server.requests().count { $0["grant"] != nil } == 1)
    }

    private final class Answers: Sendable { let all = Mutex<[String]>([]) }

    @Test func `a renewal without an answer is told as such, and not as a login's end`() throws {
        let (folder, _) = try AWSFolder.sso(token: "over", ends: -10, refresh: "good")
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(folder, ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]).report(
                ProviderTrial.request("sso")
            )
            .get()
        }
        #expect(failure.code == "aws-refused" && failure.login == nil)
        #expect(
            failure.message.contains("renewing it got no answer") && failure.message.contains("127.0.0.1:1"))
    }

    @Test func `a link to the cache stays one, and numbers in it stay what they were`() throws {
        let (folder, name) = try AWSFolder.sso(token: "short", ends: 600, refresh: "good")
        let text = try #require(folder.folder.read(name))
        try folder.folder.write(
            text.replacing("{\"startUrl\"", with: "{\"n\": 9007199254740993, \"f\": 0.125, \"startUrl\""),
            to: "real.json")
        try FileManager.default.removeItem(atPath: folder.folder.file(name))
        try FileManager.default.createSymbolicLink(
            atPath: folder.folder.file(name), withDestinationPath: folder.folder.file("real.json"))
        _ = try trial.chain(folder).report(ProviderTrial.request("sso")).get()
        let written = try #require(folder.folder.read("real.json"))
        #expect(written.contains("\"n\":9007199254740993") && written.contains("\"f\":0.125"))
        #expect(written.contains("renewed-"))
    }
}

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

/// Roles, and who may take them, against a server with the documented wire format.
@Suite(.timeLimit(.minutes(14)))
struct RoleProviderTests {
    let trial: ProviderTrial

    init() throws { trial = try ProviderTrial() }

    static let roles = """
        [profile base]
        region = eu-west-1
        [profile role]
        role_arn = arn:aws:iam::1:role/R
        source_profile = base
        external_id = x 1
        duration_seconds = 1800
        role_session_name = jo
        [profile second]
        role_arn = arn:aws:iam::2:role/S
        source_profile = role
        [profile denied]
        role_arn = arn:aws:iam::1:role/Denied
        source_profile = base
        [profile busy]
        role_arn = arn:aws:iam::1:role/Busy
        source_profile = base
        [profile mfa]
        role_arn = arn:aws:iam::1:role/M
        source_profile = base
        mfa_serial = arn:aws:iam::1:mfa/jo
        """

    private func folder() throws -> AWSFolder {
        try AWSFolder(config: Self.roles, credentials: AWSFolder.keys("base", id: "AKBASE"))
    }

    @Test func `a role is assumed with all that its profile says`() throws {
        let credentials = try trial.chain(try folder()).report(ProviderTrial.request("role")).get()
        #expect(credentials.signing.accessKeyID.hasPrefix("ASIASTS"))
        #expect(
            credentials.provider == "assumed role, profile role" && credentials.accountID == "123456789012")
        #expect(credentials.expiresAt == Timestamp.parse("2038-01-01T00:00:00Z"))
        let call = try #require(try trial.server.requests().first)
        let facts = [
            "action": "AssumeRole", "RoleArn": "arn:aws:iam::1:role/R", "ExternalId": "x 1",
            "DurationSeconds": "1800",
            "RoleSessionName": "jo", "signer": "AKBASE",
        ]
        for (name, text) in facts { #expect(call[name]?.string == text, "\(name)") }
    }

    @Test func `a role of a role is assumed with the first one's credentials`() throws {
        let chain = trial.chain(try folder())
        let first = try chain.report(ProviderTrial.request("role")).get()
        _ = try chain.report(ProviderTrial.request("second")).get()
        let call = try #require(try trial.server.requests().last)
        #expect(call["RoleArn"]?.string == "arn:aws:iam::2:role/S")
        #expect(call["signer"]?.string == first.signing.accessKeyID)
        #expect(call["session"]?.string == first.signing.sessionToken?.reveal())
    }

    @Test func `what AWS refuses is said in its own words, and what it throttles is asked again`() throws {
        let chain = trial.chain(try folder())
        let failure = try #require(throws: AWSFailure.self) {
            try chain.report(ProviderTrial.request("denied")).get()
        }
        #expect(failure.code == "aws-refused")
        #expect(failure.message.contains("AccessDenied: User is not authorized to perform: sts:AssumeRole"))
        #expect(
            try chain.report(ProviderTrial.request("busy")).get().signing.accessKeyID.hasPrefix("ASIASTS"))
        #expect(try trial.server.requests().count { $0["RoleArn"]?.string?.hasSuffix("/Busy") == true } == 3)
    }

    @Test func `that a role wants a code is known beforehand, by way of its sources too`() throws {
        let more = """

            [profile above]
            role_arn = arn:aws:iam::1:role/A
            source_profile = mfa
            [profile loop]
            role_arn = arn:aws:iam::1:role/L
            source_profile = loop
            """
        let chain = trial.chain(
            try AWSFolder(config: Self.roles + more, credentials: AWSFolder.keys("base", id: "AKBASE")))
        for name in ["mfa", "above"] { #expect(chain.wantsCode(profile: name), "\(name)") }
        for name in ["base", "role", "second", "loop", "nobody"] {
            #expect(!chain.wantsCode(profile: name), "\(name)")
        }
        #expect(try trial.server.requests().isEmpty)
    }

    @Test func `an MFA code is asked for and sent, and one that nobody gives ends it`() throws {
        let chain = trial.chain(try folder())
        let asked = Mutex<[String]>([])
        let credentials = try chain.report(
            ProviderTrial.request("mfa") { device in
                asked.withLock { $0.append(device) }
                return "123456"
            }
        ).get()
        #expect(credentials.isInteractive && asked.withLock { $0 } == ["arn:aws:iam::1:mfa/jo"])
        let call = try #require(try trial.server.requests().last)
        #expect(
            call["TokenCode"]?.string == "123456" && call["SerialNumber"]?.string == "arn:aws:iam::1:mfa/jo")
        let failure = try #require(throws: AWSFailure.self) {
            try chain.report(ProviderTrial.request("mfa") { _ in nil }).get()
        }
        #expect(failure.code == "aws-mfa-needed")
    }

    @Test func `an answer that aws-cli has cached is not asked for again, until it is about to end`() throws {
        let folder = try folder()
        let key = RoleCache.key([
            ("RoleArn", "arn:aws:iam::1:role/M"), ("SerialNumber", "arn:aws:iam::1:mfa/jo"),
        ])
        func cache(_ end: Date) throws {
            try folder.folder.write(
                #"{"Credentials": {"AccessKeyId": "ASIACLI", "SecretAccessKey": "s", "SessionToken": "t", "#
                    + #""Expiration": "\#(Timestamp.rfc3339(end))"}}"#, to: ".aws/cli/cache/\(key).json")
        }
        try cache(Date().addingTimeInterval(1000))
        #expect(
            try trial.chain(folder).report(ProviderTrial.request("mfa")).get().signing.accessKeyID
                == "ASIACLI")
        #expect(try trial.server.requests().isEmpty)
        try cache(Date().addingTimeInterval(800))
        #expect(throws: AWSFailure.self) {
            try trial.chain(folder).report(ProviderTrial.request("mfa")).get()
        }
    }

    @Test func `the cache's key is that of aws-cli`() {
        // Python: sha1(json.dumps({...}, sort_keys=True)), see facts/aws.md 2.4.
        let key = RoleCache.key([
            ("RoleArn", "arn:aws:iam::123456789012:role/R"), ("ExternalId", "a\"b"),
            ("DurationSeconds", "900"),
        ])
        #expect(key == "7e89ebaf71c771fdb22cbcaeb407da19284e3e9c")
    }

    @Test func `a credential source is where the program runs`() throws {
        let config = ["Environment", "Ec2InstanceMetadata", "EcsContainer"].map {
            "[profile \($0)]\nrole_arn = arn:aws:iam::1:role/R\ncredential_source = \($0)\n"
        }.joined()
        let folder = try AWSFolder(config: config)
        let chain = trial.chain(
            folder,
            [
                "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_EC2_METADATA_DISABLED": "",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(trial.server.address)/container",
            ])
        for profile in ["Environment", "Ec2InstanceMetadata", "EcsContainer"] {
            #expect(
                try chain.report(ProviderTrial.request(profile)).get().provider
                    == "assumed role, profile \(profile)")
        }
        let signers = try trial.server.requests().compactMap { $0["signer"]?.string }
        #expect(signers[0] == "AKENV" && signers[1] == "ASIAINSTANCE" && signers[2].hasPrefix("ASIACON"))
    }

    @Test func `a web identity's token is read anew at every call`() throws {
        let folder = try AWSFolder()
        let token = try folder.folder.write("first\n", to: "token")
        let chain = trial.chain(
            folder,
            ["AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:r", "AWS_ROLE_SESSION_NAME": "pod"])
        let first = try chain.report(ProviderTrial.request(nil)).get()
        try folder.folder.write("second\n", to: "token")
        let second = try chain.report(ProviderTrial.request(nil)).get()
        #expect(first.provider == "web identity" && first.signing != second.signing)
        let call = try #require(try trial.server.requests().first)
        #expect(
            call["action"]?.string == "AssumeRoleWithWebIdentity" && call["RoleSessionName"]?.string == "pod")
        #expect(call["signer"] == .null)
    }
}

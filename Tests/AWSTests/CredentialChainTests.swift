#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Secrets
import SigV4
import TestSupport
import Testing

struct CredentialChainTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)
    private static let environmentKeys = [
        "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": AWSFolder.secret,
    ]

    /// Who answers: where keys stand, what is chosen, and whose they are.
    struct Choice: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var config: String?
        var credentials: String?
        var environment: [String: String] = [:]
        var profile: String?
        var id: String
        var provider: String
    }

    private static let bothFiles = (
        AWSFolder.keys("profile a", id: "AKCONF") + AWSFolder.keys("default", id: "AKDEFCONF"),
        AWSFolder.keys("a", id: "AKCRED") + AWSFolder.keys("b", id: "AKB")
    )

    @Test(arguments: [
        Choice(
            testDescription: "environment alone", environment: environmentKeys, id: "AKENV",
            provider: "environment"),
        Choice(
            testDescription: "environment before AWS_PROFILE", credentials: bothFiles.1,
            environment: environmentKeys.merging(["AWS_PROFILE": "a"]) { $1 }, id: "AKENV",
            provider: "environment"),
        Choice(
            testDescription: "a named profile before the environment", credentials: bothFiles.1,
            environment: environmentKeys, profile: "b", id: "AKB", provider: "static keys, profile b"),
        Choice(
            testDescription: "AWS_PROFILE before AWS_DEFAULT_PROFILE", credentials: bothFiles.1,
            environment: ["AWS_PROFILE": "b", "AWS_DEFAULT_PROFILE": "a"], id: "AKB",
            provider: "static keys, profile b"),
        Choice(
            testDescription: "an empty AWS_PROFILE is none", credentials: bothFiles.1,
            environment: ["AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "a"], id: "AKCRED",
            provider: "static keys, profile a"),
        Choice(
            testDescription: "the default profile last", config: bothFiles.0, credentials: bothFiles.1,
            id: "AKDEFCONF",
            provider: "static keys, profile default"),
        Choice(
            testDescription: "the credentials file before the config file", config: bothFiles.0,
            credentials: bothFiles.1, profile: "a", id: "AKCRED", provider: "static keys, profile a"),
        Choice(
            testDescription: "the config file where the other has no keys", config: bothFiles.0,
            credentials: "[a]\nregion = x", profile: "a", id: "AKCONF", provider: "static keys, profile a"),
        Choice(
            testDescription: "a secret key alone in the environment is passed over", credentials: bothFiles.1,
            environment: ["AWS_SECRET_ACCESS_KEY": "x", "AWS_PROFILE": "b"], id: "AKB",
            provider: "static keys, profile b"),
        Choice(
            testDescription: "static keys beside an SSO session without an account",
            config: "[profile b]\nsso_session = corp\n[sso-session corp]\n", credentials: bothFiles.1,
            profile: "b",
            id: "AKB", provider: "static keys, profile b"),
    ])
    func `the first provider that is set up answers`(choice: Choice) throws {
        let folder = try AWSFolder(config: choice.config, credentials: choice.credentials)
        let chain = CredentialChain(environment: folder.environment(choice.environment))
        let credentials = try chain.resolve(profile: choice.profile, now: Self.now)
        #expect(credentials.signing.accessKeyID == choice.id)
        #expect(credentials.provider == choice.provider)
        #expect(
            chain.report(profile: choice.profile, now: Self.now).reasons.last?.hasSuffix(": answered") == true
        )
    }

    @Test func `the older name of the session token wins, and an empty one is none`() throws {
        let folder = try AWSFolder(
            credentials: AWSFolder.keys("a", id: "A", session: "new", more: "aws_security_token = old"))
        func session(_ more: [String: String], profile: String? = nil) throws -> String? {
            let chain = CredentialChain(
                environment: folder.environment(Self.environmentKeys.merging(more) { $1 }))
            return try chain.resolve(profile: profile, now: Self.now).signing.sessionToken?.reveal()
        }
        #expect(try session(["AWS_SESSION_TOKEN": "new"]) == "new")
        #expect(try session(["AWS_SESSION_TOKEN": "new", "AWS_SECURITY_TOKEN": "old"]) == "old")
        #expect(try session(["AWS_SESSION_TOKEN": ""]) == nil)
        #expect(try session([:], profile: "a") == "old")
    }

    @Test(arguments: ["aws_session_expiration", "x_security_token_expires", "aws_expiration", "expiration"])
    func `session keys in a file end when the tool that wrote them says`(key: String) throws {
        let folder = try AWSFolder(
            credentials: AWSFolder.keys(
                "a", id: "A", session: "s", more: "\(key) = 2026-11-24T14:00:00+01:00")
                + AWSFolder.keys("own", id: "B", more: "\(key) = 2001-01-01T00:00:00Z")
                + AWSFolder.keys("odd", id: "C", session: "s", more: "\(key) = tomorrow"))
        let chain = CredentialChain(environment: folder.environment())
        #expect(
            try chain.resolve(profile: "a", now: Self.now).expiresAt
                == Timestamp.parse("2026-11-24T13:00:00Z"))
        #expect(try chain.resolve(profile: "own", now: Self.now).expiresAt == nil)
        #expect(try chain.resolve(profile: "odd", now: Self.now).expiresAt == nil)
    }

    @Test(
        arguments: [
            (["AWS_REGION": "r1", "AWS_DEFAULT_REGION": "r2"], nil, "r1"),
            (["AWS_DEFAULT_REGION": "r2"], "a", "r2"),
            ([:], "a", "r3"), ([:], nil, "r4"), (["AWS_PROFILE": "a"], nil, "r3"),
            (["AWS_REGION": ""], "a", "r3"),
            ([:], "gone", nil), ([:], "empty", nil),
        ] as [([String: String], String?, String?)])
    func `the default region is that of aws-cli v2`(
        environment: [String: String], profile: String?, region: String?
    ) throws {
        let folder = try AWSFolder(
            config: "[profile a]\nregion = r3\n[default]\nregion = r4 # home\n[profile empty]\nregion =\n")
        let chain = CredentialChain(environment: folder.environment(environment))
        #expect(chain.defaultRegion(profile: profile) == region)
    }

    @Test(arguments: ["~/x", "$HOME/x", "${HOME}/x", "/dev/null/../$PGFOB_NOWHERE"])
    func `the files are where the variables say, and a missing one is an empty one`(path: String) throws {
        let folder = try AWSFolder()
        try folder.folder.write(AWSFolder.keys("a", id: "AKX"), to: "x")
        let chain = CredentialChain(
            environment: folder.environment([
                "AWS_SHARED_CREDENTIALS_FILE": path, "AWS_CONFIG_FILE": "/nonexistent/c",
            ]))
        let found = try? chain.resolve(profile: "a", now: Self.now)
        #expect(found?.signing.accessKeyID == (path.hasSuffix("/x") ? "AKX" : nil))
    }

    @Test func `an edited file is read again without a restart`() throws {
        let folder = try AWSFolder(credentials: AWSFolder.keys("a", id: "AKOLD"))
        let chain = CredentialChain(environment: folder.environment())
        #expect(try chain.resolve(profile: "a", now: Self.now).signing.accessKeyID == "AKOLD")
        try folder.folder.write(AWSFolder.keys("a", id: "AKNEWER"), to: ".aws/credentials")
        #expect(try chain.resolve(profile: "a", now: Self.now).signing.accessKeyID == "AKNEWER")
        #expect(throws: AWSFailure.self) { try chain.resolve(profile: "b", now: Self.now) }
        try folder.folder.write(
            "[profile b]\naws_access_key_id = AKB\naws_secret_access_key = s", to: ".aws/config")
        #expect(try chain.resolve(profile: "b", now: Self.now).signing.accessKeyID == "AKB")
    }
}

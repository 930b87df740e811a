#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import TestSupport
import Testing

/// Every failure, word for word: what was found and what to do. `HOME` stands for the test's folder.
struct CredentialFailureTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var config: String?
        var credentials: String?
        var environment: [String: String] = [:]
        var profile: String?
        var code: String
        var message: String
        var remedy: String
    }

    private static func exportFor(_ option: String) -> String {
        "run `eval \"$(aws configure export-credentials\(option) --format env)\"`, leave the AWS profile of this "
            + "connection empty, and start pgfob from that shell"
    }

    @Test(arguments: [
        Row(
            testDescription: "nothing at all", code: "aws-no-credentials",
            message: "no AWS credentials in the environment or the default profile",
            remedy: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name an AWS profile, or add keys to "
                + "HOME/.aws/credentials"),
        Row(
            testDescription: "a profile without keys", config: "[profile a]\nregion = eu-west-1",
            profile: "a",
            code: "aws-no-credentials", message: "the AWS profile a has no credentials",
            remedy: "add keys to HOME/.aws/credentials"),
        Row(
            testDescription: "no profile at all", profile: "a", code: "aws-profile-missing",
            message: "the AWS profile a is in neither of the AWS files",
            remedy:
                "neither HOME/.aws/config nor HOME/.aws/credentials has any profile: `aws configure` makes one"
        ),
        Row(
            testDescription: "a mistyped profile", credentials: "[acme-prod]\n[acme-dev]",
            profile: "acme-prdo",
            code: "aws-profile-missing", message: "the AWS profile acme-prdo is in neither of the AWS files",
            remedy: "did you mean acme-prod?"),
        Row(
            testDescription: "another profile", credentials: "[one]\n[two]",
            environment: ["AWS_PROFILE": "other"],
            code: "aws-profile-missing", message: "the AWS profile other is in neither of the AWS files",
            remedy: "there are one, two"),
        Row(
            testDescription: "an AWS_PROFILE that is not there beside keys in the environment",
            credentials: "[one]\n[two]",
            environment: [
                "AWS_PROFILE": "other", "AWS_ACCESS_KEY_ID": "AKX",
                "AWS_SECRET_ACCESS_KEY": AWSFolder.secret,
            ], code: "aws-profile-missing",
            message: "the AWS profile other is in neither of the AWS files", remedy: "there are one, two"),
        Row(
            testDescription: "a header without the word profile", config: "\n[acme]\nregion = x",
            profile: "acme",
            code: "aws-profile-missing", message: "the AWS profile acme is in neither of the AWS files",
            remedy: "write [profile acme] at HOME/.aws/config:2, where [acme] stands"),
        Row(
            testDescription: "a profile named with control characters", credentials: "[a]",
            profile: "x\n\u{1b}[31my",
            code: "aws-profile-missing", message: "the AWS profile x??[31my is in neither of the AWS files",
            remedy: "there are a"),
        Row(
            testDescription: "half a key in the environment", environment: ["AWS_ACCESS_KEY_ID": "AKX"],
            code: "aws-partial-credentials",
            message: "the environment has half of an access key, AWS_SECRET_ACCESS_KEY is missing",
            remedy: "set AWS_SECRET_ACCESS_KEY, or unset both to use a profile"),
        Row(
            testDescription: "the other half, and nobody else answers",
            environment: ["AWS_SECRET_ACCESS_KEY": AWSFolder.secret], code: "aws-partial-credentials",
            message: "the environment has half of an access key, AWS_ACCESS_KEY_ID is missing",
            remedy: "set AWS_ACCESS_KEY_ID, or unset both to use a profile"),
        Row(
            testDescription: "half a key in the credentials file",
            credentials: "[a]\n\naws_access_key_id = AKX",
            profile: "a", code: "aws-partial-credentials",
            message:
                "HOME/.aws/credentials:3: profile a has half of an access key, aws_secret_access_key is missing",
            remedy: "add aws_secret_access_key to the profile"),
        Row(
            testDescription: "half a key in the config file",
            config: "[profile a]\naws_secret_access_key = \(AWSFolder.secret)", profile: "a",
            code: "aws-partial-credentials",
            message: "HOME/.aws/config:2: profile a has half of an access key, aws_access_key_id is missing",
            remedy: "add aws_access_key_id to the profile"),
        Row(
            testDescription: "ended keys in the environment",
            environment: [
                "AWS_ACCESS_KEY_ID": "AKX", "AWS_SECRET_ACCESS_KEY": AWSFolder.secret,
                "AWS_SESSION_TOKEN": AWSFolder.session, "AWS_CREDENTIAL_EXPIRATION": "2026-09-21T13:33:20Z",
            ], code: "aws-expired",
            message: "the AWS credentials (environment) ended at 2026-09-21T13:33:20Z",
            remedy: "set new keys in the environment and start pgfob again"),
        Row(
            testDescription: "ended session keys in the file",
            credentials: AWSFolder.keys(
                "a", id: "AKX", session: AWSFolder.session, more: "expiration = 2026-09-20 00:00:00"),
            profile: "a", code: "aws-expired",
            message: "the AWS credentials (static keys, profile a) ended at 2026-09-20T00:00:00Z",
            remedy: "put new session keys into HOME/.aws/credentials, which is read again by itself"),
        Row(
            testDescription: "an end that is no time",
            environment: [
                "AWS_ACCESS_KEY_ID": "AKX", "AWS_SECRET_ACCESS_KEY": AWSFolder.secret,
                "AWS_CREDENTIAL_EXPIRATION": "soon",
            ], code: "aws-config-broken",
            message: "AWS_CREDENTIAL_EXPIRATION is not a time such as 2026-11-24T14:00:00Z",
            remedy: "correct it or unset it"),
        Row(
            testDescription: "an assumed role", config: "[profile a]\nrole_arn = arn:x\nsource_profile = b",
            profile: "a", code: "aws-config-broken",
            message: "profile a uses an assumed role (role_arn), which this version cannot resolve",
            remedy: exportFor(" --profile a")),
        Row(
            testDescription: "SSO",
            config: "[profile a b]\n[profile 'it is']\nsso_session = corp\nsso_account_id = 1",
            profile: "it is", code: "aws-config-broken",
            message: "profile it is uses SSO (sso_account_id), which this version cannot resolve",
            remedy: exportFor(" --profile 'it is'")),
        Row(
            testDescription: "an SSO session alone", config: "[profile a]\nsso_session = corp", profile: "a",
            code: "aws-config-broken",
            message: "profile a uses SSO (sso_session), which this version cannot resolve",
            remedy: exportFor(" --profile a")),
        Row(
            testDescription: "a web identity of the profile",
            config: "[profile a]\nrole_arn = arn:x\nweb_identity_token_file = /t", profile: "a",
            code: "aws-config-broken",
            message:
                "profile a uses a web identity token (web_identity_token_file), which this version cannot resolve",
            remedy: exportFor(" --profile a")),
        Row(
            testDescription: "a web identity of the environment",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn:x"],
            code: "aws-config-broken",
            message:
                "the environment points to a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE), which this version "
                + "cannot resolve", remedy: exportFor("")),
        Row(
            testDescription: "aws login", credentials: "[a]\nlogin_session = arn:x", profile: "a",
            code: "aws-config-broken",
            message: "profile a uses `aws login` (login_session), which this version cannot resolve",
            remedy: exportFor(" --profile a")),
        Row(
            testDescription: "a process before static keys in the config file",
            config: AWSFolder.keys("profile a", id: "AKX", more: "credential_process = /bin/true"),
            profile: "a",
            code: "aws-config-broken",
            message:
                "profile a uses a credential process (credential_process), which this version cannot resolve",
            remedy: exportFor(" --profile a")),
        Row(
            testDescription: "a container",
            environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2"], code: "aws-config-broken",
            message:
                "the environment points to the container's credentials (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI), "
                + "which this version cannot resolve", remedy: exportFor("")),
        Row(
            testDescription: "a folder in place of the file", credentials: AWSFolder.keys("a", id: "AKX"),
            environment: ["AWS_SHARED_CREDENTIALS_FILE": "~/.aws"], profile: "a", code: "aws-config-broken",
            message: "HOME/.aws: Is a directory", remedy: "put a readable file there"),
    ])
    func `a failure says what was found and what to do`(row: Row) throws {
        let folder = try AWSFolder(config: row.config, credentials: row.credentials)
        let chain = CredentialChain(environment: folder.environment(row.environment))
        let failure = try #require(throws: AWSFailure.self) {
            try chain.resolve(profile: row.profile, now: Self.now)
        }
        func here(_ text: String) -> String { text.replacing("HOME/", with: folder.folder.path + "/") }
        #expect(failure.code == row.code)
        #expect(failure.message == here(row.message))
        #expect(failure.whatToDo == here(row.remedy))
    }

    @Test func `a file beyond all bounds is refused`() throws {
        let folder = try AWSFolder(credentials: "[a]\n" + String(repeating: "# padding\n", count: 1_000_001))
        let chain = CredentialChain(environment: folder.environment())
        let failure = try #require(throws: AWSFailure.self) { try chain.resolve(profile: "a", now: Self.now) }
        #expect(failure.code == "aws-config-broken")
        #expect(failure.message == "\(folder.credentialsPath): larger than 10 MB, which no AWS file is")
    }

    @Test func `a failure keeps what every provider said, after the files' oddities`() throws {
        let folder = try AWSFolder(config: "key = 1\n[profile a]\noutput = json", credentials: "[a]\njunk")
        let chain = CredentialChain(
            environment: folder.environment([
                "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": AWSFolder.secret,
            ]))
        let failure = try #require(throws: AWSFailure.self) { try chain.resolve(profile: "a", now: Self.now) }
        #expect(failure.reasons.first == "\(folder.configPath):1: a key before any [section]")
        #expect(failure.reasons.dropFirst().first == "\(folder.credentialsPath):2: no '=' in the line")
        #expect(
            failure.reasons.dropFirst(2).compactMap { $0.split(separator: ":").first } == [
                "environment", "assume role", "web identity", "SSO", "static keys in the credentials file",
                "aws login",
                "credential_process", "static keys in the config file", "SSO session", "container",
                "instance metadata",
            ])
    }

    @Test func `no secret of a file or the environment is in what is printed`() throws {
        let folder = try AWSFolder(
            config: AWSFolder.keys("profile a", id: "AKX", session: AWSFolder.session),
            credentials:
                "[b]\naws_secret_access_key = \(AWSFolder.secret)\n\(AWSFolder.secret)\n  \(AWSFolder.secret)\n"
        )
        let environment = folder.environment(["AWS_SECRET_ACCESS_KEY": AWSFolder.secret])
        let chain = CredentialChain(environment: environment)
        let source = TokenSource(environment: environment)
        var printed = ""
        for profile in ["a", "b", "gone", nil] {
            let report = chain.report(profile: profile, now: Self.now)
            print(report, chain, source, to: &printed)
            dump(report, to: &printed)
        }
        dump(chain, to: &printed)
        dump(source, to: &printed)
        dump(
            SharedFile(Array("[a]\nk = \(AWSFolder.secret)\ns3 =\n  k = \(AWSFolder.secret)".utf8)),
            to: &printed)
        #expect(!printed.contains("planted"))
        #expect(printed.contains("AKX"))
    }
}

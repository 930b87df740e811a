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
            remedy:
                "did you mean acme-prod? Else `aws configure sso --profile acme-prdo` makes it in HOME/.aws/config"
        ),
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
            testDescription: "a line end in the environment's secret",
            environment: [
                "AWS_ACCESS_KEY_ID": "AKX", "AWS_SECRET_ACCESS_KEY": AWSFolder.secret + "\r",
            ], code: "aws-config-broken",
            message:
                "the secret access key (environment) has a line end in it, or a blank at an end, as no key of AWS has",
            remedy: "take it out; in a file, an indented line goes on with the value above"),
        Row(
            testDescription: "an indented key below a secret",
            credentials:
                "[a]\naws_access_key_id = AKX\naws_secret_access_key = \(AWSFolder.secret)\n  region = x\n",
            profile: "a", code: "aws-config-broken",
            message:
                "the secret access key (static keys, profile a) has a line end in it, or a blank at an end, as no "
                + "key of AWS has",
            remedy: "take it out; in a file, an indented line goes on with the value above"),
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
            testDescription: "a role without a source", config: "[profile a]\nrole_arn = arn:x", profile: "a",
            code: "aws-config-broken",
            message: "profile a assumes a role and names neither source_profile nor credential_source",
            remedy: "add source_profile = NAME to it"),
        Row(
            testDescription: "a role with two sources",
            config: "[profile a]\nrole_arn = arn:x\nsource_profile = a\ncredential_source = Environment",
            profile: "a", code: "aws-config-broken",
            message: "profile a has both source_profile and credential_source", remedy: "remove one of them"),
        Row(
            testDescription: "a role whose source is not there",
            config: "[profile a]\nrole_arn = arn:x\nsource_profile = bsae\n[profile base]\nregion = x",
            profile: "a", code: "aws-config-broken",
            message: "profile a names the source_profile bsae, which is in neither of the AWS files",
            remedy: "did you mean base?"),
        Row(
            testDescription: "a role whose source has nothing",
            config: "[profile a]\nrole_arn = arn:x\nsource_profile = b\n[profile b]\nregion = x",
            profile: "a",
            code: "aws-no-credentials",
            message: "the source of profile a, b, has no credentials: it has none of its own",
            remedy: "give it credentials, or name another source"),
        Row(
            testDescription: "roles in a loop",
            config: "[profile a]\nrole_arn = arn:x\nsource_profile = b\n[profile b]\nrole_arn = arn:y\n"
                + "source_profile = a", profile: "a", code: "aws-config-broken",
            message: "the roles of profiles a, b, a go round in a loop",
            remedy: "let one of them name a source_profile with keys of its own"),
        Row(
            testDescription: "a role that sources itself without keys",
            config: "[profile a]\nrole_arn = arn:x\nsource_profile = a", profile: "a",
            code: "aws-config-broken", message: "the roles of profiles a, a go round in a loop",
            remedy: "let one of them name a source_profile with keys of its own"),
        Row(
            testDescription: "a place that nobody knows",
            config: "[profile a]\nrole_arn = arn:x\ncredential_source = environment", profile: "a",
            code: "aws-config-broken", message: "profile a names the credential_source environment",
            remedy: "name one of Ec2InstanceMetadata, EcsContainer, Environment"),
        Row(
            testDescription: "MFA and nobody to ask",
            config: "[profile a]\nrole_arn = arn:x\nsource_profile = b\nmfa_serial = arn:mfa/jo",
            credentials: AWSFolder.keys("b", id: "AKB"), profile: "a", code: "aws-mfa-needed",
            message: "profile a needs the code of the MFA device arn:mfa/jo",
            remedy: "give the code when it is asked for: on the screen, or with a terminal"),
        Row(
            testDescription: "SSO without its parts",
            config: "[profile 'it is']\nsso_session = corp\nsso_account_id = 1\n[sso-session corp]\n",
            profile: "it is", code: "aws-config-broken",
            message: "profile it is uses SSO, and sso_role_name, sso_start_url, sso_region is missing",
            remedy: "run `aws configure sso`"),
        Row(
            testDescription: "SSO with a session that is not there",
            config: "[profile a]\nsso_session = corp\nsso_account_id = 1", profile: "a",
            code: "aws-config-broken",
            message: "profile a names the sso_session corp, which is not in HOME/.aws/config",
            remedy: "add [sso-session corp], or correct the name"),
        Row(
            testDescription: "SSO that says two things",
            config:
                "[profile a]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\n"
                + "[sso-session corp]\nsso_start_url = https://x\nsso_region = us-east-1", profile: "a",
            code: "aws-config-broken",
            message: "HOME/.aws/config:8: sso_region is another than that of profile a",
            remedy: "let both say the same"),
        Row(
            testDescription: "SSO without a login",
            config: "[profile a]\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\n"
                + "sso_start_url = https://x.awsapps.com/start#/", profile: "a", code: "aws-sso-login-needed",
            message: "nobody has logged in to the SSO session https://x.awsapps.com/start#/",
            remedy: "run `aws sso login --profile a`"),
        Row(
            testDescription: "an SSO session alone", config: "[profile a]\nsso_session = corp", profile: "a",
            code: "aws-no-credentials", message: "the AWS profile a has no credentials",
            remedy: "add sso_account_id and sso_role_name to its sso_session: `aws configure sso`"),
        Row(
            testDescription: "a web identity without a role",
            config: "[profile a]\nweb_identity_token_file = /t",
            profile: "a", code: "aws-config-broken",
            message: "a web identity is set up (/t) without the role to assume",
            remedy: "add role_arn to the profile, or set AWS_ROLE_ARN"),
        Row(
            testDescription: "a web identity whose token is not there",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/t", "AWS_ROLE_ARN": "arn:x"],
            code: "aws-config-broken", message: "the web identity token /nonexistent/t cannot be read",
            remedy: "check the file and its rights"),
        Row(
            testDescription: "aws login without a login", credentials: "[a]\nlogin_session = arn:x",
            profile: "a",
            code: "aws-sso-login-needed", message: "nobody has logged in to the session arn:x",
            remedy: "run `aws login --profile a`"),
        Row(
            testDescription: "a process that fails, before static keys in the config file",
            config: AWSFolder.keys("profile a", id: "AKX", more: "credential_process = /bin/false"),
            profile: "a", code: "aws-refused", message: "the credential process of profile a ended with 1",
            remedy: "run it by hand to see what it says"),
        Row(
            testDescription: "a process that is not there",
            config: "[profile a]\ncredential_process = /nonexistent/tool --x", profile: "a",
            code: "aws-config-broken",
            message: "the credential process of profile a cannot be started: /nonexistent/tool is not there",
            remedy: "correct the path"),
        Row(
            testDescription: "a process that prints junk",
            config: "[profile a]\ncredential_process = /bin/echo \(AWSFolder.secret)", profile: "a",
            code: "aws-refused",
            message: "the credential process of profile a printed something that is no JSON object",
            remedy: "run it by hand to see what it says"),
        Row(
            testDescription: "a process of another version",
            config: "[profile a]\ncredential_process = /bin/echo '{\"Version\": 2}'", profile: "a",
            code: "aws-refused",
            message:
                "the credential process of profile a printed another version of the format than the number 1",
            remedy: "let it print \"Version\": 1, as the AWS CLI User Guide has it"),
        Row(
            testDescription: "a process that names no version",
            config: "[profile a]\ncredential_process = /bin/echo '{\"AccessKeyId\": \"A\"}'", profile: "a",
            code: "aws-refused", message: "the credential process of profile a printed no Version",
            remedy: "let it print \"Version\": 1 with its keys"),
        Row(
            testDescription: "a web identity whose token is empty",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/null", "AWS_ROLE_ARN": "arn:x"],
            code: "aws-config-broken", message: "the web identity token /dev/null is empty",
            remedy: "look at what writes it, such as the pod's service account"),
        Row(
            testDescription: "a process whose quotes are open",
            config: "[profile a]\ncredential_process = /bin/echo 'x", profile: "a", code: "aws-config-broken",
            message: "the credential_process of profile a is no command: a quote is not closed",
            remedy: "correct it"),
        Row(
            testDescription: "a container elsewhere without TLS",
            environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://10.0.0.1/creds"],
            code: "aws-config-broken", message: "credentials are not asked for at 10.0.0.1 without TLS",
            remedy:
                "use https, a loopback address or one of 169.254.170.2, 169.254.170.23, fd00:ec2::23, localhost"
        ),
        Row(
            testDescription: "a container's token with a line break",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/creds",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\nb",
            ], code: "aws-config-broken", message: "the container's authorization token has a line break",
            remedy: "write it on one line"),
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
                "aws login", "credential_process", "static keys in the config file", "container",
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

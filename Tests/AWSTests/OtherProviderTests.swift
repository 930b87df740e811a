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

/// Login, process, container and instance; and what holds for every provider.
@Suite(.timeLimit(.minutes(14)))
struct OtherProviderTests {
    let trial: ProviderTrial

    init() throws { trial = try ProviderTrial() }

    @Test func `aws login's cached credentials are used, and renewed by aws itself`() throws {
        let folder = try AWSFolder(config: "[profile l]\nlogin_session = arn:aws:iam::1:user/jo\n")
        let digest = try ProgramRun(
            "/usr/bin/sha256sum", [], environment: [:], input: "arn:aws:iam::1:user/jo")
        let name = ".aws/login/cache/\(digest.output.prefix(64)).json"
        func cache(_ ends: Double) throws {
            try folder.folder.write(
                #"{"accessToken": {"accessKeyId": "ASIACACHED", "secretAccessKey": "s", "sessionToken": "t", "#
                    + #""accountId": "1", "expiresAt": "\#(Timestamp.rfc3339(Date().addingTimeInterval(ends)))"}}"#,
                to: name)
        }
        try cache(3600)
        #expect(
            try trial.chain(folder).report(ProviderTrial.request("l")).get().signing.accessKeyID
                == "ASIACACHED")
        try cache(10)
        let missing = try #require(throws: AWSFailure.self) {
            try trial.chain(folder, ["PATH": folder.folder.file("bin")]).report(ProviderTrial.request("l"))
                .get()
        }
        #expect(missing.code == "aws-sso-login-needed" && missing.message.contains("is not installed"))
        try folder.folder.write(
            "#!/bin/sh\n[ \"$*\" = 'configure export-credentials --format process --profile l' ] || exit 9\n"
                + "echo '{\"Version\": 1, \"AccessKeyId\": \"ASIANEW\", \"SecretAccessKey\": \"s\", \"SessionToken\": \"t\"}'\n",
            to: "bin/aws", mode: 0o700)
        let renewed = try trial.chain(folder, ["PATH": "\(folder.folder.file("bin")):/bin"]).report(
            ProviderTrial.request("l")
        ).get()
        #expect(renewed.signing.accessKeyID == "ASIANEW" && renewed.session?.kind == .login)
    }

    @Test func `a process is run by its words without a shell, and gets the environment`() throws {
        let folder = try AWSFolder()
        let tool = try folder.folder.write(
            "#!/bin/sh\nprintf '{\"Version\":1,\"AccessKeyId\":\"%s|%s|%s\",\"SecretAccessKey\":\"s\",\"Expiration\":\"2038-01-01T00:00:00Z\"}' \"$1\" \"$2\" \"$MARK\"\n",
            to: "to ol", mode: 0o700)
        try folder.folder.write(
            "[profile p]\ncredential_process = '\(tool)' 'a b' $HOME;x\n", to: ".aws/config")
        let credentials = try trial.chain(folder, ["MARK": "m"]).report(ProviderTrial.request("p")).get()
        #expect(credentials.signing.accessKeyID == "a b|$HOME;x|m" && credentials.expiresAt != nil)
    }

    @Test func `a process that never ends is stopped with all that it started`() throws {
        let folder = try AWSFolder(
            config: "[profile p]\ncredential_process = /bin/sh -c 'sleep 300 & sleep 300'\n")
        let start = ContinuousClock.now
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(folder).report(ProviderTrial.request("p", seconds: 0.5)).get()
        }
        #expect(failure.message == "the credential process of profile p did not end in time, and was stopped")
        #expect(ContinuousClock.now - start < .seconds(60))
        let flood = try AWSFolder(config: "[profile p]\ncredential_process = /usr/bin/yes\n")
        let tooMuch = try #require(throws: AWSFailure.self) {
            try trial.chain(flood).report(ProviderTrial.request("p")).get()
        }
        #expect(tooMuch.message.contains("wrote more than any credentials are"))
    }

    @Test(arguments: ["1790000000", "true", "\"soon\"", "[]"])
    func `a process whose Expiration is no time gives nothing`(end: String) throws {
        let folder = try AWSFolder()
        let tool = try folder.folder.write(
            "#!/bin/sh\necho '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":\(end)}'\n",
            to: "tool", mode: 0o700)
        try folder.folder.write("[profile p]\ncredential_process = \(tool)\n", to: ".aws/config")
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(folder).report(ProviderTrial.request("p")).get()
        }
        #expect(failure.message.contains("printed an Expiration that is no time"))
    }

    @Test func `what a process says on its way out is told, what it prints is not`() throws {
        let folder = try AWSFolder(
            config:
                "[profile p]\ncredential_process = /bin/sh -c 'echo planted; echo no session: log in >&2; exit 3'\n"
        )
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(folder).report(ProviderTrial.request("p")).get()
        }
        #expect(failure.message == "the credential process of profile p ended with 3: no session: log in")
        #expect(!"\(failure)".contains("planted"))
    }

    @Test func `what may be a secret in a process's last words is not told`() throws {
        let words =
            "oops token=planted1 then password: planted2 and ASIAplanted3plantedplantedplanted99 at /a/b"
        let folder = try AWSFolder(
            config: "[profile p]\ncredential_process = /bin/sh -c 'echo \(words) >&2; exit 3'\n")
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(folder).report(ProviderTrial.request("p")).get()
        }
        #expect(
            failure.message
                == "the credential process of profile p ended with 3: oops token=<redacted> then password: <redacted> "
                + "and <redacted> at /a/b")
    }

    @Test func `a process that runs pgfob for itself again and again is stopped`() throws {
        let folder = try AWSFolder(config: "[profile p]\ncredential_process = /bin/true\n")
        let failure = try #require(throws: AWSFailure.self) {
            try trial.chain(folder, ["_PGFOB_CREDENTIAL_DEPTH": "4"]).report(ProviderTrial.request("p")).get()
        }
        #expect(
            failure.code == "aws-config-broken" && failure.message.contains("runs pgfob, which runs it again")
        )
    }

    @Test(arguments: ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"])
    func `a pipe in a file's place is told, and nobody waits for its writer`(variable: String) throws {
        let folder = try AWSFolder()
        let pipe = folder.folder.file("pipe")
        #expect(try ProgramRun("/usr/bin/mkfifo", [pipe], environment: [:]).code == 0)
        let report = trial.chain(folder, [variable: pipe, "AWS_ROLE_ARN": "arn:aws:iam::1:role/R"]).report(
            ProviderTrial.request(nil))
        let failure = try #require(throws: AWSFailure.self) { try report.get() }
        #expect(failure.message.contains(pipe) && failure.code == "aws-config-broken")
    }

    @Test func `a container's token is sent as it stands in its file`() throws {
        let folder = try AWSFolder()
        let token = try folder.folder.write("pod-token\n", to: "token")
        let uri = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(trial.server.address)/container/pod"]
        let credentials = try trial.chain(
            folder, uri.merging(["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token]) { $1 }
        )
        .report(ProviderTrial.request(nil)).get()
        #expect(credentials.provider == "container" && credentials.accountID == "123456789012")
        #expect(try trial.server.requests().first?["authorization"]?.string == "pod-token")
        for (path, words) in [("none", "HTTP 404"), ("junk", "the answer holds no credentials")] {
            let failure = try #require(throws: AWSFailure.self) {
                try trial.chain(
                    folder,
                    ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(trial.server.address)/container/\(path)"]
                )
                .report(ProviderTrial.request(nil)).get()
            }
            #expect(failure.code == "aws-refused" && failure.message.contains(words))
        }
    }

    @Test func `an instance's role is found by version 2 of its service`() throws {
        let folder = try AWSFolder()
        let credentials = try trial.chain(folder, ["AWS_EC2_METADATA_DISABLED": "false"]).report(
            ProviderTrial.request(nil)
        )
        .get()
        #expect(credentials.signing.accessKeyID == "ASIAINSTANCE")
        #expect(credentials.provider == "instance role instance-role")
    }

    @Test func `a dead metadata service costs a second, and is no failure of its own`() throws {
        let hole = try BlackHole()
        let folder = try AWSFolder()
        let chain = CredentialChain(
            environment: folder.environment([
                "AWS_EC2_METADATA_DISABLED": "false",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(hole.port)",
            ]))
        let start = ContinuousClock.now
        let failure = try #require(throws: AWSFailure.self) {
            try chain.report(ProviderTrial.request(nil)).get()
        }
        #expect(failure.code == "aws-no-credentials")
        #expect(
            failure.reasons.last
                == "instance metadata: http://127.0.0.1:\(hole.port)/latest/api/token: no answer in time: no instance "
                + "of EC2, or a container behind a hop limit of 1"
        )
        let taken = ContinuousClock.now - start
        #expect(taken > .milliseconds(900) && taken < .seconds(30))
    }

    @Test(arguments: ["role", "mfa", "sso", "base"])
    func `offline nothing is called, run or asked`(profile: String) throws {
        let (folder, _) = try AWSFolder.sso(token: "good", ends: 3600)
        try folder.folder.write(RoleProviderTests.roles + "\n" + AWSFolder.ssoConfig, to: ".aws/config")
        try folder.folder.write(AWSFolder.keys("base", id: "AKBASE"), to: ".aws/credentials")
        var request = ProviderTrial.request(profile) { _ in
            Issue.record("a question was asked")
            return nil
        }
        request.isOffline = true
        let outcome = trial.chain(folder).report(request).outcome
        switch (profile, outcome) {
        case ("base", .credentials(let credentials)): #expect(credentials.signing.accessKeyID == "AKBASE")
        case ("sso", .onUse(let prospect)):
            let session = prospect.session
            #expect(prospect.words == "role DBA" && prospect.account == "111122223333")
            #expect(session?.name == "corp" && session?.endsAt != nil)
        case ("role", .onUse(let prospect)), ("mfa", .onUse(let prospect)):
            #expect(prospect.words == "assumed on use" && prospect.account == "1" && prospect.session == nil)
        default: Issue.record("\(profile): \(outcome)")
        }
        #expect(try trial.server.requests().isEmpty)
    }

    @Test func `no secret of any provider is in what is printed`() throws {
        let (folder, _) = try AWSFolder.sso(token: "planted-token", ends: 3600, refresh: "planted-refresh")
        let chain = trial.chain(folder)
        var printed = ""
        for profile in ["sso", "forbidden", "over"] {
            let report = chain.report(ProviderTrial.request(profile))
            print(report, to: &printed)
            dump(report, to: &printed)
        }
        dump(chain, to: &printed)
        for secret in ["planted", "sso-secret", "sso-session-", "sts-secret", "sts-session-"] {
            #expect(!printed.contains(secret), "\(secret)")
        }
    }
}

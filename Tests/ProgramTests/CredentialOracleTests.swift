#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// `pgfob credentials` beside botocore, each with a home of its own and the same server in AWS's place.
///
/// Exceptions, where aws-cli v2 and leniency win over botocore: `AWS_REGION`, the order of `AWS_PROFILE` and
/// `AWS_DEFAULT_PROFILE`, a key or section that stands twice, a web identity's token with a line's end in its file, no
/// region at all (STS has a global endpoint), an sso-session without its address in a profile that has no use for it,
/// and `aws login`, which botocore reads with awscrt only.
@Suite(
    .enabled(if: Python.hasBotocore, "python3 with botocore is not here: pip install botocore in a venv"),
    .timeLimit(.minutes(14)))
struct CredentialOracleTests {
    private struct Question: Encodable {
        var environment: [String: String]
        var profile: String?
    }

    /// botocore's own providers, with one process's home for all of them; the MFA prompt is answered.
    private static let oracle = """
        import sys, json, os
        import botocore.session
        for line in sys.stdin:
            q = json.loads(line)
            for name in [n for n in os.environ if n.startswith("AWS_")]:
                del os.environ[name]
            os.environ.update(q["environment"])
            asked = []
            def prompt(text):
                asked.append(text)
                return "123456"
            try:
                session = botocore.session.Session(profile=q.get("profile"))
                resolver = session.get_component("credential_provider")
                resolver.get_provider("assume-role")._prompter = prompt
                found = session.get_credentials()
                found = found and found.get_frozen_credentials()
                answer = [found.access_key, found.secret_key, found.token] if found else None
            except Exception as error:
                answer = type(error).__name__ + ": " + str(error)
            print(json.dumps({"asked": len(asked), "answer": answer}))
        """

    private struct Setup {
        var question: Question
        var identity: GeneratedIdentity
    }

    private let server: IdentityServer
    private let (theirs, ours): (TemporaryFolder, ProgramHome)

    init() throws {
        server = try IdentityServer()
        theirs = try TemporaryFolder()
        ours = try ProgramHome()
    }

    private func setups(_ count: Int, seed: UInt64) throws -> [Setup] {
        var dice = SeededDice(seed: seed)
        let process = try theirs.write(
            """
            #!/bin/sh
            case $2 in x*) echo 'no luck' >&2; exit 3;; e*) echo '{"Version": 2}'; exit 0;; esac
            echo '{"Version": 1, "AccessKeyId": "AKPROC'$1'", "SecretAccessKey": "s'$2'", "SessionToken": "t"}'
            """, to: "process", mode: 0o700)
        let places = GeneratedIdentity.Places(
            server: server.address, process: process, webToken: try theirs.write("web-token", to: "web"))
        return try (0..<count).map { index in
            let identity = GeneratedIdentity(index, places, &dice)
            var environment = server.environment.merging(identity.environment) { $1 }
            environment["HOME"] = theirs.path
            environment["AWS_CONFIG_FILE"] = try theirs.write(identity.config, to: "\(index)/config")
            environment["AWS_SHARED_CREDENTIALS_FILE"] = try theirs.write(
                identity.credentials, to: "\(index)/credentials")
            // Each side renews what it finds, so each has files of its own.
            for (name, token) in identity.tokens {
                for folder in [theirs, ours.folder] {
                    try folder.write(token, to: ".aws/sso/cache/\(Self.sha1(name)).json")
                }
            }
            return Setup(
                question: Question(environment: environment, profile: identity.profile), identity: identity)
        }
    }

    private static func sha1(_ text: String) throws -> String {
        String(try ProgramRun("/usr/bin/sha1sum", environment: [:], input: text).output.prefix(40))
    }

    /// What pgfob prints; on a terminal where a code has to be typed.
    private func answer(_ setup: Setup, asked: Bool) throws -> (
        keys: [JSONValue]?, code: Int32?, errors: String
    ) {
        let arguments =
            ["credentials", "--format", "json"] + (setup.question.profile.map { ["--profile", $0] } ?? [])
        let environment = setup.question.environment.merging(["HOME": ours.folder.path]) { $1 }
        let (output, code, errors): (String, Int32?, String)
        if asked {
            let words = arguments.map { "'\($0)'" }.joined(separator: " ")
            let terminal = try PseudoTerminal(
                "/bin/sh", ["-c", "'\(ProgramPath.pgfob)' \(words) > answer"],
                environment: PseudoTerminal.environment(environment), folder: ours.folder.path)
            try terminal.waitFor("MFA code for arn:aws:iam::1:mfa/jo:")
            try terminal.send("123456\r")
            let ending = try terminal.ending()
            code = ending == .exited(0) ? 0 : 1
            (output, errors) = (ours.folder.read("answer") ?? "", terminal.screen.text)
        } else {
            let run = try ours.pgfob(arguments, more: environment)
            (output, code, errors) = (run.output, run.code, run.errors)
        }
        let object = try? JSONDecoder().decode(JSONValue.self, from: Data(output.utf8))
        let keys = object.map { object in
            ["access_key_id", "secret_access_key", "session_token"].map { object[$0] ?? .null }
        }
        return (keys, code, errors)
    }

    @Test func `hundreds of generated set-ups give the credentials that botocore finds`() throws {
        let setups = try setups(300, seed: 20_261_125)
        let answers = try Botocore.answers(
            Self.oracle, setups.map(\.question), environment: ["HOME": theirs.path])
        var kinds: [String: Int] = [:]
        for (setup, line) in zip(setups, answers) {
            let theirs = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
            let keys = theirs["answer"]?.array
            // botocore also asks where what comes before the role turns out to be dead.
            let ours = try answer(setup, asked: theirs["asked"] != .number(0) && keys != nil)
            #expect(
                ours.keys == keys && (ours.code == 0) == (keys != nil),
                "\(line)\n\(ours)\n\(setup.question)\n\(setup.identity.config)---\n\(setup.identity.credentials)\n\(setup.identity.tokens)"
            )
            kinds[keys?.first?.string.map { String($0.prefix(7)) } ?? "refused", default: 0] += 1
        }
        // The comparison has seen every provider.
        for kind in ["ASIASTS", "ASIASSO", "ASIACON", "ASIAINS", "AKPROC", "AKENV"] {
            #expect(kinds.contains { $0.key.hasPrefix(kind) }, "\(kind): \(kinds)")
        }
    }
}

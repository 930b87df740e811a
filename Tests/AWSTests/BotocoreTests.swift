#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Secrets
import SigV4
import TestSupport
import Testing

@Suite(.enabled(if: Botocore.isHere, "python3 with botocore is not here: pip install botocore in a venv"))
struct BotocoreTests {
    struct TokenQuestion: Encodable {
        var kind: String
        var id: String
        var secret: String
        var session: String?
        var host: String
        var port: Int
        var user: String
        var region: String
        var time: String
        var expires: Int

        init(_ dice: inout SeededDice) {
            let letters = "abcdefghijklmnopqrstuvwxyz0123456789"
            kind = ["rds", "rds", "rds", "dsql", "dsql-admin"].randomElement(using: &dice) ?? "rds"
            id = "AKIA" + dice.word("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 12...16)
            // Longer than a block of SHA-256 too, where HMAC takes the digest of the key.
            secret = dice.word(letters + "+/ABCDEF", 1...200)
            session = Bool.random(using: &dice) ? dice.word(letters + "+/=ABCDEF", 1...900) : nil
            region = ["eu-west-1", "us-gov-west-1", "cn-north-1"].randomElement(using: &dice) ?? ""
            host =
                "\(dice.word(letters + "ABCDEF-", 1...20)).\(dice.word(letters, 12...12)).\(region).rds.amazonaws.com"
            if Int.random(in: 0..<10, using: &dice) == 0 { host += "." }
            port =
                [443, 5432, Int.random(in: 1150...65_535, using: &dice)].randomElement(using: &dice) ?? 5432
            user = dice.word(letters + "_-.~+*@%&=/?#:;,!'\"\\ <>[]{}|^`$()éß日本🦊\u{301}", 1...40)
            time = SigningTime(seconds: Int.random(in: 0...4_000_000_000, using: &dice)).text
            // botocore gives RDS no choice.
            expires = kind == "rds" ? 900 : Int.random(in: 1...604_800, using: &dice)
        }

        func token() throws -> String {
            let kind: TokenRequest.Kind =
                kind == "rds" ? .rds(user: user) : kind == "dsql" ? .dsql : .dsqlAdmin
            let credentials = SigningCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: session.map { Secret($0) })
            let request = TokenRequest(host: host, port: port, kind: kind, region: region, expires: expires)
            return AuthToken.presign(request, credentials: credentials, at: try #require(SigningTime(time)))
                .text.reveal()
        }
    }

    @Test func `generated tokens are byte for byte what botocore makes`() throws {
        var dice = SeededDice(seed: 20_261_124)
        let questions = (0..<400).map { _ in TokenQuestion(&dice) }
        let answers = try Botocore.answers(Botocore.tokens, questions)
        for (question, answer) in zip(questions, answers) {
            #expect(try question.token() == answer)
        }
    }

    struct CredentialsQuestion: Encodable {
        var environment: [String: String]
        var profile: String?
    }

    /// What both sides say: the credentials, that there are none, or that it cannot be done.
    enum Answer: Equatable {
        case keys([String?])
        case none
        case refused

        init(botocore line: String) throws {
            if let keys = try? JSONDecoder().decode([String?].self, from: Data(line.utf8)) {
                self = .keys(keys)
            } else {
                self = line == "null" ? .none : .refused
            }
        }

        init(_ report: CredentialReport) {
            switch report.outcome {
            case .credentials(let found):
                let signing = found.signing
                self = .keys([
                    signing.accessKeyID, signing.secretAccessKey.reveal(), signing.sessionToken?.reveal(),
                ])
            case .failed(let failure) where failure.code == "aws-no-credentials": self = .none
            case .failed, .onUse: self = .refused
            }
        }
    }

    @Test func `generated configurations give the credentials that botocore finds`() throws {
        var dice = SeededDice(seed: 42)
        let folder = try TemporaryFolder()
        var chains: [CredentialChain] = []
        var questions: [CredentialsQuestion] = []
        for index in 0..<300 {
            let config = try folder.write(Self.file(&dice, prefix: "profile "), to: "\(index)/config")
            let credentials = try folder.write(Self.file(&dice, prefix: ""), to: "\(index)/credentials")
            var environment = [
                "HOME": folder.path, "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": credentials,
                "AWS_EC2_METADATA_DISABLED": "true",
            ]
            for (name, value) in Self.variables where Int.random(in: 0..<4, using: &dice) == 0 {
                environment[name] = value
            }
            let profile = ["a", "b", "with blank", nil].randomElement(using: &dice) ?? nil
            questions.append(CredentialsQuestion(environment: environment, profile: profile))
            chains.append(CredentialChain(environment: environment))
        }
        let answers = try Botocore.answers(Botocore.credentials, questions)
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        var agreed = Set<String>()
        for (index, answer) in answers.enumerated() {
            let ours = Answer(chains[index].report(profile: questions[index].profile, now: now))
            var theirs = try Answer(botocore: answer)
            // aws-cli says `none` where half a key is all there is; we name what is missing.
            if theirs == .none, ours == .refused { theirs = .refused }
            #expect(ours == theirs, "\(questions[index])")
            if case .keys(let keys) = ours { agreed.insert(keys.first.flatMap { $0 } ?? "") }
        }
        // The comparison has seen keys of every place.
        #expect(agreed.count >= 5)
    }

    /// AWS_REGION and the order of the two profile variables are left out: there aws-cli v2 differs from botocore.
    private static let variables = [
        "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "senv", "AWS_SESSION_TOKEN": "tenv",
        "AWS_SECURITY_TOKEN": "old", "AWS_PROFILE": "a",
    ]

    /// A file that botocore can read: nothing stands twice.
    private static func file(_ dice: inout SeededDice, prefix: String) -> String {
        var lines: [String] = ["# \(prefix)file"]
        for name in ["default", "a", "b", "with blank"].shuffled(using: &dice) where Bool.random(using: &dice)
        {
            let quoted = prefix.isEmpty || !name.contains(" ") ? name : "\"\(name)\""
            lines.append(name == "default" ? "[default]" : "[\(prefix)\(quoted)]")
            let values = [
                ("aws_access_key_id", "AK\(prefix.isEmpty ? "CRED" : "CONF")\(name.prefix(1))"),
                ("aws_secret_access_key", "s=\(name):#;%"), ("aws_session_token", "t//+="),
                ("aws_security_token", "old"), ("region", "eu-west-1"), ("output", ""),
                ("s3", "\n  use = \n  x = 1"),
            ]
            for (key, value) in values.shuffled(using: &dice) where Int.random(in: 0..<4, using: &dice) > 0 {
                let separator = ["=", " = ", ": ", "\t=\t"].randomElement(using: &dice) ?? "="
                let written = Bool.random(using: &dice) ? key : key.uppercased()
                lines.append(written + separator + value)
                if Int.random(in: 0..<5, using: &dice) == 0 { lines.append("  ; aside\n") }
            }
        }
        return lines.joined(separator: Bool.random(using: &dice) ? "\n" : "\r\n") + "\n"
    }
}

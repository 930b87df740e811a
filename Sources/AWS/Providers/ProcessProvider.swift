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
import Profiles
import Secrets
import SigV4
import Workers

/// A program of the user's that prints credentials (AWS CLI User Guide, "Sourcing credentials with an external
/// process").
struct ProcessProvider: CredentialProvider {
    let name = "credential_process"

    /// So deep may one credential process run another by way of pgfob; aws-cli stops there too.
    private static let deepest = 4

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        guard let command = context.value("credential_process") else {
            return .notConfigured("no credential_process")
        }
        let profile = context.profileName.shown
        guard let arguments = ShellWords.split(command), let program = arguments.first else {
            return .broken(
                .config(
                    "the credential_process of profile \(profile) is no command: a quote is not closed",
                    do: "correct it"))
        }
        guard !context.isOffline else { return .onUse(Prospect("credential process, run on use")) }
        guard context.environment.depth < Self.deepest else {
            return .broken(
                .config(
                    "the credential process of profile \(profile) runs pgfob, which runs it again, without an end",
                    do: "let it name a profile with credentials of its own"))
        }
        let process = HelperProcess(arguments: arguments, environment: context.environment.forChildren)
        switch Self.read(process.run(context.wait), program: program) {
        case .success(var credentials):
            credentials.provider = "credential process, profile \(profile)"
            credentials.renewal = "try again: the process is run anew"
            credentials.isCostly = true
            return .credentials(credentials)
        case .failure(let problem):
            return .broken(
                AWSFailure(
                    problem.isMissing ? "aws-config-broken" : "aws-refused",
                    "the credential process of profile \(profile) \(problem.text)", do: problem.remedy))
        }
    }

    /// Why a process gave no credentials.
    struct Problem: Error {
        var text: String
        var remedy = "run it by hand to see what it says"
        var isMissing = false
    }

    /// Reads what such a program prints: version 1 of the format.
    static func read(_ outcome: HelperProcess.Outcome, program: String) -> Result<Credentials, Problem> {
        switch outcome {
        case .notFound:
            return .failure(
                Problem(
                    text: "cannot be started: \(program.shown) is not there", remedy: "correct the path",
                    isMissing: true))
        case .notStarted(let code):
            return .failure(
                Problem(
                    text: "cannot be started: \(String(cString: strerror(code)))", remedy: "check its rights",
                    isMissing: true))
        case .timedOut: return .failure(Problem(text: "did not end in time, and was stopped"))
        case .cancelled: return .failure(Problem(text: "was cancelled", remedy: "try again"))
        case .killed(let signal): return .failure(Problem(text: "was killed by signal \(signal)"))
        case .tooMuch: return .failure(Problem(text: "wrote more than any credentials are"))
        case .ended(0, let output, _): return read(output)
        case .ended(let code, _, let errors):
            let last =
                errors.split(whereSeparator: \.isNewline).last.map {
                    ": \(Redaction.line(String($0)).shown(atMost: 300))"
                } ?? ""
            return .failure(Problem(text: "ended with \(code)\(last)"))
        }
    }

    private static func read(_ output: [UInt8]) -> Result<Credentials, Problem> {
        guard let tree = JSONTree(output), tree.members != nil else {
            // What it printed instead may hold a secret: it is not repeated.
            return .failure(Problem(text: "printed something that is no JSON object"))
        }
        guard let version = tree["Version"], version != .null else {
            return .failure(
                Problem(text: "printed no Version", remedy: "let it print \"Version\": 1 with its keys"))
        }
        guard version.number == 1 else {
            return .failure(
                Problem(
                    text: "printed another version of the format than the number 1",
                    remedy: "let it print \"Version\": 1, as the AWS CLI User Guide has it"))
        }
        for key in ["AccessKeyId", "SecretAccessKey"] where (tree[key]?.string ?? "").isEmpty {
            return .failure(Problem(text: "printed no \(key)"))
        }
        var expiresAt: Date?
        if let end = tree["Expiration"], end != .null {
            guard let date = end.string.flatMap(Timestamp.parse) else {
                return .failure(Problem(text: "printed an Expiration that is no time"))
            }
            expiresAt = date
        }
        let token = tree["SessionToken"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: tree["AccessKeyId"]?.string ?? "",
                secretAccessKey: Secret(tree["SecretAccessKey"]?.string ?? ""), sessionToken: token),
            expiresAt: expiresAt, provider: "", renewal: "")
        credentials.accountID = tree["AccountId"]?.string
        return .success(credentials)
    }
}

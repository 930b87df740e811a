#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// `pgfob credentials`: credentials for another program, so that pgfob can be a `credential_process`.
struct CredentialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials", abstract: "Print AWS credentials for another program.",
        discussion: """
            In ~/.aws/config: credential_process = pgfob credentials --profile P --format process. A terminal needs \
            --show.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case process, env, json
    }

    @Option(help: "An AWS profile; the default chain where absent.", completion: Completion.awsProfiles)
    var profile: String?
    @Option(help: "process (AWS's credential_process), env (export lines) or json.") var format = Format
        .process
    @Flag(help: "Print them even on a terminal.") var show = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        try Secrecy.check(show: show, "a secret key")
        let session = try Session.open()
        let found = try TokenMint(session.plainSurroundings).export(
            awsProfile: profile, now: Date(), options: session.signerOptions())
        switch format {
        case .process: Output.reveal(process(found))
        case .env: Output.reveal(exports(found))
        case .json: Output.reveal(json(found))
        }
    }

    /// Version 1 of the format (AWS CLI User Guide, "Sourcing credentials with an external process").
    private func process(_ found: ExportedCredentials) -> String {
        var members = [
            JSONText.Member("Version", .integer(1)), .init("AccessKeyId", .string(found.accessKeyID)),
            .init("SecretAccessKey", .string(found.secretAccessKey.reveal())),
        ]
        if let token = found.sessionToken { members.append(.init("SessionToken", .string(token.reveal()))) }
        if let end = found.expiresAt { members.append(.init("Expiration", .string(Timestamp.rfc3339(end)))) }
        if let account = found.account { members.append(.init("AccountId", .string(account))) }
        return JSONText.object(members).text
    }

    private func exports(_ found: ExportedCredentials) -> String {
        let pairs = [
            ("AWS_ACCESS_KEY_ID", found.accessKeyID),
            ("AWS_SECRET_ACCESS_KEY", found.secretAccessKey.reveal()),
            ("AWS_SESSION_TOKEN", found.sessionToken?.reveal()),
            ("AWS_CREDENTIAL_EXPIRATION", found.expiresAt.map { Timestamp.rfc3339($0) }),
        ]
        // What is not among them must not stay from before.
        return pairs.map { name, value in
            value.map { "export \(name)=\(ShellWords.quoted($0))" } ?? "unset \(name)"
        }.joined(separator: "\n")
    }

    private func json(_ found: ExportedCredentials) -> String {
        JSONText.object([
            .init("profile", .optional(profile)), .init("provider", .string(found.provider)),
            .init("account", .optional(found.account)), .init("access_key_id", .string(found.accessKeyID)),
            .init("secret_access_key", .string(found.secretAccessKey.reveal())),
            .init("session_token", .optional(found.sessionToken?.reveal())),
            .init("expires_at", .optional(found.expiresAt.map { Timestamp.rfc3339($0) })),
        ]).text
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// `pgfob whoami`: whose AWS credentials sign, and why.
struct Whoami: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Say whose AWS credentials sign, until when, and why.",
        discussion: "Every provider that was asked is listed with what it said.")

    @Option(help: "An AWS profile; the default chain where absent.", completion: Completion.awsProfiles)
    var profile: String?
    @Flag(help: "Ask AWS for account and ARN (GetCallerIdentity).") var call = false
    @Flag(help: "One JSON object.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let identity = TokenMint(session.plainSurroundings).identity(
            awsProfile: profile, calls: call, now: Date(), options: session.signerOptions())
        Output.print(
            json ? object(identity).text : identity.lines(awsProfile: profile).joined(separator: "\n"))
        if let refusal = identity.refusal { throw refusal }
    }

    private func object(_ identity: Identity) -> JSONText {
        let signer = identity.signer
        let time: (Date?) -> JSONText = { .optional($0.map { Timestamp.rfc3339($0) }) }
        let session: JSONText =
            signer?.session.map {
                .object([
                    .init("kind", .string($0.kind)), .init("name", .optional(identity.sessionName)),
                    .init("ends_at", time($0.endsAt)),
                ])
            } ?? .null
        let cause: JSONText =
            identity.refusal.map {
                .object([
                    .init("code", .optional($0.cause?.rawValue)), .init("text", .string($0.what)),
                    .init("fix", .string($0.remedy)),
                ])
            } ?? .null
        return .object([
            .init("profile", .optional(profile)), .init("provider", .optional(signer?.provider)),
            .init("account", .optional(identity.account)), .init("arn", .optional(identity.arn)),
            .init("user_id", .optional(identity.userID)), .init("expires_at", time(signer?.credentialsEndAt)),
            .init("session", session),
            .init("clock_skew_ms", identity.clockSkew.map { .decimal($0 * 1000) } ?? .null),
            .init("reasons", .array(identity.reasons.map { .string($0) })), .init("cause", cause),
        ])
    }
}

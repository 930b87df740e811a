#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// `pgfob policy`: what IAM and the database need for a profile's logins.
struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Print the IAM policy and the SQL that a profile needs.",
        discussion: "What is not known yet is named; --call asks AWS for it.")

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @Flag(help: "Ask AWS for the account and the resource id.") var call = false
    @Flag(help: "One JSON object.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let book = session.book
        let profile = try book.named(name).profile
        guard profile.auth == .iam else {
            throw Refusal(
                .failed, "\(profile.name) logs in by \(profile.auth.rawValue), for which IAM has no policy",
                do: "set auth to iam first")
        }
        let policy = try TokenMint(session.plainSurroundings).policy(
            profile, calls: call, now: Date(), options: session.signerOptions(),
            origin: try book.origins()[profile.id])
        guard json else {
            Output.print(policy.text)
            if !policy.unknowns.isEmpty { Output.remark("pgfob: --call asks AWS for what is unknown") }
            return
        }
        Output.print(
            JSONText.object([
                .init("profile", .string(profile.name)), .init("action", .string(policy.action)),
                .init("resource", .string(policy.resource)), .init("policy", .string(policy.json)),
                .init("sql", .array(policy.sql.map { .string($0) })),
                .init("unknown", .array(policy.unknowns.map { .string($0) })),
                .init("notes", .array(policy.notes.map { .string($0) })),
            ]).text)
    }
}

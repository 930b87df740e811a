#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// `pgfob env`: variables for a shell's eval, the token among them.
struct Env: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print export lines for eval.",
        discussion: """
            eval "$(pgfob env NAME)". The token is among them: every program of that shell sees it. No read-only guard \
            is, and nothing asks before a program connects by them: connect, exec, run and proxy have both.
            """)

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @Flag(help: "Print them even on a terminal.") var show = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let profile = try session.book.named(name).profile
        let verbs = try session.verbs()
        let lines = try verbs.preparer.environmentLines(
            profile, now: Date(), options: session.signerOptions()
        ) { () throws(Refusal) in try Secrecy.check(show: show, "the token") }
        Output.reveal(lines.reveal())
        let guarded = verbs.mint.effective(profile)
        guard guarded.startsReadOnly || guarded.confirmation(writes: true) != .none else { return }
        let badge = guarded.environment.map { "[\($0.badge)] " } ?? ""
        let lost = guarded.startsReadOnly ? "is not read-only" : "was not asked about"
        Output.remark(
            "pgfob: what is opened by these variables on \(badge)\(profile.name) \(lost): connect and exec keep that guard"
        )
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser

/// `pgfob env`: variables for a shell's eval, the token among them.
struct Env: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print export lines for eval.",
        discussion:
            "eval \"$(pgfob env NAME)\". The token is among them: every program of that shell sees it.")

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @Flag(help: "Print them even on a terminal.") var show = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        try Secrecy.check(show: show, "the token")
        let session = try Session.open()
        let profile = try session.book.named(name).profile
        let lines = try session.verbs().preparer.environmentLines(
            profile, now: Date(), options: session.signerOptions())
        Output.reveal(lines.reveal())
    }
}

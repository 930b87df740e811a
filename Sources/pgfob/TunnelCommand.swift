import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob tunnel`: a profile's tunnel, kept up until it is interrupted.
struct TunnelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tunnel", abstract: "Keep a profile's tunnel up, for other programs.",
        discussion: """
            Prints the connection string once the tunnel is up, and stays until ^C. The token is not in it: \
            `pgfob token NAME` makes one.
            """)

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let verbs = try session.verbs()
        let profile = verbs.mint.effective(try verbs.book.named(name).profile)
        guard profile.tunnel != nil else {
            throw Refusal(
                .failed, "\(profile.name) has no tunnel",
                do: "give it one: pgfob edit \(profile.name) --tunnel 'ssh HOST'")
        }
        let keeper = TunnelKeeping(verbs.routes, profile)
        let options = session.signerOptions()
        verbs.audit.sweep()
        let line = WaitingLine("opening the tunnel of \(profile.name)")
        var opening = options
        opening.giveWay(line)
        defer { line.clear() }
        guard let tunnel = try keeper.open(opening, looking: line.look) else { throw ProgramEnd(code: 130) }
        line.clear()
        Output.print(verbs.preparer.conninfo(profile, through: tunnel).keywordText)
        Output.flush()
        keeper.stay(options, watching: session.file.folders, changed: session.takeSettingsAgain) {
            Output.remark("pgfob: \($0)")
        }
        throw ProgramEnd(code: 130)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import EventLoop
import Operations
import Profiles
import Screen

/// `pgfob connect`: psql on a profile, without the screen.
struct Connect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Open psql on a profile.",
        discussion: """
            What stands behind -- goes to psql. It ends with psql's own code, 128+N where signal N ended it, \
            125 where pgfob failed, 126 or 127 where psql cannot be run. Production asks first; without a \
            terminal it needs --yes.
            """)

    @Argument(help: "Which profile.") var name: String
    @Flag(help: "Open read-write where it would start read-only.") var write = false
    @Option(help: "Another database than the profile's.") var dbname: String?
    @Flag(help: "Do not ask.") var yes = false
    @Argument(parsing: .postTerminator, help: "Arguments for psql, behind --.") var psqlArguments: [String] =
        []
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        do {
            try open()
        } catch let refusal as Refusal {
            Output.complain(refusal)
            throw ProgramEnd(code: refusal.sessionExitCode)
        }
    }

    private func open() throws {
        let session = try Session.open()
        let verbs = try session.verbs()
        let profile = verbs.mint.effective(try verbs.book.named(name).profile)
        let readOnly = profile.startsReadOnly && !write
        try Confirmation(profile: profile, readOnly: readOnly, yes: yes).ask()
        let prepared = try verbs.preparer.prepare(
            profile, readOnly: readOnly, database: dbname, arguments: psqlArguments, now: Date(),
            options: session.signerOptions())
        let shows = Output.canAsk && Output.isTerminal
        if shows { Output.remark(prepared.banner) }
        let (ending, seconds) = ForegroundSession.run(prepared, preparer: verbs.preparer)
        switch ending {
        case .code(let code):
            verbs.book.recordUse(profile.id, at: Date(), seconds: seconds)
            if shows { Output.remark(ForegroundSession.farewell(code: code, seconds: seconds)) }
            if code != 0 { throw ProgramEnd(code: code) }
        case .notStarted(let line, let code):
            Output.complain(line)
            throw ProgramEnd(code: code)
        }
    }
}

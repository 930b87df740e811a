import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob connect`: psql on a profile, without the screen.
struct Connect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Open psql on a profile.",
        discussion: """
            What stands behind -- goes to psql, but for the database, which is --dbname's. It ends with psql's own code, 128+N where signal N ended it, \
            125 where pgfob failed, 126 or 127 where psql cannot be run. Production asks first; without a \
            terminal it needs --yes. In psql, :reconnect connects again, after a lost connection too, and \
            :home to the profile's own database.
            """)

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @OptionGroup var session: SessionOptions
    @Argument(parsing: .postTerminator, help: "Arguments for psql, behind --.", completion: .file())
    var psqlArguments: [String] = []
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        try ForegroundRun.orRefused {
            let program = try Session.open()
            let verbs = try ForegroundRun.verbs(program)
            let opening = try session.open(name, verbs, what: "psql")
            try ForegroundRun(verbs: verbs, profile: opening.profile).run {
                [psqlArguments] (now, options) throws(Refusal) in
                try verbs.preparer.prepare(
                    opening.profile, readOnly: opening.readOnly, choice: opening.choice,
                    arguments: psqlArguments, neverAsks: !Prompt.hasTerminal, now: now, options: options)
            }
        }
    }
}

import ArgumentParser
import EventLoop
import Operations
import Screen
import Settings

/// `pgfob` itself: the screen, and the list of subcommands.
struct Pgfob: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pgfob",
        abstract: "Aurora and RDS PostgreSQL with IAM tokens, from a list to psql.",
        discussion: """
            Without a subcommand it opens the screen. --store PATH and --config PATH stand before or after a \
            subcommand, as does --verbose. Exit codes: 0 done, 1 failed or not found, 2 wrong call, 3 AWS \
            credentials, 4 the store, 130 interrupted.
            """,
        version: "pgfob \(Version.text)",
        subcommands: [
            Add.self, Edit.self, Remove.self, Duplicate.self, Trash.self, List.self, Connect.self, Exec.self,
            Run.self,
            Test.self, TunnelCommand.self, ProxyCommand.self, Token.self, Whoami.self,
            CredentialsCommand.self, Policy.self,
            Env.self,
            ConninfoCommand.self,
            Discover.self, Import.self, Export.self, CA.self, CatalogueCommand.self,
            History.self, DoctorCommand.self,
        ])

    /// The subcommands' names, `help` among them.
    static var names: [String] { configuration.subcommands.map { $0._commandName } + ["help"] }

    @OptionGroup var globals: GlobalOptions

    /// The command that the arguments name.
    ///
    /// A subcommand's own parser goes first: the root's builds the whole tree of commands, which costs more time
    /// than most of them take. Where it does not understand, the root's says why.
    ///
    /// - Throws: what the argument parser throws.
    static func command(for arguments: [String]) throws -> any ParsableCommand {
        if let first = arguments.first,
            let named = configuration.subcommands.first(where: { $0._commandName == first }),
            named.configuration.subcommands.isEmpty,
            let command = try? named.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == named
        {
            return command
        }
        return try parseAsRoot(arguments)
    }

    @Flag(help: "End the screen with its first session, by that session's exit code.") var exit = false

    func run() throws { try Self.openScreen(endsAfterSession: exit) }

    /// The screen.
    static func openScreen(endsAfterSession: Bool = false) throws {
        let session = try Session.open()
        // What is wrong with the settings is told on the screen.
        let setup = ScreenSetup(session: session)
        let code = try ScreenProgram(
            surroundings: session.plainSurroundings, settings: setup.settings, reading: setup.firstReading(),
            endsAfterSession: endsAfterSession
        ).run()
        if code != 0 { throw ProgramEnd(code: code) }
    }
}

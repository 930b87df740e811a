import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob exec`: any program of libpq's on a profile.
struct Exec: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run any PostgreSQL program on a profile.",
        discussion: """
            pg_dump, pgcli and whatever else is built on libpq gets the connection as PGHOST, PGPORT, PGDATABASE, \
            PGUSER, PGSSLMODE, PGSSLROOTCERT and PGAPPNAME, behind a tunnel or a dial also as PGHOSTADDR, and what \
            the session starts with, read-only among it, as PGOPTIONS. The secret comes by PGPASSFILE, in a file that \
            exists only in memory and is kept fresh while the program runs. Further parameters have variables of \
            their own; those that have none are named. No other PG variable of yours is passed on, but PGSERVICEFILE, \
            PGSYSCONFDIR and PGPASSFILE to profiles that log in by a service or by pgpass, and PGPASSFILE to those that log \
            in by a password. usql, JDBC and others that \
            are not built on libpq pass over some of these, the read-only guard among them, or refuse them: `pgfob \
            proxy` is for those. Programs that close what they inherit (docker, sudo, Python's subprocess) need \
            --password-env. It ends with the program's own code, 128+N where signal N ended it, 125 where pgfob \
            failed, 126 or 127 where the program cannot be run.
            """)

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @OptionGroup var session: SessionOptions
    @Flag(help: "Hand the secret over as PGPASSWORD, which others of your processes can read.")
    var passwordEnv = false
    @Argument(
        parsing: .postTerminator, help: "The program and its arguments, behind --.", completion: .file())
    var command: [String] = []
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        guard !command.isEmpty else { throw ValidationError("Name the program behind --") }
    }

    func run() throws {
        try ForegroundRun.orRefused {
            let program = try Session.open()
            let verbs = try ForegroundRun.verbs(program)
            let opening = try session.open(name, verbs, what: command[0])
            try ForegroundRun(verbs: verbs, profile: opening.profile).run {
                [command, passwordEnv] (now, options) throws(Refusal) in
                try verbs.preparer.prepare(
                    program: command, opening.profile, readOnly: opening.readOnly, choice: opening.choice,
                    secretInEnvironment: passwordEnv, neverAsks: !Prompt.hasTerminal, now: now,
                    options: options)
            }
        }
    }
}

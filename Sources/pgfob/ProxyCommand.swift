import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob proxy`: any tool connects without a password, for as long as it runs.
struct ProxyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy", abstract: "Let any tool of this machine connect without a password.",
        discussion: """
            Prints the connection string for other programs, and stays until ^C, of which each client is told. Each \
            session logs in with a token of its own over verified TLS. A socket is open to this user alone; a port asks \
            for a password that is made up and shown once. Production asks first; without a terminal it needs --yes.

            --listen FOLDER/ puts the socket into that folder, which is made where there is none, as .s.PGSQL.5432, \
            where libpq and most drivers look for it; FOLDER/.s.PGSQL.PORT has another port. A socket of any other name \
            is for drivers that are given the socket itself. What a killed proxy has left there is taken over; a socket at \
            which somebody listens is not.

            What a later login has to ask, such as the passphrase of the tunnel's key, is asked on this terminal while \
            the client waits.
            """)

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @Option(
        help: ArgumentHelp(
            "A socket in a folder of yours unless given; port 0 takes a free one.",
            valueName: "127.0.0.1:port|folder/|socket"))
    var listen: String?
    @OptionGroup var session: SessionOptions
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let program = try Session.open()
        let verbs = try program.verbs()
        let opening = try session.open(name, verbs, what: "a proxy", refusalCode: 2)
        var profile = opening.profile
        if let database = opening.choice.database { profile.database = database }
        let waiting = Interrupts()
        let record = ProxyRecord(
            verbs.book, verbs.audit,
            verbs.preparer.record(
                of: profile, program: DatabaseProxy.program, readOnly: opening.readOnly, opening.choice))
        var options = program.signerOptions()
        options.wait = waiting.wait(timeout: .seconds(30))
        let (place, started) = (listen.map { .at($0) } ?? DatabaseProxy.Listening.standard, profile)
        let line = WaitingLine("opening the proxy of \(profile.name)")
        options.follow(line, "opening the proxy of \(profile.name)")
        defer { line.clear() }
        let opened = try waiting.during(looking: line.look) { [options] () throws(Refusal) in
            try DatabaseProxy(
                started, readOnly: opening.readOnly, choice: opening.choice, at: place,
                preparer: verbs.preparer, options: options,
                later: { Self.asking(SignerOptions(cancellation: $0), ending: $0.descriptor) },
                tell: { Output.complain($0) },
                session: { record.heard($0) })
        }
        line.clear()
        guard let proxy = opened else { throw ProgramEnd(code: 130) }
        record.opened()
        verbs.audit.sweep()
        for warning in proxy.warnings { Output.complain(warning) }
        Output.print(proxy.connection)
        if let password = proxy.password { Output.reveal("password=\(password.reveal())") }
        if !proxy.suitsLibpq {
            Output.remark(
                "pgfob: only drivers that are given the socket itself find it: --listen FOLDER/ makes one for all"
            )
        }
        Output.flush()
        waiting.stay(watching: program.file.folders, changed: program.takeSettingsAgain)
        proxy.stop()
        record.closed()
        verbs.audit.settle()
        throw ProgramEnd(code: 130)
    }

    /// Who is asked for a client: the user at the terminal, as long as it is this program's.
    ///
    /// - Parameter ending: becomes readable once nobody waits any more.
    private static func asking(_ options: SignerOptions, ending: Int32) -> SignerOptions {
        guard Prompt.isInForeground else { return options }
        var options = options
        options.askCode = { device in
            Output.remark("pgfob: a client waits for its login")
            return Prompt.code(device, ending: ending, .isHeard)
        }
        options.askTunnel = { question, asking in
            Output.remark("pgfob: a client waits for the tunnel \(question.tunnel)")
            return Prompt.answer(question, ending: asking.descriptor, .isHeard)
        }
        return options
    }
}

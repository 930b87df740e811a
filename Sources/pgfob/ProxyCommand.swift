import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob proxy`: any tool connects without a password, for as long as it runs.
struct ProxyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy", abstract: "Let any tool of this machine connect without a password.",
        discussion: """
            Prints the connection string for other programs, and stays until ^C. Each session logs in with a token of \
            its own over verified TLS. A socket is open to this user alone; a port asks for a password that is made up \
            and shown once. Production asks first; without a terminal it needs --yes.
            """)

    @Argument(help: "Which profile.") var name: String
    @Option(
        help: ArgumentHelp(
            "A socket in a folder of yours unless given; port 0 takes a free one.",
            valueName: "127.0.0.1:port|socket"))
    var listen: String?
    @OptionGroup var session: SessionOptions
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let program = try Session.open()
        let verbs = try program.verbs()
        let opening = try session.open(name, verbs, what: "a proxy")
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
        options.giveWay(line)
        defer { line.clear() }
        let opened = try waiting.during(looking: line.look) { [options] () throws(Refusal) in
            try DatabaseProxy(
                started, readOnly: opening.readOnly, choice: opening.choice, at: place,
                preparer: verbs.preparer, options: options,
                tell: { Output.complain($0) },
                session: { record.heard($0) })
        }
        line.clear()
        guard let proxy = opened else { throw ProgramEnd(code: 130) }
        record.opened()
        verbs.audit.sweep()
        for warning in proxy.warnings { Output.complain(warning) }
        Output.print(proxy.conninfo.keywordText)
        if let password = proxy.password { Output.reveal("password=\(password.reveal())") }
        if !proxy.suitsLibpq {
            Output.remark("pgfob: libpq finds a socket only under the name .s.PGSQL.PORT in a folder")
        }
        Output.flush()
        waiting.stay()
        proxy.stop()
        record.closed()
        verbs.audit.settle()
        throw ProgramEnd(code: 130)
    }
}

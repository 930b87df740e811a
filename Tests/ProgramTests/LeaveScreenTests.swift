#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// Quitting the real program while others go through it.
@Suite(.overTheFleet, .timeLimit(.minutes(14)))
struct LeaveScreenTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    /// The list with a proxy up, and a client whose session goes on.
    private func served() throws -> (PseudoTerminal, ChildProgram) {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try run.openProxy(on: terminal)
        try terminal.waitFor("no password needed")
        let client = try trial.toldClient(ProxyTrial.socket(trial.ownConninfo))
        try terminal.press(.escape)
        try terminal.waitUntil("the list is back") { $0.row(with: "no password needed") == nil }
        return (terminal, client)
    }

    private static let cut = "1 client of the proxy of orders-stg is cut"

    @Test func `a client of a proxy is told before it is cut, goes on where the user stays, and ends by y`()
        throws
    {
        let (terminal, client) = try served()
        try terminal.send("q")
        try terminal.waitUntil("it asks") { $0.contains(Self.cut) && $0.contains("y quit all the same") }
        try terminal.press(.escape)
        try terminal.waitUntil("it stays") { !$0.contains(Self.cut) }
        #expect(!client.output.contains("stopped"))
        try terminal.send("q")
        try terminal.waitFor(Self.cut)
        try terminal.send("y")
        #expect(try terminal.ending() == .exited(0))
        try client.wait(for: "the proxy's farewell") { client.output.contains("the proxy was stopped") }
    }

    @Test func `^C twice quits, and once its client has gone a proxy holds nobody back`() throws {
        let (terminal, client) = try served()
        try terminal.press(.control("c"))
        try terminal.waitFor(Self.cut)
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(0))
        try client.wait(for: "the proxy's farewell") { client.output.contains("the proxy was stopped") }

        let (second, other) = try served()
        other.killHard()
        // Asked until the proxy has seen that its client is gone.
        while true {
            try second.send("q")
            guard (try? second.waitFor(Self.cut)) != nil else { break }
            try second.press(.escape)
            try second.waitUntil("it stays") { !$0.contains(Self.cut) }
        }
        #expect(try second.ending() == .exited(0))
    }

    @Test(arguments: [SIGTERM, SIGHUP])
    func `a signal never asks, with the question open or not`(signal: Int32) throws {
        let (terminal, _) = try served()
        if signal == SIGHUP {
            try terminal.send("q")
            try terminal.waitFor(Self.cut)
        }
        terminal.signal(signal)
        #expect(try terminal.ending() == .exited(130))
    }

    @Test func `SQL that runs is told, and is cancelled on its server by y`() throws {
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.send(":")
        try terminal.waitFor("connect")
        try terminal.send("run select pg_sleep(600), 'left'")
        try terminal.press(.enter)
        try terminal.waitFor("running SQL on 1")
        let isAtWork =
            "select count(*) from pg_stat_activity where query like '%pg_sleep(600), ''left''%' "
            + "and state = 'active' and pid <> pg_backend_pid()"
        try terminal.waitUntilTrue("its server is at it") { (try? run.administer(isAtWork)) == "1\n" }
        try terminal.send("q")
        try terminal.waitFor("SQL on orders-stg is cancelled")
        try terminal.send("y")
        #expect(try terminal.ending() == .exited(0))
        #expect(try run.administer(isAtWork) == "0\n")
    }

    @Test func `a program at the port of a tunnel that is kept up is told`() throws {
        let script = """
            exec python3 -c '
            import socket, sys
            listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            held = []
            while True: held.append(listener.accept()[0])' "$1"
            """
        let program = try run.folder.write(script, to: "tunnel.sh", mode: 0o755)
        try run.route(by: "command /bin/sh \(program) {port}")
        let terminal = try run.screen()
        try run.select("orders-stg", on: terminal)
        try terminal.send("V")
        try terminal.waitFor("is up at 127.0.0.1:")
        let line = try #require(terminal.screen.lines.first { $0.contains("is up at 127.0.0.1:") })
        let port = try #require(line.split(separator: "127.0.0.1:").last?.prefix { $0.isNumber })
        let user = try trial.start(
            "/bin/bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); echo in; exec /bin/sleep 600"], [:])
        try user.wait(for: "connection") { user.output == "in\n" }
        try terminal.send("q")
        try terminal.waitFor("1 connection through the tunnel of orders-stg is cut")
        try terminal.press(.escape)
        try terminal.waitUntil("it stays") { !$0.contains("is cut") }
        user.killHard()
        #expect(try user.end(within: 60) == .killed(signal: SIGKILL))
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(run.helpers().isEmpty)
    }
}

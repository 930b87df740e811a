#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// What a profile asks of its connections holds in the proxy too, and its sessions share it fairly.
@Suite(.overTheFleet, .serialized)
struct ProxyRuleTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    private func edit(_ parameter: String) throws {
        let edited = try run.pgfob("edit", "orders-stg", "--parameter", parameter)
        #expect(edited.code == 0, "\(edited.errors)")
    }

    private static let version = "select version from pg_stat_ssl where pid = pg_backend_pid()"

    @Test func `the profile's highest version of TLS is kept to`() throws {
        try edit("ssl_max_protocol_version=TLSv1.2")
        let (child, conninfo) = try trial.proxy()
        #expect(try trial.psql(conninfo, "-Atc", Self.version).output == "TLSv1.2\n")
        #expect(child.errors.isEmpty)
    }

    @Test
    func `lists of revoked certificates are looked at, and one that cannot be read is told at the start`()
        throws
    {
        try edit("sslcrl=\(run.folder.file("none.crl"))")
        let refused = try run.pgfob("proxy", "orders-stg")
        #expect(
            refused.code == 1 && refused.errors.contains("the list of revoked certificates cannot be read"))
        // A list of nobody's says nothing of the server's certificate, which then does not pass.
        try run.folder.write("", to: "crls/.keep")
        try edit("sslcrl=")
        try edit("sslcrldir=\(run.folder.file("crls"))")
        let (child, conninfo) = try trial.proxy()
        let asked = try trial.psql(conninfo, "-c", "select 1")
        #expect(asked.code == 2 && asked.errors.contains("CRL"), "\(asked)")
        #expect(child.errors.contains("CRL"))
    }

    @Test func `certificates that are fetched while it runs hold for its next login`() throws {
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: #require(run.fleet[name]), encoding: .utf8)
        }
        let (good, other) = (try text("bundle"), try text("other_bundle"))
        let bundle = try run.folder.write(good, to: "roots.pem")
        #expect(try run.pgfob("edit", "orders-stg", "--sslrootcert", bundle).code == 0)
        let (_, conninfo) = try trial.proxy()
        let stays = try trial.toldClient(try ProxyTrial.socket(conninfo))
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
        try run.folder.write(other, to: "roots.pem")
        let refused = try trial.psql(conninfo, "-Atc", "select 1")
        #expect(refused.code == 2 && refused.errors.contains("TLS: "), "\(refused)")
        try FileManager.default.removeItem(atPath: bundle)
        #expect(try trial.psql(conninfo, "-Atc", "select 1").errors.contains("the CA bundle"))
        try run.folder.write(good, to: "roots.pem")
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
        // Who was in session has stayed there.
        #expect(stays.output == "in session\n")
    }

    @Test func `a socket that is named from here is told by its whole path`() throws {
        let script =
            "cd '\(run.folder.path)' && exec '\(ProgramPath.pgfob)' proxy orders-stg --listen ./.s.PGSQL.6001"
        let child = try trial.start("/bin/sh", ["-c", script], run.environment, input: nil)
        try child.wait(for: "connection string") { child.output.hasSuffix("\n") }
        let conninfo = child.output.trimmingCharacters(in: .newlines)
        #expect(conninfo.hasPrefix("host=\(run.folder.path) port=6001 "))
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
    }

    @Test func `a folder is made for the socket and goes with it, unless somebody has put more there`() throws
    {
        let folder = run.folder.file("new")
        func open() throws -> ChildProgram { try trial.proxy("--listen", "\(folder)/").0 }
        let first = try open()
        #expect(
            first.output == "host=\(folder) port=5432 dbname=orders user=jane_doe\n" && first.errors.isEmpty)
        #expect(run.folder.mode(of: "new") == 0o700)
        #expect(
            try trial.psql("host=\(folder) dbname=orders user=jane_doe", "-Atc", "select 1").output == "1\n")
        first.signal(SIGTERM)
        #expect(try first.end(within: 60) == .exited(130))
        #expect(run.folder.mode(of: "new") == nil)
        let second = try open()
        try run.folder.write("mine", to: "new/mine")
        second.signal(SIGTERM)
        #expect(try second.end(within: 60) == .exited(130))
        #expect(run.folder.read("new/mine") == "mine" && run.folder.mode(of: "new/.s.PGSQL.5432") == nil)
        // One that was there stays.
        try FileManager.default.removeItem(atPath: "\(folder)/mine")
        let third = try open()
        third.signal(SIGTERM)
        #expect(try third.end(within: 60) == .exited(130))
        #expect(run.folder.mode(of: "new") == 0o700)
    }

    @Test func `a socket of any name is for drivers that are given it, which is said`() throws {
        let socket = run.folder.file("orders.sock")
        let (child, _) = try trial.proxy("--listen", socket)
        #expect(child.output == "socket=\(socket) dbname=orders user=jane_doe\n")
        try child.wait(for: "word of it") {
            child.errors.contains("only drivers that are given the socket itself find it")
        }
        #expect(run.folder.mode(of: "orders.sock") == 0o700)
        #expect(try trial.toldClient(socket).output == "in session\n")
        let refused = try run.home.pgfob(["proxy", "orders-stg", "--listen", "orders"])
        #expect(refused.code == 2 && refused.errors.contains("FOLDER/ for the socket"), "\(refused)")
    }

    @Test func `a replication connection, which no guard binds, is had only where sessions can write`() throws
    {
        let (child, guarded) = try trial.proxy("--read-only")
        for wanted in ["database", "true", "1"] {
            let refused = try trial.psql("\(guarded) replication=\(wanted)", "-c", "IDENTIFY_SYSTEM")
            #expect(
                refused.code == 2
                    && refused.errors.contains("pgfob: the read-only guard does not bind a replication"),
                "\(refused)")
        }
        #expect(try trial.psql("\(guarded) replication=off", "-Atc", "select 1").output == "1\n")
        child.signal(SIGTERM)
        #expect(try child.end(within: 60) == .exited(130))
        let (_, open) = try trial.proxy()
        let asked = try trial.psql("\(open) replication=database", "-c", "IDENTIFY_SYSTEM")
        #expect(asked.errors.contains("must be superuser or replication role to start walsender"), "\(asked)")
    }

    @Test func `a query is cancelled at once, however many logins hang`() throws {
        let counted = run.folder.file("counted")
        let tunnel =
            "command \(Python.program) \(ProgramPath.repository)/Tests/Servers/stalling_tunnel.py {port} {host} "
            + "{remote_port} 3 66 \(counted)"
        try run.route(by: tunnel)
        let (_, conninfo) = try trial.proxy()
        let sleeps = try trial.client(conninfo, "select pg_sleep(601)")
        let watch = """
            do $$ begin while not exists (select from pg_stat_activity where state = 'active'
            and query like 'select pg_sleep(601)%') loop perform pg_stat_clear_snapshot(), pg_sleep(0.01); end loop; end $$
            """
        #expect(try trial.psql(conninfo, "-c", watch).code == 0)
        let hangs = try trial.start(
            "/usr/bin/env",
            [
                Python.program, "-c",
                """
                import signal, socket, struct, sys
                body = struct.pack("!I", 3 << 16) + b"user\\0jane_doe\\0\\0"
                pool = []
                for _ in range(90):
                    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); pool.append(s)
                    s.sendall(struct.pack("!I", len(body) + 4) + body)
                signal.pause()
                """,
                try ProxyTrial.socket(conninfo),
            ], Python.environment, input: nil)
        try hangs.wait(for: "logins that hang") { run.folder.read("counted") == "66" }
        sleeps.signal(SIGINT)
        try sleeps.wait(for: "word of the cancelled query") {
            sleeps.errors.contains("canceling statement due to user request")
        }
        #expect(run.folder.read("counted") == "67", "no login had to end before")
        hangs.killHard()
    }

    @Test func `what does not hold in the proxy is said`() throws {
        try edit("target_session_attrs=any")
        let (child, conninfo) = try trial.proxy()
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
        #expect(child.errors.contains("target_session_attrs of the profile does not hold here"))
    }

    @Test func `a session that takes all it can get leaves the others their turn`() throws {
        let (_, conninfo) = try trial.proxy()
        let greedy = try trial.client(
            conninfo, "copy (select repeat('x', 990) || generate_series(1, 1000000000)) to stdout",
            isHeard: false)
        let busy =
            "select count(*) from pg_stat_activity where state = 'active' and query like 'copy (select repeat%'"
        try greedy.wait(for: "copy") { (try? trial.psql(conninfo, "-Atc", busy))?.output == "1\n" }
        for _ in 1...10 { #expect(try trial.psql(conninfo, "-Atc", busy).output == "1\n") }
    }

    @Test func `an interrupt is heard while the proxy starts, and a stop from the terminal stops it`() throws
    {
        let slow = try run.folder.write("#!/bin/sh\nsleep 600\n", to: "slow", mode: 0o755)
        try run.folder.write("[profile slow]\ncredential_process = \(slow)\n", to: "aws")
        #expect(try run.pgfob("duplicate", "orders-stg", "slow-one").code == 0)
        #expect(try run.pgfob("edit", "slow-one", "--aws-profile", "slow").code == 0)
        let starting = try run.home.screen(
            ["proxy", "slow-one"],
            more: ["AWS_CONFIG_FILE": run.folder.file("aws")])
        try starting.waitUntilTrue("the credentials are asked for") {
            ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).contains { pid in
                FileManager.default.contents(atPath: "/proc/\(pid)/cmdline").map {
                    String(decoding: $0, as: UTF8.self).contains(slow)
                } ?? false
            }
        }
        try starting.press(.control("c"))
        #expect(try starting.ending() == .exited(130))

        let shell = try PseudoTerminal(
            "/bin/bash", ["--norc", "-i"],
            environment: run.environment.merging(["PS1": "shell$ "]) { $1 },
            folder: run.folder.path, columns: 160)
        try shell.waitFor("shell$")
        try shell.send("\(ProgramPath.pgfob) proxy orders-stg\r")
        try shell.waitFor("user=jane_doe")
        try shell.send("\u{1a}")
        try shell.waitFor("Stopped")
        try shell.send("bg; sleep 0.1; jobs\r")
        try shell.waitFor("Running")
        try shell.send("fg; echo e\"\"nded\r")
        // The shell repeats the job's own line as it continues it, without the mark of the background.
        try shell.waitUntil("it is in the foreground") { screen in
            screen.prompt.hasSuffix("pgfob proxy orders-stg")
        }
        try shell.send("\u{3}")
        try shell.waitFor("ended")
        try shell.send("exit\r")
        _ = try shell.ending()
    }
}

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

/// The real program between real clients and servers that verify the token.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    @Test func `a client without a password is logged in over verified TLS, again and again`() throws {
        let (child, conninfo) = try trial.proxy()
        #expect(try conninfo == trial.ownConninfo)
        // The profile's name, and a part of its identity.
        let folder = "\(run.folder.path)/pgfob/proxy-orders-stg-12345678"
        #expect(try ProxyTrial.socket(conninfo).count == "\(folder)/.s.PGSQL.5432".count)
        for _ in 1...3 {
            let asked = try trial.psql(
                conninfo, "-Atc",
                "select current_user, ssl, application_name <> '' from pg_stat_ssl join pg_stat_activity using (pid) "
                    + "where pid = pg_backend_pid()")
            #expect(asked.output == "jane_doe|t|t\n", "\(asked)")
        }
        #expect(child.errors.isEmpty)
        #expect(try MainJobTests.filesHoldingTokens(below: run.folder.path).isEmpty)
    }

    @Test func `another database user is refused, and a missing database is the server's to say`() throws {
        let (child, conninfo) = try trial.proxy()
        let other = try trial.psql("\(conninfo) user=rdsadmin", "-c", "select 1")
        #expect(
            other.code == 2
                && other.errors.contains("FATAL:  pgfob: this proxy logs in as jane_doe, and as nobody else"))
        try child.wait(for: "word of it") { child.errors.contains("as nobody else") }
        let database = try trial.psql("\(conninfo) dbname=nope", "-c", "select 1")
        #expect(database.errors.contains("FATAL:  database \"nope\" does not exist"), "\(database)")
    }

    @Test func `a port asks for the password that was shown once`() throws {
        let (proxy, conninfo) = try trial.proxy("--listen", "127.0.0.1:0")
        #expect(conninfo.hasPrefix("host=127.0.0.1 port=") && conninfo.contains("sslmode=disable"))
        let password = try trial.password(of: proxy)
        #expect(password.count == 32)
        #expect(try trial.psql(conninfo, "-Atc", "select 1", password: password).output == "1\n")
        let wrong = try trial.psql(conninfo, "-Atc", "select 1", password: "guess")
        #expect(wrong.code == 2 && wrong.errors.contains("the password is not the one"), "\(wrong)")
        #expect(try trial.psql(conninfo, "-Atc", "select 1").code == 2)
        for place in ["0.0.0.0:5000", "192.0.2.1:5000", "5000", "127.0.0.1:99999"] {
            let refused = try run.home.pgfob(["proxy", "orders-stg", "--listen", place])
            #expect(refused.code == 2 && refused.errors.contains("127.0.0.1:PORT"), "\(refused)")
        }
    }

    @Test func `COPY goes both ways, byte for byte`() throws {
        let (_, conninfo) = try trial.proxy()
        let rows =
            (1...20_000).map { "\($0)\t\(String(repeating: "x", count: $0 % 300))" }.joined(separator: "\n")
            + "\n"
        let script = """
            create temp table t (a int, b text);
            copy t from stdin;
            \(rows)\\.
            copy (select * from t order by a) to stdout;
            """
        let copied = try trial.psql(conninfo, "-q", input: script)
        #expect(copied.code == 0 && copied.output == rows, "\(copied.errors)")
    }

    @Test func `a query is cancelled on the server`() throws {
        let (_, conninfo) = try trial.proxy()
        let terminal = try PseudoTerminal(
            "/usr/bin/psql", [conninfo, "-X"],
            environment: PseudoTerminal.environment(["HOME": run.folder.path]))
        try terminal.waitFor("orders=>")
        try terminal.send("select pg_sleep(604) from (select 'slee' || 'ping') s;\r")
        // It runs on the server before it is cancelled.
        let other =
            "select count(*) from pg_stat_activity where query like 'select pg_sleep(604)%' and state = 'active'"
        try terminal.waitUntilTrue("the server works on it") {
            (try? trial.psql(conninfo, "-Atc", other))?.output == "1\n"
        }
        try terminal.press(.control("c"))
        try terminal.waitFor("canceling statement due to user request")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `production starts read-only and asks, whatever the client wants`() throws {
        let asked = try run.home.pgfob(["proxy", "orders-writer"])
        #expect(asked.code == 2 && asked.errors.contains("--yes"), "\(asked)")
        let (_, conninfo) = try trial.proxy("--yes", to: "orders-writer")
        let options = "options='-c default_transaction_read_only=off -c statement_timeout=7s'"
        let show = "select current_setting('transaction_read_only'), current_setting('statement_timeout')"
        #expect(try trial.psql("\(conninfo) \(options)", "-Atc", show).output == "on|7s\n")
        let (_, writable) = try trial.proxy(
            "--yes", "--write", "--listen", run.folder.file("w/"), to: "orders-writer")
        #expect(writable.hasPrefix("host=\(run.folder.file("w")) port=5432 "))
        #expect(try trial.psql(writable, "-Atc", "show transaction_read_only").output == "off\n")
        let (_, again) = try trial.proxy(
            "--yes", "--write", "--listen", run.folder.file(".s.PGSQL.6000"), to: "orders-writer")
        #expect(again.hasPrefix("host=\(run.folder.path) port=6000 "))
        #expect(try trial.psql(again, "-Atc", "show transaction_read_only").output == "off\n")
    }

    @Test func `where the guard is a SET that a client can take off, that is said`() throws {
        let host = "orders.proxy-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
        #expect(try run.pgfob("edit", "orders-stg", "--host", host).code == 0)
        let (child, _) = try trial.proxy("--read-only", "--listen", run.folder.file("p"))
        #expect(child.errors.contains("the read-only guard is loose here"), "\(child.errors)")
        #expect(child.errors.contains("DISCARD ALL"))
    }

    @Test func `what is wrong with the way is told to the client, and a later one may find it mended`() throws
    {
        #expect(try run.pgfob("edit", "orders-stg", "--dial", "127.0.0.1:\(Loopback.closedPort())").code == 0)
        let (_, conninfo) = try trial.proxy()
        let refused = try trial.psql(conninfo, "-c", "select 1")
        #expect(
            refused.code == 2 && refused.errors.contains("FATAL:  pgfob: orders.cluster-c1x9abcdefgh"),
            "\(refused)")
        #expect(refused.errors.contains("Connection refused"))
    }

    @Test func `a certificate of another authority, or for another name, gets no token`() throws {
        let bundle = try #require(run.fleet["other_bundle"])
        #expect(try run.pgfob("edit", "orders-stg", "--sslrootcert", bundle).code == 0)
        let (_, conninfo) = try trial.proxy()
        let refused = try trial.psql(conninfo, "-c", "select 1")
        #expect(refused.code == 2 && refused.errors.contains("TLS: "), "\(refused)")
    }

    @Test(.enabled(if: FaultServer.certificates != nil, "python3 makes the faults"))
    func `a server that never comes to an end with what it says first is given up, with that for a reason`()
        throws
    {
        let server = try FaultServer("flood")
        defer { withExtendedLifetime(server) {} }
        let edited = try run.pgfob(
            "edit", "orders-stg", "--host", FaultServer.host, "--dial", "127.0.0.1:\(server.port())",
            "--sslrootcert", server.roots)
        #expect(edited.code == 0, "\(edited)")
        let (_, conninfo) = try trial.proxy()
        let refused = try trial.psql(conninfo, "-c", "select 1")
        #expect(
            refused.code == 2 && refused.errors.contains("the server says more than 1000000 bytes before"),
            "\(refused)")
    }

    @Test func `other logins than by a token are refused before anything is opened`() throws {
        #expect(try run.pgfob("edit", "orders-stg", "--auth", "pgpass").code == 0)
        let refused = try run.home.pgfob(["proxy", "orders-stg"])
        #expect(
            refused.code == 1 && refused.errors.contains("IAM tokens") && refused.errors.contains("pgpass"))
    }

    @Test func `an interrupt ends it, its sessions and its socket`() throws {
        let terminal = try run.home.screen(["proxy", "orders-stg"], columns: 160)
        try terminal.waitFor("user=jane_doe")
        let conninfo = try trial.ownConninfo
        let client = try trial.client(conninfo, "select pg_sleep(605)")
        try client.wait(for: "session") {
            (try? trial.psql(
                conninfo, "-Atc", "select count(*) from pg_stat_activity where query = 'select pg_sleep(605)'"
            ))?
            .output == "1\n"
        }
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(try client.end(within: 60) == .exited(2))
        #expect(try access(ProxyTrial.socket(conninfo), F_OK) != 0)
        #expect(
            try run.pgfob("history", "orders-stg").output.contains("  proxy  cancelled  "),
            "the session that it ended too")
        let rest = try run.pgfob(
            "run", "orders-stg", "-c",
            "select count(*) as rest from pg_stat_activity where query like 'select pg_sleep(605)%'",
            "--format",
            "csv")
        #expect(rest.output.contains(",0\n"), "nothing goes on at the server: \(rest)")
    }
}

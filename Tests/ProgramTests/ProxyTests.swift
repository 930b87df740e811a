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
@Suite(.overTheFleet, .serialized)
struct ProxyTests {
    private let run: FleetRun
    private let running = Running()

    /// The proxies of a test live as long as it does.
    private final class Running {
        var proxies: [ChildProgram] = []
    }

    init() throws {
        run = try FleetRun()
    }

    /// A proxy that takes clients, and how they find it.
    private func proxy(_ arguments: String...) throws -> (ChildProgram, conninfo: String, lines: [String]) {
        let child = try ChildProgram(
            ProgramPath.pgfob, ["proxy"] + arguments, environment: run.environment,
            input: nil)
        running.proxies.append(child)
        let wanted = arguments.contains { $0.hasPrefix("127.") } ? 2 : 1
        try child.wait(for: "connection string") { child.output.split(separator: "\n").count >= wanted }
        let lines = child.output.split(separator: "\n").map(String.init)
        return (child, lines[0], lines)
    }

    /// The folder of the socket, once it is there: the profile's name and a part of its identity.
    private var folder: String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob"))) ?? []
        return "pgfob/\(names.first { $0.hasPrefix("proxy-orders-stg-") } ?? "none")"
    }

    private func psql(
        _ conninfo: String, _ arguments: String..., password: String? = nil, input: String = ""
    ) throws -> ProgramRun {
        var environment = ["PATH": "/usr/bin:/bin", "HOME": run.folder.path]
        if let password { environment["PGPASSWORD"] = password }
        return try ProgramRun(
            "/usr/bin/psql", [conninfo, "-wX"] + arguments, environment: environment, input: input)
    }

    @Test func `a client without a password is logged in over verified TLS, again and again`() throws {
        let (child, conninfo, _) = try proxy("orders-stg")
        #expect(folder.count == "pgfob/proxy-orders-stg-12345678".count)
        #expect(conninfo == "host=\(run.folder.path)/\(folder) port=5432 dbname=orders user=jane_doe")
        for _ in 1...3 {
            let asked = try psql(
                conninfo, "-Atc",
                "select current_user, ssl, application_name <> '' from pg_stat_ssl join pg_stat_activity using (pid) "
                    + "where pid = pg_backend_pid()")
            #expect(asked.output == "jane_doe|t|t\n", "\(asked)")
        }
        #expect(child.errors.isEmpty)
        #expect(try MainJobTests.filesHoldingTokens(below: run.folder.path).isEmpty)
    }

    @Test func `sessions are kept in the history, with their client and without their SQL`() throws {
        let (child, conninfo, _) = try proxy("orders-stg")
        #expect(
            try psql("\(conninfo) application_name=ledger", "-Atc", "select 'planted'").output == "planted\n")
        #expect(try psql("\(conninfo) dbname=nope", "-c", "select 1").code == 2)
        try child.wait(for: "entry") {
            (try? run.pgfob("history", "orders-stg"))?.output.contains("  proxy  ok  ") == true
        }
        let history = try run.pgfob("history", "orders-stg").output
        #expect(
            history.contains("  ledger  jane_doe@orders  by ") && !history.contains("planted"), "\(history)")
        #expect(
            history.components(separatedBy: "  proxy  ").count == 2, "what the server refused is no session")
        let row = try run.pgfob("history", "orders-stg", "--json").output.split(separator: "\n").first {
            $0.contains(#""kind":"proxy""#)
        }
        for word in [#""user":"jane_doe""#, #""database":"orders""#, #""read_only":false"#, #""opened_by":"#]
        {
            #expect(row?.contains(word) == true, "\(row ?? "")")
        }
        #expect(try run.pgfob("list", "--json", "orders-stg").output.contains("\"times_used\":1"))
    }

    @Test func `the history says in which database and role a client was, and whether it could write`() throws
    {
        let (child, conninfo, _) = try proxy("orders-stg", "--read-only")
        let role =
            "\(conninfo) dbname=postgres application_name=one options='-c work_mem=1MB -c role=jane_doe'"
        #expect(try psql(role, "-Atc", "select current_database()").output == "postgres\n")
        #expect(try psql("\(conninfo) application_name=two", "-Atc", "select 1").output == "1\n")
        try child.wait(for: "entry") {
            (try? run.pgfob("history", "orders-stg"))?.output.contains(
                "  one  jane_doe@postgres  as jane_doe  read-only  by ") == true
        }
        try child.wait(for: "entry") {
            (try? run.pgfob("history", "orders-stg"))?.output.contains(
                "  two  jane_doe@orders  read-only  by ") == true
        }
    }

    @Test func `a session that lasts is written down while it is open, also where the proxy is killed`()
        throws
    {
        let (child, conninfo, _) = try proxy("orders-stg")
        let client = try ChildProgram(
            "/usr/bin/psql", ["\(conninfo) application_name=ledger", "-Xc", "select pg_sleep(20)"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": run.folder.path], input: "")
        try child.wait(for: "entry") {
            (try? run.pgfob("history", "orders-stg"))?.output.contains(
                "  proxy  open  ledger  jane_doe@orders  by ") == true
        }
        child.killHard()
        #expect(try child.end(within: 60) == .killed(signal: SIGKILL))
        #expect(try run.pgfob("run", "orders-stg", "-c", "select 1").code == 0)
        let history = try run.pgfob("history", "orders-stg").output
        #expect(
            history.contains(
                "  proxy  unknown  ledger  not known how it ended  jane_doe@orders  by "), "\(history)")
        client.killHard()
    }

    @Test func `the socket is this user's alone, and its folder too`() throws {
        let (_, conninfo, _) = try proxy("orders-stg")
        #expect(!conninfo.isEmpty)
        #expect(run.folder.mode(of: folder) == 0o700)
        #expect(run.folder.mode(of: "\(folder)/.s.PGSQL.5432") == 0o700)
    }

    @Test func `another database user is refused, and a missing database is the server's to say`() throws {
        let (child, conninfo, _) = try proxy("orders-stg")
        let other = try psql("\(conninfo) user=rdsadmin", "-c", "select 1")
        #expect(
            other.code == 2
                && other.errors.contains("FATAL:  pgfob: this proxy logs in as jane_doe, and as nobody else"))
        try child.wait(for: "word of it") { child.errors.contains("as nobody else") }
        let database = try psql("\(conninfo) dbname=nope", "-c", "select 1")
        #expect(database.errors.contains("FATAL:  database \"nope\" does not exist"), "\(database)")
    }

    @Test func `a port asks for the password that was shown once`() throws {
        let (_, conninfo, lines) = try proxy("orders-stg", "--listen", "127.0.0.1:0")
        #expect(conninfo.hasPrefix("host=127.0.0.1 port=") && conninfo.contains("sslmode=disable"))
        let password = try #require(lines[1].split(separator: "=").last.map(String.init))
        #expect(lines[1].hasPrefix("password=") && password.count == 32)
        #expect(try psql(conninfo, "-Atc", "select 1", password: password).output == "1\n")
        let wrong = try psql(conninfo, "-Atc", "select 1", password: "guess")
        #expect(wrong.code == 2 && wrong.errors.contains("the password is not the one"), "\(wrong)")
        #expect(try psql(conninfo, "-Atc", "select 1").code == 2)
        for place in ["0.0.0.0:5000", "192.0.2.1:5000", "5000", "127.0.0.1:99999"] {
            let refused = try run.home.pgfob(["proxy", "orders-stg", "--listen", place])
            #expect(refused.code == 2 && refused.errors.contains("127.0.0.1:PORT"), "\(refused)")
        }
    }

    @Test func `COPY goes both ways, byte for byte`() throws {
        let (_, conninfo, _) = try proxy("orders-stg")
        let rows =
            (1...20_000).map { "\($0)\t\(String(repeating: "x", count: $0 % 300))" }.joined(separator: "\n")
            + "\n"
        let script = """
            create temp table t (a int, b text);
            copy t from stdin;
            \(rows)\\.
            copy (select * from t order by a) to stdout;
            """
        let copied = try psql(conninfo, "-q", input: script)
        #expect(copied.code == 0 && copied.output == rows, "\(copied.errors)")
    }

    @Test func `a query is cancelled on the server`() throws {
        let (_, conninfo, _) = try proxy("orders-stg")
        let terminal = try PseudoTerminal(
            "/usr/bin/psql", [conninfo, "-X"],
            environment: PseudoTerminal.environment(["HOME": run.folder.path]))
        try terminal.waitFor("orders=>")
        try terminal.send("select pg_sleep(600) from (select 'slee' || 'ping') s;\r")
        // It runs on the server before it is cancelled.
        let other =
            "select count(*) from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active'"
        var running = ""
        let deadline = ContinuousClock.now + .seconds(30)
        while running != "1\n", ContinuousClock.now < deadline {
            running = try psql(conninfo, "-Atc", other).output
        }
        try terminal.press(.control("c"))
        try terminal.waitFor("canceling statement due to user request")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `production starts read-only and asks, whatever the client wants`() throws {
        let asked = try run.home.pgfob(["proxy", "orders-writer"])
        #expect(asked.code == 2 && asked.errors.contains("--yes"), "\(asked)")
        let (_, conninfo, _) = try proxy("orders-writer", "--yes")
        let options = "options='-c default_transaction_read_only=off -c statement_timeout=7s'"
        let show = "select current_setting('transaction_read_only'), current_setting('statement_timeout')"
        #expect(try psql("\(conninfo) \(options)", "-Atc", show).output == "on|7s\n")
        let (_, writable, _) = try proxy(
            "orders-writer", "--yes", "--write", "--listen", run.folder.file("w/"))
        #expect(writable.hasPrefix("host=\(run.folder.file("w")) port=5432 "))
        #expect(try psql(writable, "-Atc", "show transaction_read_only").output == "off\n")
        let (_, again, _) = try proxy(
            "orders-writer", "--yes", "--write", "--listen", run.folder.file(".s.PGSQL.6000"))
        #expect(again.hasPrefix("host=\(run.folder.path) port=6000 "))
        #expect(try psql(again, "-Atc", "show transaction_read_only").output == "off\n")
    }

    @Test func `where the guard is a SET that a client can take off, that is said`() throws {
        let host = "orders.proxy-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
        #expect(try run.pgfob("edit", "orders-stg", "--host", host).code == 0)
        let (child, _, _) = try proxy("orders-stg", "--read-only", "--listen", run.folder.file("p"))
        #expect(child.errors.contains("the read-only guard is loose here"), "\(child.errors)")
        #expect(child.errors.contains("DISCARD ALL"))
    }

    @Test func `a proxy that was killed leaves a socket that the next one takes over`() throws {
        let (killed, conninfo, _) = try proxy("orders-stg")
        killed.killHard()
        #expect(try killed.end(within: 60) == .killed(signal: SIGKILL))
        #expect(try psql(conninfo, "-c", "select 1").code == 2)
        let (_, same, _) = try proxy("orders-stg")
        #expect(same == conninfo)
        #expect(try psql(conninfo, "-Atc", "select 1").output == "1\n")
        let second = try run.home.pgfob(["proxy", "orders-stg"])
        #expect(second.code == 1 && second.errors.contains("a proxy to orders-stg runs already"), "\(second)")
    }

    @Test func `a file that is no socket is left alone`() throws {
        let file = try run.folder.write("mine", to: "mine")
        let refused = try run.home.pgfob(["proxy", "orders-stg", "--listen", "\(file)/"])
        #expect(refused.code == 1 && refused.errors.contains("is no folder"))
        let named = try run.home.pgfob(["proxy", "orders-stg", "--listen", file])
        #expect(named.code == 1 && named.errors.contains("is no socket"))
        #expect(run.folder.read("mine") == "mine")
    }

    @Test func `what is wrong with the way is told to the client, and a later one may find it mended`() throws
    {
        #expect(try run.pgfob("edit", "orders-stg", "--dial", "127.0.0.1:\(Loopback.closedPort())").code == 0)
        let (_, conninfo, _) = try proxy("orders-stg")
        let refused = try psql(conninfo, "-c", "select 1")
        #expect(
            refused.code == 2 && refused.errors.contains("FATAL:  pgfob: orders.cluster-c1x9abcdefgh"),
            "\(refused)")
        #expect(refused.errors.contains("Connection refused"))
    }

    @Test func `a certificate of another authority, or for another name, gets no token`() throws {
        let bundle = try #require(run.fleet["other_bundle"])
        #expect(try run.pgfob("edit", "orders-stg", "--sslrootcert", bundle).code == 0)
        let (_, conninfo, _) = try proxy("orders-stg")
        let refused = try psql(conninfo, "-c", "select 1")
        #expect(refused.code == 2 && refused.errors.contains("TLS: "), "\(refused)")
    }

    @Test func `other logins than by a token are refused before anything is opened`() throws {
        #expect(try run.pgfob("edit", "orders-stg", "--auth", "pgpass").code == 0)
        let refused = try run.home.pgfob(["proxy", "orders-stg"])
        #expect(
            refused.code == 1 && refused.errors.contains("IAM tokens") && refused.errors.contains("pgpass"))
    }

    @Test func `bytes that are no PostgreSQL end one client and no other`() throws {
        let (_, conninfo, _) = try proxy("orders-stg")
        let socket = run.folder.file("\(folder)/.s.PGSQL.5432")
        for junk in ["GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}hello"] {
            let done = try ProgramRun(
                "/usr/bin/env",
                [
                    Python.program, "-c",
                    "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
                        + "s.sendall(sys.stdin.buffer.read()); s.settimeout(30); print(len(s.recv(99)))",
                    socket,
                ], environment: Python.environment, input: junk)
            #expect(done.output == "0\n", "\(done)")
        }
        #expect(try psql(conninfo, "-Atc", "select 1").output == "1\n")
    }

    @Test func `a client of a newer protocol that names no database is logged in at the profile's`() throws {
        #expect(try run.pgfob("edit", "orders-stg", "--application-name", "desk").code == 0)
        let (_, conninfo, _) = try proxy("orders-stg")
        #expect(!conninfo.isEmpty)
        let done = try ProgramRun(
            "/usr/bin/env",
            [
                Python.program, "-c",
                """
                import socket, struct, sys
                s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(sys.argv[1]); f = s.makefile("rb")
                body = struct.pack("!I", 3 << 16 | 9999) + b"user\\0jane_doe\\0_pq_.nothing\\0on\\0\\0"
                s.sendall(struct.pack("!I", len(body) + 4) + body)
                def until_ready():
                    kinds = ""; row = b""
                    while not kinds.endswith("Z"):
                        head = f.read(5); kinds += chr(head[0]); data = f.read(struct.unpack("!I", head[1:])[0] - 4)
                        if head[:1] == b"D": row = data[6:]
                    return kinds, row.decode()
                print(until_ready()[0][:2])
                q = b"select current_database() || ' ' || current_setting('application_name')\\0"
                s.sendall(b"Q" + struct.pack("!I", len(q) + 4) + q)
                print(until_ready()[1])
                """,
                run.folder.file("\(folder)/.s.PGSQL.5432"),
            ], environment: Python.environment, input: "")
        #expect(done.output == "vR\norders desk\n", "\(done)")
    }

    @Test func `of silent clients at a port so many wait, and who comes after them is served`() throws {
        let (child, conninfo, lines) = try proxy("orders-stg", "--listen", "127.0.0.1:0")
        let port = try #require(
            conninfo.split(separator: " ").first { $0.hasPrefix("port=") }?.dropFirst("port=".count))
        let done = try ProgramRun(
            "/usr/bin/env",
            [
                Python.program, "-c",
                """
                import socket, sys
                silent = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(500)]
                silent[-1].settimeout(60)
                print(silent[-1].recv(9999))
                """,
                String(port),
            ], environment: Python.environment, input: "")
        #expect(done.code == 0 && done.output.contains("C53300"), "\(done)")
        try child.wait(for: "word of it") { child.errors.contains("256 clients wait for a login already") }
        let told = child.errors.components(separatedBy: "wait for a login already").count - 1
        #expect(told == 1, "what comes again and again is told once: \(child.errors)")
        let password = try #require(lines[1].split(separator: "=").last.map(String.init))
        #expect(try psql(conninfo, "-Atc", "select 1", password: password).output == "1\n")
    }

    @Test func `a pool that opens all its sessions at once gets them`() throws {
        let (child, conninfo, _) = try proxy("orders-stg")
        #expect(!conninfo.isEmpty)
        // As libpq connects: not waiting for room at the listener.
        let done = try ProgramRun(
            "/usr/bin/env",
            [
                Python.program, "-c",
                """
                import socket, struct, sys
                body = struct.pack("!I", 3 << 16) + b"user\\0nobody_here\\0\\0"
                pool = []
                for _ in range(400):
                    s = socket.socket(socket.AF_UNIX); s.setblocking(False); s.connect(sys.argv[1]); pool.append(s)
                for s in pool:
                    s.settimeout(120); s.sendall(struct.pack("!I", len(body) + 4) + body)
                print(sum(b"as nobody else" in s.recv(9999) for s in pool))
                """,
                run.folder.file("\(folder)/.s.PGSQL.5432"),
            ], environment: Python.environment, input: "")
        #expect(done.output == "400\n", "\(done)")
        #expect(child.errors.components(separatedBy: "as nobody else").count == 2, "\(child.errors)")
    }

    @Test func `who does not read is not read for: memory stays bounded, and nothing is lost`() throws {
        let (child, conninfo, _) = try proxy("orders-stg")
        let socket = run.folder.file("\(folder)/.s.PGSQL.5432")
        let sql = "copy (select repeat('x', 999) from generate_series(1, 200000)) to stdout"
        let terminal = try PseudoTerminal(
            "/usr/bin/env",
            [
                Python.program, "\(ProgramPath.repository)/Tests/Servers/slow_client.py", socket, "jane_doe",
                "orders", sql,
            ],
            environment: Python.environment)
        try terminal.waitFor("asked")
        // The server waits for room to write: all that is on the way is on the way.
        let waits =
            "select count(*) from pg_stat_activity where wait_event = 'ClientWrite' and query like 'copy (select rep%'"
        try child.wait(for: "server that waits") { (try? psql(conninfo, "-Atc", waits))?.output == "1\n" }
        let status = try #require(FileManager.default.contents(atPath: "/proc/\(child.pid)/status"))
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("VmRSS")
        }
        let resident = try #require(
            line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
        #expect(resident < 100_000, "kilobytes, where 200 MB are on offer")
        try terminal.send("go\r")
        // CopyOutResponse, each row with its five bytes, CopyDone, CommandComplete and ReadyForQuery.
        try terminal.waitUntil("all of it has come") { screen in
            screen.lines.contains {
                Int($0.trimmingCharacters(in: .whitespaces)).map { $0 > 200_000 * 1005 } ?? false
            }
        }
    }

    @Test func `an interrupt ends it, its sessions and its socket`() throws {
        let terminal = try run.home.screen(["proxy", "orders-stg"], columns: 160)
        try terminal.waitFor("user=jane_doe")
        let conninfo = "host=\(run.folder.path)/\(folder) port=5432 dbname=orders user=jane_doe"
        let client = try ChildProgram(
            "/usr/bin/psql", [conninfo, "-X", "-c", "select pg_sleep(600)"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": run.folder.path], input: "")
        try client.wait(for: "session") {
            (try? psql(
                conninfo, "-Atc", "select count(*) from pg_stat_activity where query = 'select pg_sleep(600)'"
            ))?
            .output == "1\n"
        }
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(try client.end(within: 60) == .exited(2))
        #expect(run.folder.mode(of: "\(folder)/.s.PGSQL.5432") == nil)
        #expect(
            try run.pgfob("history", "orders-stg").output.contains("  proxy  cancelled  "),
            "the session that it ended too")
        let rest = try run.pgfob(
            "run", "orders-stg", "-c",
            "select count(*) as rest from pg_stat_activity where query like 'select pg_sleep(600)%'",
            "--format",
            "csv")
        #expect(rest.output.contains(",0\n"), "nothing goes on at the server: \(rest)")
    }
}

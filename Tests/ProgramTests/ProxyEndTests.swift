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

/// How a proxy ends, what its clients are told, and what the history says of it.
@Suite(.overTheFleet, .serialized)
struct ProxyEndTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    private static let farewell =
        "E 0 SFATAL VFATAL C57P01 Mpgfob: the proxy was stopped: start it again, then connect again"

    init() throws { trial = try ProxyTrial() }

    private func client(_ sql: String...) throws -> ChildProgram {
        try trial.toldClient(try ProxyTrial.socket(try trial.ownConninfo), sql)
    }

    private func history() throws -> String { try run.pgfob("history", "orders-stg").output }

    @Test func `each client is told of the end, behind a whole message of its server`() throws {
        let (proxy, conninfo) = try trial.proxy()
        let idle = try client()
        let failed = try client("begin; select 1 / 0")
        let copies = try (1...3).map { _ in
            try client("copy (select rpad('', 3000, 'x'), generate_series(1, 1000000000)) to stdout")
        }
        let rows = try client("select rpad('', 30, 'x'), generate_series(1, 1000000000)")
        let waits = try trial.client("\(conninfo) application_name=waits", "select pg_sleep(602)")
        try proxy.wait(for: "entry of a session that lasts") {
            try! history().contains("  proxy  open  waits")
        }
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        for child in [idle, failed, rows] + copies {
            #expect(try child.end(within: 60) == .exited(0))
            let lines = child.output.split(separator: "\n")
            #expect(lines.last?.hasPrefix(Self.farewell) == true, "\(lines)")
        }
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(
            waits.errors.hasPrefix("FATAL:  pgfob: the proxy was stopped: start it again"), "\(waits.errors)")
        let lines = try history().split(separator: "\n").filter { $0.contains("  proxy  ") }
        #expect(
            lines.contains {
                $0.contains("  proxy  cancelled  ") && $0.contains("  waits  ended by the proxy  ")
            })
        #expect(!lines.contains { $0.contains("  ok  ") && !$0.contains("  waits  ") }, "\(lines)")
        let json = try run.pgfob("history", "orders-stg", "--json").output
        #expect(json.contains(#""ended_by":"proxy""#))
    }

    @Test func `a client of a port is told too, and one that does not read keeps nobody from the end`() throws
    {
        let (proxy, conninfo) = try trial.proxy("--listen", "127.0.0.1:0")
        let password = ["PGPASSWORD": try trial.password(of: proxy)]
        let waits = try trial.client(
            "\(conninfo) application_name=waits", "select pg_sleep(602)", more: password)
        let deaf = try trial.client(
            "\(conninfo) application_name=deaf",
            "copy (select rpad('', 3000, 'x'), generate_series(1, 1000000000)) to stdout", isHeard: false,
            more: password)
        try proxy.wait(for: "entries of sessions that last") {
            let lines = try! history()
            return lines.contains("  proxy  open  waits") && lines.contains("  proxy  open  deaf")
        }
        deaf.signal(SIGSTOP)
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(waits.errors.hasPrefix("FATAL:  pgfob: the proxy was stopped"), "\(waits.errors)")
        #expect(try history().contains("  deaf  ended by the proxy  "))
    }

    @Test func `a client whose way to the server breaks is told, where the server has said nothing`() throws {
        let tunnel =
            "command \(Python.program) \(ProgramPath.repository)/Tests/Servers/stalling_tunnel.py {port} {host} "
            + "{remote_port} 0 0 \(run.folder.file("counted"))"
        try run.route(by: tunnel)
        let (proxy, conninfo) = try trial.proxy()
        let idle = try client()
        let waits = try trial.client("\(conninfo) application_name=waits", "select pg_sleep(602)")
        try proxy.wait(for: "entry of a session that lasts") {
            try! history().contains("  proxy  open  waits")
        }
        let way = HelperProcess.all(of: run.folder.path).first { $0.name?.hasPrefix("python") == true }
        kill(try #require(way?.pid), SIGKILL)
        #expect(try idle.end(within: 60) == .exited(0))
        let last = idle.output.split(separator: "\n").last ?? ""
        #expect(
            last.hasPrefix("E 0 SFATAL VFATAL C08006 Mpgfob: the server has closed the connection, or"),
            "\(last)")
        #expect(try waits.end(within: 60) == .exited(2))
        #expect(
            waits.errors.hasPrefix("FATAL:  pgfob: the server has closed the connection, or"),
            "\(waits.errors)")
        try proxy.wait(for: "entry of its end") { try! history().contains("  waits  ended by the server  ") }
    }

    @Test func `what a server ends is told from what its client does`() throws {
        let (proxy, conninfo) = try trial.proxy()
        let ended = try trial.client(
            "\(conninfo) application_name=ended", "select pg_terminate_backend(pg_backend_pid())")
        #expect(try ended.end(within: 60) == .exited(2))
        #expect(
            ended.errors.contains("terminating connection due to administrator command")
                && !ended.errors.contains("pgfob:"), "\(ended.errors)")
        #expect(
            try trial.client("\(conninfo) application_name=good", "select 1").end(within: 60) == .exited(0))
        try proxy.wait(for: "entries") {
            let lines = try! history()
            return lines.contains("  ended  ended by the server  ") && lines.contains("  good  jane_doe@")
        }
        let lines = try history().split(separator: "\n")
        #expect(lines.contains { $0.contains("  proxy  failed  ") && $0.contains("  ended  ") }, "\(lines)")
        #expect(lines.contains { $0.contains("  proxy  ok  ") && $0.contains("  good  ") }, "\(lines)")
    }

    /// Says what a client gets that asks, says that it says no more, and reads to the end.
    private static let halfClosed = #"""
        import socket, struct, sys
        place, password = sys.argv[1], sys.argv[2].encode()
        tcp = place.isdigit()
        s = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX); s.settimeout(60)
        s.connect(("127.0.0.1", int(place)) if tcp else place)
        def say(kind, body): s.sendall(kind + struct.pack("!I", len(body) + 4) + body)
        say(b"", b"\0\3\0\0user\0jane_doe\0database\0orders\0application_name\0half\0\0")
        f = s.makefile("rb"); kinds = b""
        def hear():
            head = f.read(5)
            if len(head) < 5: return b"", b""
            return head[:1], f.read(struct.unpack("!I", head[1:])[0] - 4)
        while True:
            kind, body = hear()
            if kind == b"R" and body == b"\0\0\0\3": say(b"p", password + b"\0")
            if kind in (b"Z", b""): break
        say(b"Q", b"select pg_sleep(0.5), 'all of it'\0"); s.shutdown(socket.SHUT_WR)
        while kind:
            kind, body = hear(); kinds += kind
            if kind == b"D": print(body[-9:].decode())
        print(kinds.decode())
        """#

    @Test func `a client that says no more gets the answers to what it has asked`() throws {
        let (proxy, conninfo) = try trial.proxy()
        let answered = try trial.python(Self.halfClosed, try ProxyTrial.socket(conninfo), "")
        #expect(answered.output == "all of it\nTDCZ\n", "\(answered)")
        try proxy.wait(for: "its end") { try! history().contains("  proxy  ok  ") }
        #expect(try history().contains("  half  jane_doe@"))

        let (other, port) = try trial.proxy("--listen", "127.0.0.1:0")
        let number = try #require(port.split(separator: " ").first { $0.hasPrefix("port=") }).dropFirst(5)
        let there = try trial.python(Self.halfClosed, String(number), try trial.password(of: other))
        #expect(there.output == "all of it\nTDCZ\n", "\(there)")
    }

    @Test(arguments: [true, false])
    func `a server that looks for its client hears that it has gone`(isPort: Bool) async throws {
        let (proxy, conninfo) = isPort ? try trial.proxy("--listen", "127.0.0.1:0") : try trial.proxy()
        var more = ["PGOPTIONS": "-c client_connection_check_interval=50"]
        if isPort { more["PGPASSWORD"] = try trial.password(of: proxy) }
        let client = try trial.client(conninfo, "select pg_sleep(619)", more: more)
        let password = more["PGPASSWORD"]
        func count() throws -> String {
            try trial.psql(
                conninfo, "-Atc",
                "select count(*) from pg_stat_activity where query = 'select pg_sleep(619)'",
                password: password
            ).output
        }
        try client.wait(for: "query") { (try? count()) == "1\n" }
        client.killHard()
        #expect(await eventually(within: .seconds(60)) { (try? count()) == "0\n" })
    }
}

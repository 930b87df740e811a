#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Clients that come in numbers, and answers that nobody reads.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyLoadTests {
    private let trial: ProxyTrial

    init() throws { trial = try ProxyTrial() }

    @Test func `of silent clients at a port so many wait, and who comes after them is served`() throws {
        let (child, conninfo) = try trial.proxy("--listen", "127.0.0.1:0")
        let port = try #require(
            conninfo.split(separator: " ").first { $0.hasPrefix("port=") }?.dropFirst("port=".count))
        let done = try trial.python(
            """
            import socket, sys
            silent = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(500)]
            silent[-1].settimeout(60)
            print(silent[-1].recv(9999))
            """, String(port))
        #expect(done.code == 0 && done.output.contains("C53300"), "\(done)")
        try child.wait(for: "word of it") { child.errors.contains("256 clients wait for a login already") }
        let told = child.errors.components(separatedBy: "wait for a login already").count - 1
        #expect(told == 1, "what comes again and again is told once: \(child.errors)")
        let password = try trial.password(of: child)
        #expect(try trial.psql(conninfo, "-Atc", "select 1", password: password).output == "1\n")
    }

    @Test func `a pool that opens all its sessions at once gets them`() throws {
        let (child, conninfo) = try trial.proxy()
        // As libpq connects: not waiting for room at the listener.
        let done = try trial.python(
            """
            import socket, struct, sys
            body = struct.pack("!I", 3 << 16) + b"user\\0nobody_here\\0\\0"
            pool = []
            for _ in range(400):
                s = socket.socket(socket.AF_UNIX); s.setblocking(False); s.connect(sys.argv[1]); pool.append(s)
            for s in pool:
                s.settimeout(120); s.sendall(struct.pack("!I", len(body) + 4) + body)
            print(sum(b"as nobody else" in s.recv(9999) for s in pool))
            """, try ProxyTrial.socket(conninfo))
        #expect(done.output == "400\n", "\(done)")
        #expect(child.errors.components(separatedBy: "as nobody else").count == 2, "\(child.errors)")
    }

    @Test func `who does not read is not read for: memory stays bounded, and nothing is lost`() throws {
        let (child, conninfo) = try trial.proxy()
        let sql = "copy (select repeat('x', 999) from generate_series(1, 200000)) to stdout"
        let terminal = try PseudoTerminal(
            "/usr/bin/env",
            [
                Python.program, "\(ProgramPath.repository)/Tests/Servers/slow_client.py",
                try ProxyTrial.socket(conninfo), "jane_doe", "orders", sql,
            ],
            environment: Python.environment)
        try terminal.waitFor("asked")
        // The server waits for room to write: all that is on the way is on the way.
        let waits =
            "select count(*) from pg_stat_activity where wait_event = 'ClientWrite' and query like 'copy (select rep%'"
        try child.wait(for: "server that waits") {
            (try? trial.psql(conninfo, "-Atc", waits))?.output == "1\n"
        }
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
}

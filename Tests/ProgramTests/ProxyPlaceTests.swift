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

/// Sockets where the user wants them, and what a killed proxy leaves there.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyPlaceTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws { trial = try ProxyTrial() }

    private func killed(_ place: String) throws -> String {
        let (child, conninfo) = try trial.proxy("--listen", place)
        child.killHard()
        #expect(try child.end(within: 60) == .killed(signal: SIGKILL))
        return conninfo
    }

    private func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    @Test func `a folder that a killed proxy had made is used again by the next one, and goes with it`()
        throws
    {
        let folder = run.folder.file("made")
        let conninfo = try killed("\(folder)/")
        #expect(isThere("\(folder)/.s.PGSQL.5432"))
        let (next, same) = try trial.proxy("--listen", "\(folder)/")
        #expect(same == conninfo)
        #expect(try trial.psql(same, "-Atc", "select 1").output == "1\n")
        next.signal(SIGTERM)
        #expect(try next.end(within: 60) == .exited(130))
        #expect(!isThere(folder))
    }

    @Test func `whatever starts next removes what a killed proxy had made, and nothing else`() async throws {
        let (folder, other, own) = (run.folder.file("made"), run.folder.file("mixed"), run.folder.file("own"))
        _ = try killed("\(folder)/")
        _ = try killed("\(other)/")
        try run.folder.write("mine", to: "mixed/mine")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        _ = try killed(own)
        let socket = run.folder.file("orders.sock")
        _ = try killed(socket)
        // Somebody else listens where a killed one did.
        let taken = run.folder.file("taken.sock")
        _ = try killed(taken)
        let (_, conninfo) = try trial.proxy("--listen", taken)
        #expect(try run.pgfob("run", "orders-stg", "-c", "select 1").code == 0)
        // The proxy does too, and what the one is at the other leaves to it.
        let left = [folder, socket, "\(other)/.s.PGSQL.5432", "\(own)/.s.PGSQL.5432"]
        #expect(await eventually(within: .seconds(60)) { !left.contains(where: isThere) })
        #expect(run.folder.read("mixed/mine") == "mine" && isThere(own))
        #expect(isThere(taken) && conninfo.hasPrefix("socket=\(taken) "))
    }

    @Test func `a socket is taken over where nobody listens, and left to whoever does, however busy`() throws
    {
        let socket = run.folder.file("orders.sock")
        _ = try killed(socket)
        // Nothing is remembered of that one: the socket alone is left.
        try FileManager.default.removeItem(atPath: run.folder.file("pgfob"))
        let (first, _) = try trial.proxy("--listen", socket)
        let second = try run.pgfob("proxy", "orders-stg", "--listen", socket)
        #expect(
            second.code == 1 && second.errors.contains("something listens at \(socket) already"), "\(second)")
        first.signal(SIGTERM)
        #expect(try first.end(within: 60) == .exited(130))
        #expect(!isThere(socket))
        // A queue that is full answers as nobody would, but for its reason.
        let busy = try trial.start(
            "/usr/bin/env",
            [
                Python.program, "-c",
                """
                import signal, socket, sys
                s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(0)
                kept = []
                try:
                    while True:
                        c = socket.socket(socket.AF_UNIX); c.setblocking(False); c.connect(sys.argv[1]); kept.append(c)
                except BlockingIOError: print("full", flush=True)
                signal.pause()
                """, socket,
            ], Python.environment, input: nil)
        try busy.wait(for: "full queue") { busy.output == "full\n" }
        let third = try run.pgfob("proxy", "orders-stg", "--listen", socket)
        #expect(
            third.code == 1 && third.errors.contains("something listens at \(socket) already"), "\(third)")
        #expect(isThere(socket))
    }

    @Test func `of proxies that start at once at a deserted socket one has it`() throws {
        let socket = run.folder.file("orders.sock")
        _ = try killed(socket)
        let children = try (1...5).map { _ in
            try trial.start(
                ProgramPath.pgfob, ["proxy", "orders-stg", "--listen", socket], run.environment, input: nil)
        }
        var refused = 0
        for child in children {
            try child.wait(for: "answer") { child.output.hasSuffix("\n") || child.errors.contains("already") }
            if child.errors.contains("something listens at \(socket) already") { refused += 1 }
        }
        #expect(refused == 4)
        #expect(try trial.toldClient(socket).output == "in session\n")
    }

    @Test func `a proxy takes away its own socket alone`() throws {
        let socket = run.folder.file("orders.sock")
        let (proxy, _) = try trial.proxy("--listen", socket)
        try FileManager.default.removeItem(atPath: socket)
        try run.folder.write("mine", to: "orders.sock")
        proxy.signal(SIGTERM)
        #expect(try proxy.end(within: 60) == .exited(130))
        #expect(run.folder.read("orders.sock") == "mine")
    }

    @Test func `the socket is this user's alone, and its folder too`() throws {
        let (_, conninfo) = try trial.proxy()
        let socket = String(try ProxyTrial.socket(conninfo).dropFirst("\(run.folder.path)/".count))
        #expect(run.folder.mode(of: socket) == 0o700)
        #expect(run.folder.mode(of: String(socket.dropLast("/.s.PGSQL.5432".count))) == 0o700)
    }

    @Test func `a proxy that was killed leaves a socket that the next one takes over`() throws {
        let (killed, conninfo) = try trial.proxy()
        killed.killHard()
        #expect(try killed.end(within: 60) == .killed(signal: SIGKILL))
        #expect(try trial.psql(conninfo, "-c", "select 1").code == 2)
        let (_, same) = try trial.proxy()
        #expect(same == conninfo)
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
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
}

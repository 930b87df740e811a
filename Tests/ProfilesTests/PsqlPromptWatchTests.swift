import Profiles
import TestSupport
import Testing

/// What psql's prompt finds out, asked of a shell whose parent is a program with sockets.
struct PsqlPromptWatchTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // As after a prompt, with a connection that is another one by now.
        try folder.write("yes 1\n", to: "lost")
        try folder.write("", to: "trouble")
    }

    private func watch(inherited: [Int32] = [], isOverTCP: Bool = true) -> PsqlPromptWatch {
        var watch = PsqlPromptWatch(lostFile: folder.file("lost"), troubleFile: folder.file("trouble"))
        (watch.inheritedSockets, watch.isOverTCP) = (inherited, isOverTCP)
        return watch
    }

    /// The answer where the parent has opened a socket under the number 9.
    private func answer(_ watch: PsqlPromptWatch, socket: String) throws -> ProgramRun {
        let script = """
            import os, socket, subprocess, sys
            os.closerange(3, 1024)
            listener = socket.create_server(("127.0.0.1", 0))
            kept = {"tcp": lambda: socket.create_connection(listener.getsockname()),
                "unix": lambda: socket.socketpair()[0], "none": lambda: open("/dev/null")}[sys.argv[2]]()
            os.dup2(kept.fileno(), 9)
            kept.close()
            listener.close()
            sys.exit(subprocess.run(["/bin/sh", "-c", sys.argv[1]], close_fds=True).returncode)
            """
        return try ProgramRun(
            "/usr/bin/env", [Python.program, "-c", script, watch.script, socket],
            environment: Python.environment)
    }

    private static let lost = "(no connection: :reconnect) \n"

    @Test(arguments: [
        ("tcp", true, true), ("unix", true, false), ("none", true, false), ("unix", false, true),
        ("tcp", false, true), ("none", false, false),
    ])
    func `a connection is a socket of its kind`(socket: String, isOverTCP: Bool, connected: Bool) throws {
        let answer = try answer(watch(isOverTCP: isOverTCP), socket: socket)
        #expect(answer.output == (connected ? "\n" : Self.lost), "\(answer)")
        #expect(answer.errors.isEmpty, "\(answer.errors)")
        #expect(folder.read("lost")?.hasPrefix(connected ? "yes " : "lost\n") == true)
        #expect(folder.read("lost") != "yes 1\n")
    }

    @Test func `at the first prompt the only socket is the connection, and is known again`() throws {
        try folder.write("", to: "lost")
        let first = try answer(watch(), socket: "unix")
        #expect(first.output == "\n" && folder.read("lost")?.hasPrefix("yes ") == true)
        // Another program's socket is another one.
        #expect(try answer(watch(), socket: "unix").output == Self.lost)
        #expect(try answer(watch(), socket: "tcp").output == "\n")
    }

    @Test func `sockets that were inherited are none`() throws {
        #expect(try answer(watch(inherited: [7, 9]), socket: "tcp").output == Self.lost)
        #expect(try answer(watch(inherited: [7]), socket: "tcp").output == "\n")
    }

    @Test func `a token that was not renewed is told once with its reason, and stays marked`() throws {
        let watch = watch()
        try folder.write(PsqlPromptWatch.trouble("a\\nb `id` $(id) \u{1b}[31m%d \"x\""), to: "trouble")
        let first = try answer(watch, socket: "tcp")
        #expect(first.output == "(token not renewed) \n")
        #expect(first.errors == "pgfob: a\\nb `id` $(id) [31m%d \"x\"\n")
        let second = try answer(watch, socket: "none")
        #expect(second.output == "(token not renewed) " + Self.lost && second.errors.isEmpty)
        try folder.write("", to: "trouble")
        #expect(try answer(watch, socket: "tcp").output == "\n")
    }

    @Test func `a tunnel that is down is told beside the token, each with its own reason`() throws {
        var watch = watch()
        watch.tunnelFile = folder.file("tunnel")
        try folder.write("", to: "tunnel")
        #expect(try answer(watch, socket: "tcp").output == "\n")
        try folder.write(PsqlPromptWatch.trouble("tunnel ssh jump: it died"), to: "tunnel")
        let alone = try answer(watch, socket: "tcp")
        #expect(alone.output == "(tunnel down) \n" && alone.errors == "pgfob: tunnel ssh jump: it died\n")
        try folder.write(PsqlPromptWatch.trouble("no keys"), to: "trouble")
        let both = try answer(watch, socket: "none")
        #expect(both.output == "(token not renewed) (tunnel down) " + Self.lost)
        #expect(both.errors == "pgfob: no keys\n")
    }

    @Test func `a connection that was not set up is told until one is, and the first one after that counts`()
        throws
    {
        var watch = watch()
        watch.guarded = ("not read-only", folder.file("guard"))
        func said(_ socket: String = "tcp") throws -> String {
            let answer = try answer(watch, socket: socket)
            #expect(answer.errors.isEmpty, "\(answer.errors)")
            return answer.output
        }
        try folder.write("", to: "guard")
        #expect(try said() == "\n")
        // Every program of this test has a connection of its own.
        #expect(try said() == "(not read-only: :reconnect) \n")
        #expect(try said() == "(not read-only: :reconnect) \n")
        try folder.write("", to: "guard")
        #expect(try said() == "\n")
        try folder.write("", to: "guard")
        #expect(try said("none") == Self.lost)
        #expect(try said() == "(not read-only: :reconnect) \n")
    }

    @Test func `nothing in it ends psql's backquotes`() {
        var watch = watch(inherited: [3])
        watch.tunnelFile = "/proc/self/fd/9"
        watch.guarded = ("not read-only", "/proc/self/fd/10")
        #expect(!watch.script.contains("`") && !watch.script.contains("\n"))
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Synchronization
import TestSupport
import Testing
import Tunnels
import Workers

/// Tunnels by programs of the test's own.
struct TunnelPoolTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        // Short: the sockets of a run lie below it.
        environment = ["PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": folder.path, "HOME": folder.path]
    }

    private func pool(linger: Duration = .seconds(60)) -> TunnelPool {
        TunnelPool(environment: environment, program: nil, linger: linger) { _ in }
    }

    private static func wait(_ seconds: Double = 60) -> Wait {
        Wait(deadline: .now + .seconds(seconds), cancellation: Cancellation())
    }

    private func plan(_ script: String, port: Int = 5432) throws -> TunnelPlan {
        let path = try folder.write(script, to: "tunnel.sh", mode: 0o755)
        return TunnelPlan(
            definition: try TunnelDefinition("command /bin/sh \(path) {port} {host} {remote_port}"),
            host: "db.example",
            port: port)
    }

    /// Listens at the port and counts its starts.
    private static let listening = """
        echo "$@" >> "$HOME/starts"; echo $$ > "$HOME/pid"
        exec python3 -c '
        import socket, sys
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        while True: listener.accept()[0].close()' "$1"
        """

    private var starts: [String] { (folder.read("starts") ?? "").split(separator: "\n").map(String.init) }

    struct Words: Sendable {
        var said: String
        var kind: TunnelFailure.Kind
        var shown: String

        init(_ said: String, _ kind: TunnelFailure.Kind, _ shown: String) {
            (self.said, self.kind, self.shown) = (said, kind, shown)
        }
    }

    @Test(arguments: [
        Words(
            "jo@jump: Permission denied (publickey).", .refusedLogin,
            "jo@jump: Permission denied (publickey)."),
        Words("Received disconnect: Too many authentication failures", .refusedLogin, "Too many"),
        Words(
            "@@@\nREMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.", .wrongHostKey,
            "the host key has changed"),
        Words("Host key verification failed.", .wrongHostKey, "Host key verification failed."),
        Words("ssh: connect to host jump port 22: Connection refused", .refused, "connect to host jump"),
        Words("ssh: connect to host jump port 22: Connection timed out", .timedOut, "connect to host jump"),
        Words(
            "ssh: Could not resolve hostname jump: Name or service not known", .timedOut, "Could not resolve"),
        Words("SessionManagerPlugin is not found. Please refer to ...", .missing, "SessionManagerPlugin"),
        Words(
            "An error occurred (TargetNotConnected) when calling: i-x is not connected.", .timedOut,
            "i-x is not"),
        Words("Unable to locate credentials. You can configure ...", .refusedLogin, "Unable to locate"),
        Words("An error occurred (AccessDeniedException) when calling ...", .refusedLogin, "AccessDenied"),
        Words("what nobody knows", .refused, "what nobody knows"),
    ])
    func `a program that ends says why`(words: Words) throws {
        try folder.write(words.said + "\n", to: "said")
        let plan = try plan("cat \"$HOME/said\" >&2; exit 255")
        let pool = pool()
        let failure = #expect(throws: TunnelFailure.self) { try pool.open(plan, wait: Self.wait(), ask: nil) }
        #expect(failure?.kind == words.kind)
        #expect(failure?.words.contains(words.shown) == true, "\(failure?.words ?? "")")
        #expect(pool.state(of: plan) == failure.map { .failed($0.words) })
    }

    @Test func `what it says last counts without an end of the line too, and while others hold its pipes`()
        throws
    {
        // A child in a session of its own, as one that is about to be killed with the group, keeps stderr open.
        let plan = try plan(
            "setsid sleep 2 & printf 'Enter MFA code for arn:aws:iam::1:mfa/jo: ' >&2; exit 255")
        let failure = #expect(throws: TunnelFailure.self) {
            try pool().open(plan, wait: Self.wait(), ask: nil)
        }
        #expect(failure == TunnelFailure(.refusedLogin, "Enter MFA code for arn:aws:iam::1:mfa/jo:"))
    }

    @Test func `one that hangs is told with what it said last, however soon its user gives up`() throws {
        let plan = try plan("echo 'first' >&2; echo 'never: I do not listen' >&2; exec sleep 100")
        let pool = pool()
        var said = ""
        // Until it has been given the time to say it.
        for seconds in [2.0, 8, 25] where !said.contains("never") {
            let failure = #expect(throws: TunnelFailure.self) {
                try pool.open(plan, wait: Self.wait(seconds), ask: nil)
            }
            #expect(failure?.kind == .timedOut)
            said = failure?.words ?? ""
        }
        #expect(said.hasSuffix(" is not up yet: never: I do not listen"), "\(said)")
    }

    @Test func `a program that is not there, or says nothing in time, is told`() throws {
        let pool = pool()
        let missing = TunnelPlan(definition: .command(["nowhere-at-all", "{port}"]), host: "db", port: 1)
        #expect(throws: TunnelFailure(.missing, "nowhere-at-all was not found")) {
            try pool.open(missing, wait: Self.wait(), ask: nil)
        }
        let silent = try plan("exec sleep 100")
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(silent, wait: Self.wait(0.3), ask: nil)
        }
        #expect(failure?.kind == .timedOut)
    }

    @Test func `equal plans share one program, and words are put in by name`() throws {
        let (pool, plan) = (pool(), try plan(Self.listening))
        let first = try pool.open(plan, wait: Self.wait(), ask: nil)
        let second = try pool.open(plan, wait: Self.wait(), ask: nil)
        #expect(first.port == second.port)
        #expect(starts == ["\(first.port) db.example 5432"])
        #expect(pool.state(of: plan) == .up(port: first.port))
    }

    @Test func `one that dies is started again at the same port`() async throws {
        let (pool, plan) = (pool(), try plan(Self.listening))
        let lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        let port = lease.port
        let pid = try #require(folder.read("pid").flatMap { pid_t($0.trimmingBlanks()) })
        kill(pid, SIGKILL)
        #expect(await eventually(within: .seconds(60)) { starts.count == 2 })
        #expect(await eventually(within: .seconds(60)) { pool.state(of: plan) == .up(port: port) })
        #expect(starts[0] == starts[1])
    }

    /// Listens at its first start and again from the fourth on.
    private static func failingBetween(_ words: String) -> String {
        """
        echo x >> "$HOME/tries"; n=$(wc -l < "$HOME/tries")
        if [ $n -gt 1 ] && [ $n -lt 4 ]; then echo '\(words)' >&2; exit 255; fi
        \(listening)
        """
    }

    @Test func `while a session uses it, it is tried again and again, and its port is nobody else's`()
        async throws
    {
        let (pool, plan) = (
            pool(), try plan(Self.failingBetween("connect to host jump port 22: Connection refused"))
        )
        let lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        let port = lease.port
        let pid = try #require(folder.read("pid").flatMap { pid_t($0.trimmingBlanks()) })
        kill(pid, SIGKILL)
        #expect(await eventually(within: .seconds(60)) { starts.count == 2 })
        #expect(await eventually(within: .seconds(60)) { pool.state(of: plan) == .up(port: port) })
        #expect(lease.port == port && starts[0] == starts[1])
    }

    @Test func `while somebody waits it is tried more often, and they hear why it does not come`()
        async throws
    {
        let script = """
            echo x >> "$HOME/tries"; n=$(wc -l < "$HOME/tries")
            if [ $n -gt 1 ]; then echo 'connect to host jump port 22: Connection refused' >&2; exit 255; fi
            \(Self.listening)
            """
        let (pool, plan) = (pool(), try plan(script))
        var tries: Int { (folder.read("tries") ?? "").split(separator: "\n").count }
        let lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        let pid = try #require(folder.read("pid").flatMap { pid_t($0.trimmingBlanks()) })
        kill(pid, SIGKILL)
        // With nobody there the pauses grow: the next two are of three and of six seconds.
        #expect(await eventually(within: .seconds(60)) { tries >= 5 })
        let before = tries
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(plan, wait: Self.wait(8), ask: nil)
        }
        #expect(failure?.kind == .refused && failure?.words.contains("Connection refused") == true)
        #expect(tries - before >= 4, "\(tries) after \(before)")
        #expect(lease.state == .restarting(why: "connect to host jump port 22: Connection refused"))
    }

    @Test func `where somebody has to mend it, it waits for who asks next, and a session keeps its port`()
        async throws
    {
        let (pool, plan) = (pool(), try plan(Self.failingBetween("jo@jump: Permission denied (publickey).")))
        let lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        let port = lease.port
        let pid = try #require(folder.read("pid").flatMap { pid_t($0.trimmingBlanks()) })
        kill(pid, SIGKILL)
        let refused = TunnelState.failed("jo@jump: Permission denied (publickey).")
        #expect(await eventually(within: .seconds(60)) { pool.state(of: plan) == refused })
        let ask: @Sendable (TunnelQuestion, Cancellation) -> String? = { _, _ in nil }
        #expect(throws: TunnelFailure.self) { try pool.open(plan, wait: Self.wait(), ask: ask) }
        #expect(
            await eventually(within: .seconds(60)) {
                (try? pool.open(plan, wait: Self.wait(), ask: ask))?.port == port
            })
        #expect(lease.port == port)
        #expect(starts[0] == starts[1])
    }

    @Test func `a program that takes one connection alone is left it`() throws {
        let script = """
            exec python3 -c '
            import socket, sys
            listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            taken = listener.accept()[0]
            taken.sendall(b"first"); taken.close(); listener.close()
            open(sys.argv[2], "w").write("taken")' "$1" "$HOME/taken"
            """
        // Among so many that the system's table of sockets comes in several pieces.
        let others = try (1...120).map { _ in try Loopback.listen(backlog: 1).descriptor }
        defer { for other in others { close(other) } }
        let (pool, plan) = (pool(), try plan(script))
        let lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        let said = try ProgramRun(
            "/usr/bin/env",
            [
                "python3", "-c",
                "import socket, sys; print(socket.create_connection((\"127.0.0.1\", int(sys.argv[1]))).recv(9))",
                "\(lease.port)",
            ],
            environment: environment)
        #expect(said.output == "b'first'\n", "\(said)")
    }

    @Test func `it ends when nobody has used it for a while, and begins anew`() async throws {
        let (pool, plan) = (pool(linger: .milliseconds(50)), try plan(Self.listening))
        var lease: TunnelLease? = try pool.open(plan, wait: Self.wait(), ask: nil)
        #expect(lease?.state == .up(port: lease?.port ?? 0))
        let pid = try #require(folder.read("pid").flatMap { pid_t($0.trimmingBlanks()) })
        lease = nil
        #expect(await eventually(within: .seconds(60)) { pool.state(of: plan) == nil })
        #expect(await eventually(within: .seconds(60)) { kill(pid, 0) != 0 })
        lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        #expect(starts.count == 2)
    }

    @Test func `one that never stops writing comes up all the same, and ends with its last use`() async throws
    {
        let flood = Self.listening.replacing("exec python3", with: "python3") + " &\nexec /usr/bin/yes"
        let (pool, plan) = (pool(linger: .milliseconds(50)), try plan(flood))
        var lease: TunnelLease? = try pool.open(plan, wait: Self.wait(), ask: nil)
        #expect(lease?.state == .up(port: lease?.port ?? 0))
        let pid = try #require(folder.read("pid").flatMap { pid_t($0.trimmingBlanks()) })
        lease = nil
        #expect(await eventually { pool.state(of: plan) == nil })
        #expect(await eventually { kill(pid, 0) != 0 })
    }

    @Test func `a wait that is cancelled ends at once, and the tunnel has not failed`() async throws {
        let (pool, cancellation) = (pool(), Cancellation())
        let plan = try plan("exec sleep 100")
        pool.onChange { cancellation.cancel() }
        let wait = Wait(deadline: .now + .seconds(60), cancellation: cancellation)
        let failure = #expect(throws: TunnelFailure.self) { try pool.open(plan, wait: wait, ask: nil) }
        #expect(failure?.kind == .cancelled)
        #expect(await eventually(within: .seconds(60)) { pool.state(of: plan) == nil })
    }

    @Test func `the folder of a run is its own, and what a killed run left is removed`() throws {
        let left = try #require(RuntimeFolder(environment: environment))
        #expect(folder.mode(of: "pgfob") == 0o700)
        #expect(folder.names == ["pgfob"])
        #expect(RuntimeFolder.sweep(environment: environment) == 0, "a run that lives is left alone")
        // As after a KILL: the folder is there and nobody holds its lock.
        try folder.write("", to: "pgfob/killed/lock")
        try folder.write("", to: "pgfob/killed/0c")
        #expect(RuntimeFolder.sweep(environment: environment) == 1)
        #expect(folder.read("pgfob/killed/lock") == nil)
        #expect(access(left.path, F_OK) == 0)
    }

    @Test func `a folder that others can enter is not used`() throws {
        try folder.write("", to: "pgfob/x")
        chmod(folder.file("pgfob"), 0o755)
        let made = try #require(RuntimeFolder(environment: environment))
        #expect(made.path.hasPrefix("/tmp/pgfob-"))
    }

    @Test func `connections of other programs to a tunnel's port are counted, and this one's are not`() throws
    {
        // So many that the system's table has more than one page.
        let others = try (1...80).map { _ in try Loopback.listen(backlog: 1).descriptor }
        defer { for other in others { close(other) } }
        let (listener, port) = try Loopback.listen(backlog: 8)
        defer { close(listener) }
        let (idle, idlePort) = try Loopback.listen(backlog: 8)
        defer { close(idle) }
        let own = try #require(Loopback.connect(port: port))
        defer { close(own) }
        #expect(TunnelPool.outsideConnections(to: [port, idlePort]) == [:])
        let clients = try (1...2).map { _ in
            try ChildProgram(
                "/bin/bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); echo in; exec /bin/sleep 600"],
                environment: [:],
                input: "")
        }
        for client in clients { try client.wait(for: "connection") { client.output == "in\n" } }
        withExtendedLifetime(clients) {
            #expect(TunnelPool.outsideConnections(to: [port, idlePort]) == [port: 2])
        }
        #expect(
            TunnelPool.outsideConnections(to: [idlePort]) == [:]
                && TunnelPool.outsideConnections(to: []) == [:])
    }

    @Test func `a port that lets a connection wait takes none, and is not waited for`() throws {
        let (listener, port) = try Loopback.listen(backlog: 0)
        defer { close(listener) }
        #expect(LocalPort.takes(port))
        #expect(!LocalPort.takes(try Loopback.closedPort()))
        // Its queue is full once it takes none any more.
        let waiting = try (1...4).map { _ in try #require(Loopback.connect(port: port)) }
        defer { for connection in waiting { close(connection) } }
        let start = ContinuousClock.now
        #expect(!LocalPort.takes(port))
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}

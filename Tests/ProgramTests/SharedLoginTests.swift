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

/// Several of the real program through one login at a real sshd, of which each part is killed.
@Suite(
    .enabled(if: Bastion.isHere, "Tests/install brings sshd"), .serialized, .timeLimit(.minutes(14)))
struct SharedLoginTests {
    private let home: ProgramHome
    private let bastion: Bastion
    private let far: Far

    /// What the tunnels lead to.
    private final class Far {
        let listener: (descriptor: Int32, port: Int)
        init() throws { listener = try Loopback.listen(backlog: 16) }
        deinit { Loopback.end(listener.descriptor) }

        /// A connection through a port of this machine that arrives here.
        func line(through port: Int) throws -> Line {
            let near = try #require(Loopback.connect(port: port))
            var set = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&set, 1, 60_000) == 1 else { throw Lost() }
            return Line(near: near, far: accept(listener.descriptor, nil, nil))
        }
    }

    private struct Lost: Error {}

    private final class Line {
        private let (near, far): (Int32, Int32)
        init(near: Int32, far: Int32) { (self.near, self.far) = (near, far) }
        deinit {
            Loopback.end(near)
            Loopback.end(far)
        }

        /// Whether what goes in at the near end comes out at the far one.
        var isWhole: Bool {
            guard Loopback.send(near, [0x2a]) else { return false }
            var set = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            return poll(&set, 1, 60_000) == 1 && read(far, &byte, 1) == 1 && byte == 0x2a
        }
    }

    init() throws {
        home = try ProgramHome(hasOwnRuntime: true)
        bastion = try Bastion(options: ["PasswordAuthentication yes"])
        far = try Far()
        for (name, tunnel) in [("plain", "ssh bastion"), ("asking", "ssh locked")] {
            let added = try home.pgfob(
                "add", "--name", name, "--host", "db.example", "--user", "jo", "--database", "d", "--auth",
                "pgpass", "--env", "dev", "--tunnel", tunnel, "--dial", "127.0.0.1:\(far.listener.port)")
            #expect(added.code == 0, "\(added.errors)")
        }
    }

    private var environment: [String: String] { home.environment.merging(bastion.environment) { $1 } }

    private func start(_ more: [String: String] = [:]) throws -> ChildProgram {
        try ChildProgram(
            ProgramPath.pgfob, ["tunnel", "plain"], environment: environment.merging(more) { $1 }, input: nil)
    }

    /// Where its tunnel begins, once it is up.
    private func port(of child: ChildProgram) throws -> Int {
        try child.wait(120, for: "connection string") { child.output.hasSuffix("\n") }
        return try Self.port(in: child.output)
    }

    private static func port(in text: String) throws -> Int {
        let word = text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("port=") }
        return try #require(word.flatMap { Int($0.dropFirst(5)) }, "\(text)")
    }

    /// The processes that programs of this test have started, by the mark in their environment.
    private func helpers(named name: String? = nil) -> [pid_t] {
        let mark = Array("PGFOB_RUN=\(home.folder.path)/".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ")
            let comm = FileManager.default.contents(atPath: "/proc/\(pid)/comm")
            return environment?.split(separator: 0).contains { $0.starts(with: mark) } == true
                && (name == nil || comm?.elementsEqual("\(name ?? "")\n".utf8) == true)
        }
    }

    /// The folders of runs and of logins.
    private var folders: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: home.folder.file("pgfob"))) ?? []
    }

    /// Whether nothing listens at a port, which nobody has connected to.
    private func isFree(_ port: Int) -> Bool {
        guard let taken = try? Loopback.listen(backlog: 1, port: port) else { return false }
        Loopback.end(taken.descriptor)
        return true
    }

    private func interrupt(_ child: ChildProgram) throws {
        child.signal(SIGINT)
        #expect(try child.end(within: 120) == .exited(130))
    }

    @Test func `the second goes on when the first ends, and ssh ends with the last`() async throws {
        let first = try start()
        let firstPort = try port(of: first)
        let second = try start()
        let secondPort = try port(of: second)
        #expect(bastion.logins == 1 && helpers(named: "ssh").count == 1)
        let line = try far.line(through: secondPort)
        try interrupt(first)
        #expect(await eventually(within: .seconds(60)) { isFree(firstPort) })
        #expect(line.isWhole)
        #expect(try far.line(through: secondPort).isWhole)
        try interrupt(second)
        #expect(await eventually(within: .seconds(60)) { helpers().isEmpty })
        #expect(folders.isEmpty && bastion.logins == 1)
        // Nothing is in the way of the next.
        let third = try start()
        #expect(try far.line(through: try port(of: third)).isWhole)
        #expect(bastion.logins == 2)
    }

    @Test func `one that is killed takes its forwarding with it alone, and the last one ssh`() async throws {
        let (first, second) = (try start(), try start())
        let (firstPort, secondPort) = (try port(of: first), try port(of: second))
        #expect(bastion.logins == 1, "of those that start at once one logs in")
        let line = try far.line(through: secondPort)
        first.killHard()
        #expect(await eventually(within: .seconds(60)) { isFree(firstPort) })
        #expect(line.isWhole && helpers(named: "ssh").count == 1)
        second.killHard()
        #expect(await eventually(within: .seconds(60)) { helpers().isEmpty })
        #expect(!folders.isEmpty)
        let third = try start()
        #expect(try far.line(through: try port(of: third)).isWhole)
        try interrupt(third)
        #expect(folders.isEmpty, "what was left is found by the next")
    }

    @Test func `many that start at once log in once`() throws {
        let children = try (1...6).map { _ in try start() }
        let ports = try children.map { try port(of: $0) }
        #expect(Set(ports).count == ports.count)
        for port in ports { #expect(try far.line(through: port).isWhole) }
        #expect(bastion.logins == 1)
    }

    #if os(Linux)
    /// How many ticks of a processor a program has used (proc_pid_stat(5), utime and stime).
    private static func ticks(_ child: ChildProgram) -> Int? {
        let bytes = FileManager.default.contents(atPath: "/proc/\(child.pid)/stat")
        let fields = bytes.map { String(decoding: $0, as: UTF8.self).split(separator: " ") } ?? []
        guard fields.count > 14, let user = Int(fields[13]), let system = Int(fields[14]) else { return nil }
        return user + system
    }

    @Test func `those who share a login use no processor while nothing happens`() async throws {
        let children = try (1...3).map { _ in try start() }
        for child in children { _ = try port(of: child) }
        let isQuiet = await eventually(within: .seconds(120)) {
            let before = children.map(Self.ticks)
            // Quiet is what is awaited.
            poll(nil, 0, 1000)
            return !before.contains(nil) && children.map(Self.ticks) == before
        }
        #expect(isQuiet)
    }
    #endif

    @Test(arguments: ["ssh", "sh"])
    func `where ssh is killed, or what sees to its end, all are up again at their ports by one login`(
        name: String
    ) async throws {
        let (first, second) = (try start(), try start())
        let ports = [try port(of: first), try port(of: second)]
        let before = Set(helpers())
        for pid in helpers(named: name) { kill(pid, SIGKILL) }
        for child in [first, second] {
            try child.wait(120, for: "second life") { child.errors.contains("up again") }
        }
        #expect(bastion.logins == 2)
        for port in ports { #expect(try far.line(through: port).isWhole) }
        #expect(await eventually(within: .seconds(60)) { before.isDisjoint(with: helpers()) })
        try interrupt(first)
        try interrupt(second)
        #expect(await eventually(within: .seconds(60)) { helpers().isEmpty })
        #expect(folders.isEmpty)
    }

    @Test func `where all are killed but ssh, the next start ends it`() async throws {
        let (first, second) = (try start(), try start())
        _ = (try port(of: first), try port(of: second))
        let ssh = Set(helpers(named: "ssh"))
        #expect(ssh.count == 1)
        // Stopped first: none of them sees another one go.
        let others = [first.pid, second.pid] + helpers(named: "sh")
        for pid in others { kill(pid, SIGSTOP) }
        for pid in others { kill(pid, SIGKILL) }
        _ = (try first.end(within: 60), try second.end(within: 60))
        #expect(Set(helpers()) == ssh)
        let third = try start()
        #expect(try far.line(through: try port(of: third)).isWhole)
        #expect(await eventually(within: .seconds(60)) { ssh.isDisjoint(with: helpers()) })
        #expect(bastion.logins == 2)
    }

    @Test func `another agent is another login, and so is another configuration`() throws {
        let first = try start(["SSH_AUTH_SOCK": "/nonexistent/one"])
        let second = try start(["SSH_AUTH_SOCK": "/nonexistent/two"])
        _ = (try port(of: first), try port(of: second))
        #expect(bastion.logins == 2)
        let third = try start(["SSH_AUTH_SOCK": "/nonexistent/one"])
        _ = try port(of: third)
        #expect(bastion.logins == 2)
        let configuration = try home.folder.write(
            "Host *\n  ServerAliveInterval 7\n  Compression yes\n"
                + (FileManager.default.contents(atPath: bastion.environment["PGFOB_TEST_SSH_CONFIG"] ?? "")
                    .map {
                        String(decoding: $0, as: UTF8.self)
                    } ?? ""),
            to: "other-config")
        let fourth = try start([
            "SSH_AUTH_SOCK": "/nonexistent/one", "PGFOB_TEST_SSH_CONFIG": configuration,
        ])
        _ = try port(of: fourth)
        #expect(bastion.logins == 3)
    }

    @Test func `one is asked, the others are told who, and all profit from the answer`() throws {
        let first = try terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try terminal()
        try second.waitFor("ssh locked waits for another pgfob.")
        try second.waitFor("pgfob \(first.pid) on /dev/pts/")
        try second.waitFor("is asked: Enter passphrase for key")
        try first.send("\(Bastion.passphrase)\r")
        for terminal in [first, second] { try terminal.waitFor("hostaddr=127.0.0.1") }
        #expect(bastion.logins == 1)
        let shown = String(decoding: second.output, as: UTF8.self)
        #expect(shown.components(separatedBy: "Enter passphrase").count == 2)
        for terminal in [first, second] {
            try terminal.press(.control("c"))
            #expect(try terminal.ending() == .exited(130))
        }
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test(arguments: [true, false])
    func `where the one that is asked gives up, or is killed, the next is asked`(isKilled: Bool) throws {
        let first = try terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try terminal()
        try second.waitFor("is asked: Enter passphrase for key")
        if isKilled { kill(first.pid, SIGKILL) } else { try first.press(.control("d")) }
        try second.waitUntil("it is asked itself") { _ in
            String(decoding: second.output, as: UTF8.self).components(separatedBy: "Enter passphrase").count
                == 3
        }
        try second.send("\(Bastion.passphrase)\r")
        try second.waitFor("hostaddr=127.0.0.1")
        #expect(bastion.logins == 1)
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `the time in which another is asked is not that of a test that waits for it`() async throws {
        let first = try terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try terminal(["test", "asking", "--timeout", "5"])
        try second.waitFor("is asked: Enter passphrase for key")
        // Longer than the test may take.
        poll(nil, 0, 6000)
        try first.send("\(Bastion.passphrase)\r")
        // The tunnel is good, and there is no authority to judge a server by.
        try second.waitFor("FAILED at 5 of 8, tls")
        #expect(bastion.logins == 1)
    }

    private func terminal(_ arguments: [String] = ["tunnel", "asking"]) throws -> PseudoTerminal {
        try home.screen(arguments, columns: 160, rows: 30, more: bastion.environment)
    }

    @Test(arguments: [true, false])
    func `where the folder of the login is not to be trusted, each has a login of its own`(isFile: Bool)
        throws
    {
        let first = try start()
        _ = try port(of: first)
        let name = try #require(folders.first { $0.hasPrefix("s1-") })
        try interrupt(first)
        if isFile {
            try home.folder.write("", to: "pgfob/\(name)")
        } else {
            #expect(mkdir(home.folder.file("pgfob/\(name)"), 0o777) == 0)
            chmod(home.folder.file("pgfob/\(name)"), 0o777)
        }
        let (second, third) = (try start(), try start())
        for child in [second, third] { #expect(try far.line(through: try port(of: child)).isWhole) }
        #expect(bastion.logins == 3)
        #expect(home.folder.read(".local/state/pgfob/pgfob.log")?.contains("not shared") == true)
        try interrupt(second)
        try interrupt(third)
        #expect(helpers().isEmpty)
    }

    @Test func `an ssh that does not answer is left to those who have it`() throws {
        let first = try start()
        _ = try port(of: first)
        let ssh = try #require(helpers(named: "ssh").first)
        kill(ssh, SIGSTOP)
        defer { kill(ssh, SIGCONT) }
        let second = try start()
        #expect(try far.line(through: try port(of: second)).isWhole)
        #expect(bastion.logins == 2)
    }

    @Test func `an ssh that does not answer, and whose end nobody sees to, ends with the last of them`()
        async throws
    {
        let (first, second) = (try start(), try start())
        _ = (try port(of: first), try port(of: second))
        for pid in helpers(named: "ssh") { kill(pid, SIGSTOP) }
        for pid in helpers(named: "sh") { kill(pid, SIGKILL) }
        for child in [first, second] {
            try child.wait(120, for: "second life") { child.errors.contains("up again") }
        }
        try interrupt(first)
        try interrupt(second)
        #expect(await eventually(within: .seconds(60)) { helpers().isEmpty })
        #expect(folders.isEmpty)
    }
}

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
    .throughABastion, .serialized, .timeLimit(.minutes(14)))
struct SharedLoginTests {
    private let trial: LoginTrial

    init() throws { trial = try LoginTrial() }

    @Test func `the second goes on when the first ends, and ssh ends with the last`() async throws {
        let first = try trial.start()
        let firstPort = try trial.port(of: first)
        let second = try trial.start()
        let secondPort = try trial.port(of: second)
        #expect(trial.bastion.logins == 1 && trial.helpers(named: "ssh").count == 1)
        let line = try trial.far.line(through: secondPort)
        try trial.interrupt(first)
        #expect(await eventually(within: .seconds(60)) { trial.isFree(firstPort) })
        #expect(line.isWhole)
        #expect(try trial.far.line(through: secondPort).isWhole)
        try trial.interrupt(second)
        #expect(await eventually(within: .seconds(60)) { trial.helpers().isEmpty })
        #expect(trial.folders.isEmpty && trial.bastion.logins == 1)
        // Nothing is in the way of the next.
        let third = try trial.start()
        #expect(try trial.far.line(through: try trial.port(of: third)).isWhole)
        #expect(trial.bastion.logins == 2)
    }

    @Test func `one that is killed takes its forwarding with it alone, and the last one ssh`() async throws {
        let (first, second) = (try trial.start(), try trial.start())
        let (firstPort, secondPort) = (try trial.port(of: first), try trial.port(of: second))
        #expect(trial.bastion.logins == 1, "of those that start at once one logs in")
        let line = try trial.far.line(through: secondPort)
        first.killHard()
        #expect(await eventually(within: .seconds(60)) { trial.isFree(firstPort) })
        #expect(line.isWhole && trial.helpers(named: "ssh").count == 1)
        second.killHard()
        #expect(await eventually(within: .seconds(60)) { trial.helpers().isEmpty })
        #expect(!trial.folders.isEmpty)
        let third = try trial.start()
        #expect(try trial.far.line(through: try trial.port(of: third)).isWhole)
        try trial.interrupt(third)
        #expect(trial.folders.isEmpty, "what was left is found by the next")
    }

    @Test func `many that start at once log in once`() throws {
        let children = try (1...6).map { _ in try trial.start() }
        let ports = try children.map { try trial.port(of: $0) }
        #expect(Set(ports).count == ports.count)
        for port in ports { #expect(try trial.far.line(through: port).isWhole) }
        #expect(trial.bastion.logins == 1)
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
        let children = try (1...3).map { _ in try trial.start() }
        for child in children { _ = try trial.port(of: child) }
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
        let (first, second) = (try trial.start(), try trial.start())
        let ports = [try trial.port(of: first), try trial.port(of: second)]
        let before = Set(trial.helpers())
        for pid in trial.helpers(named: name) { kill(pid, SIGKILL) }
        for child in [first, second] {
            try child.wait(120, for: "second life") { child.errors.contains("up again") }
        }
        #expect(trial.bastion.logins == 2)
        for port in ports { #expect(try trial.far.line(through: port).isWhole) }
        #expect(await eventually(within: .seconds(60)) { before.isDisjoint(with: trial.helpers()) })
        try trial.interrupt(first)
        try trial.interrupt(second)
        #expect(await eventually(within: .seconds(60)) { trial.helpers().isEmpty })
        #expect(trial.folders.isEmpty)
    }

    @Test func `where all are killed but ssh, the next start ends it`() async throws {
        let (first, second) = (try trial.start(), try trial.start())
        _ = (try trial.port(of: first), try trial.port(of: second))
        let ssh = Set(trial.helpers(named: "ssh"))
        #expect(ssh.count == 1)
        // Stopped first: none of them sees another one go.
        let others = [first.pid, second.pid] + trial.helpers(named: "sh")
        for pid in others { kill(pid, SIGSTOP) }
        for pid in others { kill(pid, SIGKILL) }
        _ = (try first.end(within: 60), try second.end(within: 60))
        #expect(Set(trial.helpers()) == ssh)
        let third = try trial.start()
        #expect(try trial.far.line(through: try trial.port(of: third)).isWhole)
        #expect(await eventually(within: .seconds(60)) { ssh.isDisjoint(with: trial.helpers()) })
        #expect(trial.bastion.logins == 2)
    }

    @Test func `another agent is another login, and so is another configuration`() throws {
        let first = try trial.start(["SSH_AUTH_SOCK": "/nonexistent/one"])
        let second = try trial.start(["SSH_AUTH_SOCK": "/nonexistent/two"])
        _ = (try trial.port(of: first), try trial.port(of: second))
        #expect(trial.bastion.logins == 2)
        let third = try trial.start(["SSH_AUTH_SOCK": "/nonexistent/one"])
        _ = try trial.port(of: third)
        #expect(trial.bastion.logins == 2)
        let configuration = try trial.home.folder.write(
            "Host *\n  ServerAliveInterval 7\n  Compression yes\n"
                + (FileManager.default.contents(
                    atPath: trial.bastion.environment["PGFOB_TEST_SSH_CONFIG"] ?? ""
                )
                .map {
                    String(decoding: $0, as: UTF8.self)
                } ?? ""),
            to: "other-config")
        let fourth = try trial.start([
            "SSH_AUTH_SOCK": "/nonexistent/one", "PGFOB_TEST_SSH_CONFIG": configuration,
        ])
        _ = try trial.port(of: fourth)
        #expect(trial.bastion.logins == 3)
    }

    @Test func `one is asked, the others are told who, and all profit from the answer`() throws {
        let first = try trial.terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try trial.terminal()
        try second.waitFor("ssh locked waits for another pgfob.")
        try second.waitFor("pgfob \(first.pid) on /dev/pts/")
        try second.waitFor("is asked: Enter passphrase for key")
        try first.send("\(Bastion.passphrase)\r")
        for terminal in [first, second] { try terminal.waitFor("hostaddr=127.0.0.1") }
        #expect(trial.bastion.logins == 1)
        #expect(second.count(of: "Enter passphrase") == 1)
        for terminal in [first, second] {
            try terminal.press(.control("c"))
            #expect(try terminal.ending() == .exited(130))
        }
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
    }

    @Test(arguments: [true, false])
    func `where the one that is asked gives up, or is killed, the next is asked`(isKilled: Bool) throws {
        let first = try trial.terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try trial.terminal()
        try second.waitFor("is asked: Enter passphrase for key")
        if isKilled { kill(first.pid, SIGKILL) } else { try first.press(.control("d")) }
        try second.waitUntil("it is asked itself") { _ in
            second.count(of: "Enter passphrase") == 2
        }
        try second.send("\(Bastion.passphrase)\r")
        try second.waitFor("hostaddr=127.0.0.1")
        #expect(trial.bastion.logins == 1)
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
    }

    @Test func `the time in which another is asked is not that of a test that waits for it`() async throws {
        let first = try trial.terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try trial.terminal(["test", "asking", "--timeout", "5"])
        try second.waitFor("is asked: Enter passphrase for key")
        // Longer than the test may take.
        try await Task.sleep(for: .seconds(6))
        try first.send("\(Bastion.passphrase)\r")
        // The tunnel is good, and there is no authority to judge a server by.
        try second.waitFor("FAILED at 5 of 8, tls")
        #expect(trial.bastion.logins == 1)
    }

    @Test(arguments: [true, false])
    func `where the folder of the login is not to be trusted, each has a login of its own`(isFile: Bool)
        throws
    {
        let first = try trial.start()
        _ = try trial.port(of: first)
        let name = try #require(trial.folders.first { $0.hasPrefix("s1-") })
        try trial.interrupt(first)
        if isFile {
            try trial.home.folder.write("", to: "pgfob/\(name)")
        } else {
            #expect(mkdir(trial.home.folder.file("pgfob/\(name)"), 0o777) == 0)
            chmod(trial.home.folder.file("pgfob/\(name)"), 0o777)
        }
        let (second, third) = (try trial.start(), try trial.start())
        for child in [second, third] {
            #expect(try trial.far.line(through: try trial.port(of: child)).isWhole)
        }
        #expect(trial.bastion.logins == 3)
        #expect(trial.home.folder.read(".local/state/pgfob/pgfob.log")?.contains("not shared") == true)
        try trial.interrupt(second)
        try trial.interrupt(third)
        #expect(trial.helpers().isEmpty)
    }

    @Test func `an ssh that does not answer is left to those who have it`() throws {
        let first = try trial.start()
        _ = try trial.port(of: first)
        let ssh = try #require(trial.helpers(named: "ssh").first)
        kill(ssh, SIGSTOP)
        defer { kill(ssh, SIGCONT) }
        let second = try trial.start()
        #expect(try trial.far.line(through: try trial.port(of: second)).isWhole)
        #expect(trial.bastion.logins == 2)
    }

    @Test func `an ssh that does not answer, and whose end nobody sees to, ends with the last of them`()
        async throws
    {
        let (first, second) = (try trial.start(), try trial.start())
        _ = (try trial.port(of: first), try trial.port(of: second))
        for pid in trial.helpers(named: "ssh") { kill(pid, SIGSTOP) }
        for pid in trial.helpers(named: "sh") { kill(pid, SIGKILL) }
        for child in [first, second] {
            try child.wait(120, for: "second life") { child.errors.contains("up again") }
        }
        try trial.interrupt(first)
        try trial.interrupt(second)
        #expect(await eventually(within: .seconds(60)) { trial.helpers().isEmpty })
        #expect(trial.folders.isEmpty)
    }
}

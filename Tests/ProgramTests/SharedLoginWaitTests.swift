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

/// Which logins are one, who waits for another's, and what is told of them.
@Suite(
    .throughABastion, .serialized, .timeLimit(.minutes(14)))
struct SharedLoginWaitTests {
    private let trial: LoginTrial

    init() throws { trial = try LoginTrial() }

    private static func json(_ line: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
    }

    @Test(arguments: ["jumped", "commanded"])
    func `another configuration of a host on the way is another login`(host: String) throws {
        #expect(try trial.home.pgfob("edit", "plain", "--tunnel", "ssh \(host)").code == 0)
        let first = try trial.start()
        _ = try trial.port(of: first)
        let logins = trial.bastion.logins
        let second = try trial.start()
        _ = try trial.port(of: second)
        #expect(logins == 2 && trial.bastion.logins == logins)
        let changed = trial.bastion.configuration.replacing(
            "Host bastion\n", with: "Host bastion\n  Compression yes\n")
        try trial.bastion.configure(changed)
        let third = try trial.start()
        #expect(try trial.far.line(through: try trial.port(of: third)).isWhole)
        #expect(trial.bastion.logins == 2 * logins)
    }

    @Test func `where nobody can be asked it is told who is, and what to do`() throws {
        let first = try trial.terminal()
        try first.waitFor("Enter passphrase for key")
        let second = try ProgramRun(
            "/usr/bin/setsid", ["--wait", ProgramPath.pgfob, "test", "asking", "--json", "--timeout", "5"],
            environment: trial.environment)
        #expect(second.code == 1, "\(second)")
        let cause = try #require(Self.json(second.output)["cause"])
        #expect(cause["code"]?.string == "tunnel-timeout")
        let text = cause["text"]?.string ?? ""
        #expect(text.contains("pgfob \(first.pid) on /dev/pts/") && text.hasSuffix("locked'"), "\(text)")
        #expect(cause["fix"]?.string?.hasPrefix("answer it there and try again") == true, "\(cause)")
        try first.send("\(Bastion.passphrase)\r")
        try first.waitFor("hostaddr=127.0.0.1")
        #expect(trial.bastion.logins == 1)
    }

    @Test func `those who wait for another's answer leave the disk alone`() async throws {
        let first = try trial.terminal()
        try first.waitFor("Enter passphrase for key")
        let waiting = try (1...2).map { _ in try trial.terminal() }
        for terminal in waiting { try terminal.waitFor("is asked: Enter passphrase for key") }
        let name = try #require(trial.folders.first { $0.hasPrefix("s1-") })
        func made() -> [Int] {
            var status = stat()
            guard stat(trial.home.folder.file("pgfob/\(name)"), &status) == 0 else { return [] }
            return [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
        }
        let isQuiet = await eventually(within: .seconds(120)) {
            let before = made()
            // Quiet is what is awaited.
            poll(nil, 0, 1500)
            return !before.isEmpty && made() == before
        }
        #expect(isQuiet)
        try first.send("\(Bastion.passphrase)\r")
        for terminal in [first] + waiting { try terminal.waitFor("hostaddr=127.0.0.1") }
        #expect(trial.bastion.logins == 1)
    }

    #if os(Linux)
    private static let canMount =
        (try? ProgramRun(
            "/usr/bin/unshare", ["-rm", "/bin/sh", "-c", "mount -t tmpfs none /mnt"],
            environment: ["PATH": "/usr/bin:/bin"]))?.code == 0

    @Test(.enabled(if: canMount, "the system lets nobody mount a small disk"))
    func `where the disk is full each has a login of its own, and nothing outlives a pgfob that is killed`()
        async throws
    {
        let script = """
            mount -t tmpfs -o size=64k none "$XDG_RUNTIME_DIR" || exit 9
            cat /dev/zero >"$XDG_RUNTIME_DIR/full" 2>/dev/null
            exec \(ProgramPath.pgfob) tunnel plain
            """
        let runtime = trial.home.folder.file("disk")
        #expect(mkdir(runtime, 0o700) == 0)
        let child = try ChildProgram(
            "/usr/bin/unshare", ["-rm", "/bin/sh", "-c", script],
            environment: trial.environment.merging(["XDG_RUNTIME_DIR": runtime]) { $1 }, input: nil)
        let port = try trial.port(of: child)
        #expect(try trial.far.line(through: port).isWhole)
        let log = trial.home.folder.read(".local/state/pgfob/pgfob.log") ?? ""
        #expect(log.contains("the login cannot be shared by way of \(runtime)/pgfob/s1-"), "\(log)")
        #expect(!trial.helpers(named: "ssh").isEmpty)
        child.killHard()
        #expect(await eventually(within: .seconds(60)) { trial.helpers().isEmpty })
    }
    #endif

    @Test func `the doctor tells which logins are held, and what is not to be trusted`() throws {
        func told() throws -> [JSONValue] {
            let run = try trial.home.pgfob(["doctor", "--json"], more: trial.bastion.environment)
            return try run.output.split(separator: "\n").map { try Self.json(String($0)) }
                .filter { $0["check"]?.string == "ssh logins" }
        }
        #expect(try told().map { $0["detail"]?.string } == ["none is held"])
        let (first, second, asking) = (try trial.start(), try trial.start(), try trial.terminal())
        _ = (try trial.port(of: first), try trial.port(of: second))
        try asking.waitFor("Enter passphrase for key")
        let held = try told()
        #expect(held.count == 1 && held[0]["outcome"]?.string == "ok")
        let words = held[0]["detail"]?.string?.components(separatedBy: "; ").sorted()
        #expect(words == ["ssh bastion, 2 programs", "ssh locked, 1 program, logging in"])
        let strange = trial.home.folder.file("pgfob/s1-strange")
        #expect(mkdir(strange, 0o700) == 0)
        chmod(strange, 0o755)
        #expect(
            try told().contains { $0["detail"]?.string?.hasPrefix("\(strange) is not yours alone") == true })
        #expect(rmdir(strange) == 0)
        try trial.interrupt(first)
        try trial.interrupt(second)
        #expect(try told().map { $0["detail"]?.string } == ["ssh locked, 1 program, logging in"])
    }
}

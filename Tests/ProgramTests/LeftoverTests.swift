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

/// What is left where pgfob, or what it has started, ends by a signal.
@Suite(.overTheFleet, .serialized)
struct LeftoverTests {
    private let run: FleetRun
    private let running = Running()

    /// Programs that a test has left to themselves.
    private final class Running {
        var pids: [pid_t] = []
        deinit { for pid in pids { kill(pid, SIGKILL) } }
    }

    init() throws {
        run = try FleetRun()
    }

    private func start(_ arguments: String...) throws -> ChildProgram {
        try ChildProgram(
            ProgramPath.pgfob, arguments, environment: run.environment, input: nil)
    }

    /// A number that a program writes into a file, once it is there.
    private func number(_ file: String, of child: ChildProgram) throws -> pid_t {
        var found: pid_t?
        try child.wait(for: file) {
            found = run.folder.read(file).flatMap { $0.hasSuffix("\n") ? pid_t($0.dropLast()) : nil }
            return found != nil
        }
        let pid = try #require(found)
        running.pids.append(pid)
        return pid
    }

    private func isThere(_ pid: pid_t) -> Bool { kill(pid, 0) == 0 }

    /// What a program could read of pgfob's files in memory; one text each.
    private func filesInMemory(of pid: pid_t) -> [String] {
        let folder = "/proc/\(pid)/fd"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { name in
            let path = "\(folder)/\(name)"
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? ""
            guard target.hasPrefix("/memfd:pgfob") else { return nil }
            return FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func history() throws -> String {
        try run.pgfob("history", "orders-stg").output
    }

    /// The folders of runs.
    private var folders: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob"))) ?? []
    }

    @Test func `a program whose pgfob was killed is hung up on, and the next start ends what is left of it`()
        async throws
    {
        let script = "sleep 600 & echo $! > left; echo $$ > own; wait"
        let child = try start("exec", "orders-stg", "--", "sh", "-c", "cd '\(run.folder.path)'; \(script)")
        let (left, own) = (try number("left", of: child), try number("own", of: child))
        #expect(filesInMemory(of: left).contains { $0.contains("X-Amz-") })
        try child.wait(for: "entry") { (try? history())?.contains("  session  open  sh  ") == true }
        child.killHard()
        #expect(await eventually(within: .seconds(60)) { !isThere(own) })
        #expect(isThere(left), "the system hangs up on the program alone")
        #expect(try run.pgfob("exec", "orders-stg", "--", "true").code == 0)
        #expect(await eventually(within: .seconds(60)) { !isThere(left) })
        #expect(folders.isEmpty)
        let lines = try history().split(separator: "\n")
        #expect(lines.contains { $0.contains("  unknown  sh  not known how it ended  ") }, "\(lines)")
        #expect(lines.contains { $0.contains("  ok  ") && $0.contains("  true  exit 0  ") }, "\(lines)")
        #expect(try MainJobTests.filesHoldingTokens(below: run.folder.path).isEmpty)
    }

    @Test func `what is left of a program with much in its environment is found as well`() async throws {
        let much = String(repeating: "much ", count: 4000)
        let script = "sleep 600 & echo $! > left; echo $$ > own; wait"
        let child = try ChildProgram(
            ProgramPath.pgfob,
            ["exec", "orders-stg", "--", "sh", "-c", "cd '\(run.folder.path)'; \(script)"],
            environment: run.environment.merging(["AAA": much, "ZZZ": much]) { $1 }, input: nil)
        let (left, own) = (try number("left", of: child), try number("own", of: child))
        child.killHard()
        #expect(await eventually(within: .seconds(60)) { !isThere(own) })
        #expect(try run.pgfob("exec", "orders-stg", "--", "true").code == 0)
        #expect(await eventually(within: .seconds(60)) { !isThere(left) })
    }

    @Test func `one that the user lets outlive its terminal goes on without the token`() async throws {
        let script = "cd '\(run.folder.path)'; echo $$ > own; while :; do sleep 0.1; done"
        let child = try start("exec", "orders-stg", "--", "nohup", "sh", "-c", script)
        let own = try number("own", of: child)
        #expect(filesInMemory(of: own).contains { $0.contains("X-Amz-") })
        child.killHard()
        #expect(try child.end(within: 60) == .killed(signal: SIGKILL))
        #expect(try run.pgfob("exec", "orders-stg", "--", "true").code == 0)
        #expect(isThere(own))
        #expect(filesInMemory(of: own).joined().isEmpty)
    }

    @Test func `the socket of a killed proxy and its entry are cleaned by whatever starts next`() throws {
        let child = try start("proxy", "orders-stg")
        try child.wait(for: "connection string") { child.output.contains("host=") }
        try child.wait(for: "entry") { (try? history())?.contains("  open  pgfob proxy  ") == true }
        child.killHard()
        #expect(try child.end(within: 60) == .killed(signal: SIGKILL))
        #expect(folders.contains { $0.hasPrefix("proxy-") })
        #expect(try run.pgfob("run", "orders-stg", "-c", "select 1").code == 0)
        #expect(folders.isEmpty)
        #expect(try history().contains("  unknown  pgfob proxy  not known how it ended  "))
        let lines = try run.pgfob("history", "orders-stg", "--json").output
        #expect(lines.contains(#""outcome":"unknown""#) && !lines.contains(#""run":"#), "\(lines)")
    }

    @Test func `starts that clean at once do not disturb one another`() throws {
        for _ in 1...3 {
            let child = try start("exec", "orders-stg", "--", "sleep", "600")
            try child.wait(for: "entry") { (try? history())?.contains("  open  sleep  ") == true }
            child.killHard()
            _ = try child.end(within: 60)
        }
        let children = try (1...6).map { number in
            try start("exec", "orders-stg", "--", "psql", "-Atc", "select \(number)")
        }
        for (place, child) in children.enumerated() {
            #expect(try child.end(within: 60) == .exited(0), "\(child.errors)")
            #expect(child.output == "\(place + 1)\n")
        }
        #expect(folders.isEmpty)
    }

    // MARK: Interrupts

    @Test(arguments: [SIGINT, SIGTERM])
    func `without a terminal a signal to pgfob is its program's`(signal: Int32) throws {
        let trap = signal == SIGINT ? "INT" : "HUP"
        let script = "trap 'echo got; exit 9' \(trap); echo ready; while :; do sleep 0.05; done"
        let child = try start("exec", "orders-stg", "--", "sh", "-c", script)
        try child.wait(for: "start") { child.output == "ready\n" }
        child.signal(signal)
        #expect(try child.end(within: 60) == .exited(9))
        #expect(child.output == "ready\ngot\n")
    }

    @Test func `in a pipeline ^C reaches the program, and the pager after it keeps the terminal`() throws {
        let shell = try PseudoTerminal(
            "/bin/bash", ["--norc", "-i"],
            environment: run.environment.merging(["PS1": "shell$ "]) { $1 },
            folder: run.folder.path)
        try shell.waitFor("shell$")
        let script = "trap \"echo g''ot; exit 9\" INT; echo re''ady; while :; do sleep 0.05; done"
        try shell.send(
            "\(ProgramPath.pgfob) exec orders-stg -- sh -c '\(script.replacing("''", with: "\"\""))' | (trap '' INT; cat)\r"
        )
        try shell.waitFor("ready")
        try shell.send("\u{3}")
        try shell.waitFor("got")
        // ^Z stops all of it, and fg goes on.
        try shell.send(
            "\(ProgramPath.pgfob) exec orders-stg -- sh -c 'echo beg\"\"un; sleep 2; echo do\"\"ne' | cat\r")
        try shell.waitFor("begun")
        try shell.send("\u{1a}")
        try shell.waitFor("Stopped")
        try shell.send("fg\r")
        try shell.waitFor("done")
        try shell.send("exit\r")
        _ = try shell.ending()
    }
}

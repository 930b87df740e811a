#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// `pgfob test` for many on a terminal and without one, over servers that say nothing.
@Suite(.enabled(if: FaultServer.certificates != nil, "python3 makes the faults"), .timeLimit(.minutes(14)))
struct BatchTests {
    private func home(_ server: FaultServer) throws -> ProgramHome {
        let home = try ProgramHome()
        for (name, port) in [("a", 1), ("b", try server.port()), ("c", try server.port())] {
            let added = try home.pgfob(
                "add", "--name", name, "--host", "127.0.0.1", "--port", String(port), "--auth", "none",
                "--sslmode", "require", "--group", name == "a" ? "one" : "two", "--tag", "t\(name)")
            #expect(added.code == 0, "\(added.errors)")
        }
        return home
    }

    @Test func `a terminal is told how far it is, and ^C ends all that is under way`() throws {
        let server = try FaultServer("silent")
        defer { withExtendedLifetime(server) {} }
        let home = try home(server)
        let terminal = try home.screen(["test", "--all", "--timeout", "300"])
        try terminal.waitFor("1/3 tested, 1 failed")
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        // The line is gone, the results stay.
        #expect(!terminal.screen.contains("tested,"))
        #expect(terminal.screen.contains("a: FAILED at 4 of 8, tcp"))
        #expect(terminal.screen.contains("b: cancelled") && terminal.screen.contains("c: cancelled"))
        // What was cancelled is no result.
        #expect(try home.pgfob("history", "--json").output.split(separator: "\n").count == 1)
    }

    @Test func `the whole attempt is bounded, whatever is chosen comes in order, and one failure is enough`()
        throws
    {
        let server = try FaultServer("silent")
        defer { withExtendedLifetime(server) {} }
        let home = try home(server)
        let start = ContinuousClock.now
        let all = try home.pgfob("test", "--all", "--timeout", "0.5", "--jobs", "100")
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(all.code == 1 && all.errors.hasPrefix("pgfob: 3 of 3 failed: "), "\(all.errors)")
        #expect(all.output.split(separator: "\n").map { $0.prefix(1) } == ["a", "b", "c"])
        #expect(all.output.contains("b: FAILED at 5 of 8, tls"))
        let group = try home.pgfob("test", "--group", "TWO", "--timeout", "0.2", "--json")
        #expect(group.output.split(separator: "\n").count == 2)
        let tag = try home.pgfob("test", "--tag", "tc", "--timeout", "0.2", "--json")
        #expect(tag.output.contains("\"profile\":\"c\"") && tag.output.split(separator: "\n").count == 1)
        let order = try home.pgfob("test", "c", "a", "c", "--timeout", "0.2")
        #expect(order.output.split(separator: "\n").map { $0.prefix(1) } == ["c", "a"])
    }

    @Test(arguments: [
        ["--all", "a"], ["--group", "one", "--tag", "ta"], [], ["a", "--jobs", "0"], ["a", "--timeout", "0"],
        ["a", "--json", "--report"], ["a", "--junit="],
    ])
    func `a wrong call is one line and 2`(arguments: [String]) throws {
        let server = try FaultServer("silent")
        defer { withExtendedLifetime(server) {} }
        let run = try home(server).pgfob(["test"] + arguments)
        #expect(run.code == 2 && run.output.isEmpty)
        #expect(run.errors.hasPrefix("pgfob: ") && run.errors.split(separator: "\n").count == 1)
    }

    @Test func `a report that cannot be written is told before anything is tested`() throws {
        let server = try FaultServer("silent")
        defer { withExtendedLifetime(server) {} }
        let home = try home(server)
        for place in ["/nonexistent/junit.xml", home.folder.path] {
            let run = try home.pgfob("test", "--all", "--timeout", "3600", "--junit", place)
            #expect(run.code == 1 && run.output.isEmpty)
            #expect(run.errors.contains("\(place) cannot be written"))
        }
    }

    @Test func `where the reader has gone, what is under way is given up`() throws {
        let server = try FaultServer("silent")
        defer { withExtendedLifetime(server) {} }
        let home = try home(server)
        // One after the other: the second would take its hour.
        let script = "'\(ProgramPath.pgfob)' test --all --json --jobs 1 --timeout 3600 | head -1"
        let run = try ProgramRun("/bin/sh", ["-c", script], environment: home.environment)
        #expect(run.code == 0 && run.output.contains("\"profile\":\"a\""))
        #expect(run.output.split(separator: "\n").count == 1)
        // Nobody counts tests that were not made.
        #expect(run.errors.isEmpty, "\(run.errors)")
    }

    @Test func `with few descriptors fewer are tested at once, and none is told wrongly`() throws {
        let server = try FaultServer("silent")
        defer { withExtendedLifetime(server) {} }
        let home = try home(server)
        let script = "ulimit -n 90 && exec '\(ProgramPath.pgfob)' test --all --json --jobs 1000 --timeout 0.5"
        let run = try ProgramRun("/bin/sh", ["-c", script], environment: home.environment)
        #expect(run.code == 1 && !run.output.contains("descriptor"))
        #expect(run.output.contains("\"tcp-refused\"") && run.output.contains("\"tls-timeout\""))
    }
}

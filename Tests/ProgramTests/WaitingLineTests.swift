#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// What the command line says while something takes its time, and how it is interrupted.
@Suite(
    .overTheFleet, .throughABastion, .serialized,
    .timeLimit(.minutes(14)))
struct WaitingLineTests {
    private let run: FleetRun
    private let bastion: Bastion

    /// A tunnel that comes once there is a file.
    init() throws {
        bastion = try Bastion()
        run = try FleetRun(bastion.environment)
        let program = try run.folder.write(
            """
            #!/bin/sh
            until [ -e "$HOME/go" ]; do sleep 0.1; done
            exec ssh -N -L "127.0.0.1:$1:$2:$3" bastion
            """, to: "slow", mode: 0o755)
        try run.route(by: "command \(program) {port} {host} {remote_port}")
    }

    private func start(_ arguments: [String]) throws -> PseudoTerminal {
        try run.home.screen(arguments, columns: 100, rows: 30)
    }

    @Test(arguments: [
        (["connect", "orders-stg"], "opening orders-stg: 2/2 tunnel ...   ^C cancels"),
        (["exec", "orders-stg", "--", "psql"], "opening orders-stg: 2/2 tunnel ...   ^C cancels"),
        (["test", "orders-stg"], "testing orders-stg: 4/8 tcp ...   ^C cancels"),
        (["run", "orders-stg", "-c", "select 1"], "running on orders-stg ...   ^C cancels"),
        (["tunnel", "orders-stg"], "opening the tunnel of orders-stg ...   ^C cancels"),
        (["proxy", "orders-stg"], "opening the proxy of orders-stg: 2/2 tunnel ...   ^C cancels"),
    ])
    func `a tunnel that takes its time is named, and ^C ends all of it`(
        arguments: [String], line: String
    ) throws {
        // A test gives up before it could be looked at on a machine that is busy.
        let limit = arguments[0] == "test" ? ["--timeout", "60"] : []
        let terminal = try start(arguments + limit)
        try terminal.waitFor(line)
        #expect(!run.helpers().isEmpty)
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(run.helpers().isEmpty)
        #expect(!terminal.screen.contains("^C"), "\(terminal.screen.text)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob")).isEmpty)
    }

    @Test func `the line is taken back for what was waited for`() throws {
        let terminal = try start(["connect", "orders-stg"])
        try terminal.waitFor("opening orders-stg: 2/2 tunnel ...   ^C cancels")
        try run.folder.write("", to: "go")
        try terminal.waitFor("jane_doe@orders=>")
        #expect(!terminal.screen.contains("opening orders-stg"), "\(terminal.screen.text)")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `several profiles are counted between their answers`() throws {
        let terminal = try start(["run", "billing-dev", "orders-stg", "-c", "select 6 * 7"])
        try terminal.waitFor("running on 2 profiles: 1 done, left: orders-stg ...   ^C cancels")
        #expect(terminal.screen.contains("42"))
        try run.folder.write("", to: "go")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.contains("running on"), "\(terminal.screen.text)")
        #expect(terminal.screen.lines.count { $0.trimmingCharacters(in: .whitespaces) == "42" } == 2)
    }

    @Test func `a job in the background leaves the line to the shell`() throws {
        let script = "set -m; '\(ProgramPath.pgfob)' exec orders-stg -- true & echo begun; read end; fg"
        let terminal = try PseudoTerminal(
            "/bin/bash", ["-c", script], environment: run.environment,
            folder: run.folder.path, columns: 100)
        try terminal.waitFor("begun")
        try terminal.waitUntilTrue("it waits for its tunnel") { !run.helpers().isEmpty }
        try terminal.waitForSilence(milliseconds: 2000)
        #expect(!terminal.screen.contains("opening"))
        try terminal.send("\r")
        try terminal.waitFor("opening orders-stg: 2/2 tunnel ...   ^C cancels")
        try run.folder.write("", to: "go")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.contains("opening"), "\(terminal.screen.text)")
    }

    @Test func `a question stands alone`() throws {
        try run.route(by: "ssh locked")
        let terminal = try start(["connect", "orders-stg"])
        try terminal.waitFor("Enter passphrase for key")
        try terminal.waitForSilence(milliseconds: 1500)
        #expect(!terminal.screen.contains("opening orders-stg"))
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("jane_doe@orders=>")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `nobody is told without a terminal`() throws {
        let child = try ChildProgram(
            ProgramPath.pgfob, ["connect", "orders-stg", "--", "-Atc", "select 6 * 7"],
            environment: run.environment, input: "")
        try child.wait(for: "tunnel") { !run.helpers().isEmpty }
        let seen = ContinuousClock.now
        try child.wait(for: "time for a word") { .now > seen + .seconds(2) }
        try run.folder.write("", to: "go")
        #expect(try child.end(within: 60) == .exited(0))
        #expect(child.output == "42\n" && child.errors.isEmpty, "\(child.errors)")
    }
}

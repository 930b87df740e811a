#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// What whoever starts pgfob has it ignore HUP for: to go on when its terminal has gone.
@Suite(.overTheFleet, .timeLimit(.minutes(14)))
struct NohupTests {
    private let trial: ProxyTrial

    init() throws { trial = try ProxyTrial() }

    private func start(_ arguments: String...) throws -> ChildProgram {
        try trial.start(
            "/bin/sh", ["-c", "trap '' HUP; exec \"$@\"", "sh", ProgramPath.pgfob] + arguments,
            trial.run.environment, input: nil)
    }

    private var wire: String { trial.run.folder.file("wire") }

    private func say(_ word: String) throws {
        let said = try ProgramRun(
            "/bin/sh", ["-c", "echo \(word) > '\(wire)'"], environment: ["PATH": "/usr/bin:/bin"])
        #expect(said.code == 0, "\(said)")
    }

    @Test func `a program goes on with its connection, and TERM ends it`() throws {
        // It hangs up on itself too, as its terminal would.
        let program = """
            mkfifo '\(wire)'; kill -HUP $$; echo ready; read -r word <'\(wire)'
            psql -XAtc "select '$word ' || current_user"; echo waits; read -r word <'\(wire)'
            """
        let child = try start("exec", "orders-stg", "--", "sh", "-c", program)
        try child.wait(for: "program") { child.output == "ready\n" }
        child.signal(SIGHUP)
        try say("still")
        try child.wait(for: "query") { child.output == "ready\nstill jane_doe\nwaits\n" }
        child.signal(SIGTERM)
        #expect(try child.end(within: 60) == .exited(128 + SIGTERM))
    }

    @Test func `a proxy goes on, and TERM ends it`() throws {
        let child = try start("proxy", "orders-stg")
        try child.wait(for: "connection string") { child.output.hasSuffix("\n") }
        child.signal(SIGHUP)
        let conninfo = try trial.ownConninfo
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
        child.signal(SIGTERM)
        #expect(try child.end(within: 60) == .exited(130))
    }

    @Test func `without that HUP ends both`() throws {
        let child = try trial.start(
            ProgramPath.pgfob,
            [
                "exec", "orders-stg", "--", "sh", "-c",
                "mkfifo '\(wire)'; echo ready; read -r word <'\(wire)'",
            ],
            trial.run.environment, input: nil)
        try child.wait(for: "program") { child.output == "ready\n" }
        child.signal(SIGHUP)
        #expect(try child.end(within: 60) == .exited(128 + SIGHUP))
    }
}

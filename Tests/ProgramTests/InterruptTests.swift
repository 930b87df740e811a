#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// INT ends every subcommand with 130, and not by the signal (design/cli.md, "Exit codes").
@Suite(.timeLimit(.minutes(14)))
struct InterruptTests {
    private let home: ProgramHome
    private static let endpoint = "orders.cluster-cxyz1234abcd.eu-west-1.rds.amazonaws.com"

    init() throws {
        home = try ProgramHome()
        let added = try home.pgfob(
            "add", "--name", "orders", "--host", Self.endpoint, "--user", "jo", "--env", "prod",
            "--sslrootcert", try home.folder.write("", to: "ca.pem"))
        #expect(added.code == 0, "\(added.errors)")
    }

    /// Sends INT to a subcommand that is seen to wait for somebody who never answers.
    private func interrupted(
        _ arguments: [String], more: [String: String] = [:], once isWaiting: (ChildProgram) -> Bool
    ) throws -> ProgramEnding {
        let child = try ChildProgram(
            ProgramPath.pgfob, arguments, environment: home.environment.merging(more) { $1 }, input: nil)
        try child.wait(for: "sign of waiting: \(arguments)") { isWaiting(child) }
        child.signal(SIGINT)
        return try child.end(within: 60)
    }

    /// Whether a process is in a system call that waits, by its first thread's own word (proc(5), `wchan` and `stat`).
    private func sleeps(_ pid: pid_t) -> Bool {
        guard let file = fopen("/proc/\(pid)/syscall", "r") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, Int32(line.count), file) != nil else { return false }
        // poll and read on x86-64 are 7 and 0, ppoll and read on arm64 73 and 63.
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return ["0 0x0 ", "63 0x0 ", "7 ", "73 "].contains { text.hasPrefix($0) }
    }

    @Test(arguments: [["import", "-"], ["run", "orders", "-f", "-"]])
    func `what waits for its input`(arguments: [String]) throws {
        #expect(try interrupted(arguments) { sleeps($0.pid) } == .exited(130))
    }

    @Test(arguments: [
        ["whoami", "--call"], ["discover", "--region", "eu-west-1"], ["policy", "orders", "--call"],
    ])
    func `what waits for AWS`(arguments: [String]) throws {
        let server = try SilentServer()
        let more = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(server.port)", "AWS_ACCESS_KEY_ID": "AK",
            "AWS_SECRET_ACCESS_KEY": "planted", "AWS_REGION": "eu-west-1",
        ]
        #expect(try interrupted(arguments, more: more) { _ in server.hasClient } == .exited(130))
    }

    @Test(arguments: [
        ["token", "orders"], ["credentials"], ["catalogue", "status", "--through", "orders"],
    ])
    func `what waits for a process that gives credentials, which ends with it`(arguments: [String])
        async throws
    {
        let started = home.folder.file("started")
        let slow = try home.folder.write(
            "#!/bin/sh\necho $$ > \(started)\nwhile :; do sleep 0.1; done\n", to: "slow", mode: 0o700)
        let config = try home.folder.write("[default]\ncredential_process = \(slow)\n", to: "aws")
        let more = ["AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"]
        var helper: pid_t?
        let ending = try interrupted(arguments, more: more) { _ in
            helper = home.folder.read("started").flatMap { $0.hasSuffix("\n") ? pid_t($0.dropLast()) : nil }
            return helper != nil
        }
        #expect(ending == .exited(130))
        let process = HelperProcess(pid: try #require(helper))
        // One that has ended and that nobody has asked for yet has no arguments either (proc(5), `cmdline`).
        #expect(await eventually { process.arguments.isEmpty }, "the process has outlived pgfob")
    }

    @Test func `a question to be answered by y, and its line is ended`() throws {
        let terminal = try home.screen(["run", "orders", "-c", "select 1"], columns: 120)
        try terminal.waitFor("[y/N]")
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(terminal.isInLineMode)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal at a question whose answer is not shown gives the echo back`(signal: Int32) throws {
        let config = try home.folder.write(
            """
            [default]
            role_arn = arn:aws:iam::123456789012:role/DBA
            source_profile = keys
            mfa_serial = arn:aws:iam::123456789012:mfa/jo
            region = eu-west-1
            [profile keys]
            aws_access_key_id = AK
            aws_secret_access_key = planted

            """, to: "aws")
        let more = ["AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"]
        // Behind a shell, which has the terminal when it is gone.
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", "'\(ProgramPath.pgfob)' whoami; echo code $?; read line"],
            environment: home.environment.merging(more) { $1 }, folder: home.folder.path)
        try terminal.waitFor("MFA code for ")
        #expect(!terminal.isInLineMode)
        let child = try #require(terminal.child)
        kill(child, signal)
        try terminal.waitFor(signal == SIGINT ? "code 130" : "code 143")
        #expect(terminal.isInLineMode)
        try terminal.send("\r")
        _ = try terminal.ending()
    }
}

/// A port where a connection is made and never answered.
private final class SilentServer {
    let port: Int
    private let descriptor: Int32

    init() throws { (descriptor, port) = try Loopback.listen(backlog: 8) }

    deinit { Loopback.end(descriptor) }

    /// Whether somebody waits for an answer.
    var hasClient: Bool {
        var set = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&set, 1, 0) > 0
    }
}

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

/// The real program through a real sshd to servers that verify the token.
@Suite(
    .overTheFleet,
    .throughABastion, .serialized)
struct TunnelTests {
    private let run: FleetRun
    private let bastion: Bastion

    init() throws {
        bastion = try Bastion()
        run = try FleetRun(bastion.environment)
    }

    private func pgfob(_ arguments: String...) throws -> ProgramRun {
        try run.home.pgfob(arguments)
    }

    private func route(_ profile: String, by tunnel: String) throws {
        let edited = try pgfob("edit", profile, "--tunnel", tunnel)
        #expect(edited.code == 0, "\(edited.errors)")
    }

    private func test(_ profile: String) throws -> JSONValue {
        let report = try pgfob("test", profile, "--json")
        return try JSONDecoder().decode(JSONValue.self, from: Data(report.output.utf8))
    }

    @Test func `psql goes through it to the endpoint, by the endpoint's name and token`() throws {
        try route("orders-stg", by: "ssh bastion")
        let psql = try pgfob(
            "connect", "orders-stg", "--", "-Atc",
            "select current_user, inet_server_port(), ssl from pg_stat_ssl "
                + "where pid = pg_backend_pid()")
        #expect(psql.code == 0, "\(psql.errors)")
        #expect(psql.output == "jane_doe|5432|t\n")
        #expect(run.helpers().isEmpty, "the tunnel ends with pgfob")
        #expect(run.folder.names.contains("pgfob") && run.folder.mode(of: "pgfob") == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob")).isEmpty)
    }

    @Test func `profiles share one login at the bastion`() throws {
        try route("orders-stg", by: "ssh bastion")
        try route("orders-writer", by: "ssh bastion")
        try route("orders-reader", by: "ssh bastion")
        let tested = try pgfob("test", "orders-stg", "orders-writer", "orders-reader")
        #expect(tested.code == 0, "\(tested.output)")
        #expect(bastion.logins == 1)
    }

    @Test func `the stage tcp tells how far it came`() throws {
        try route("orders-stg", by: "ssh bastion")
        let report = try test("orders-stg")
        #expect(report["stages"]?[2]?["outcome"]?.string == "skipped")
        #expect(report["stages"]?[3]?["detail"]?.string?.contains("by ssh bastion to 127.0.") == true)
        #expect(report["outcome"]?.string == "ok")
    }

    @Test(arguments: [
        ("ssh stranger", "tunnel-auth", "Permission denied"),
        ("ssh changed", "tunnel-hostkey", "has changed: it shows SHA256:"),
        ("ssh unknown", "tunnel-hostkey", "Host key verification"),
        ("ssh closed", "tunnel-refused", "Connection refused"),
        ("ssh no-such-bastion.invalid", "tunnel-timeout", "Could not resolve hostname"),
        ("nobody", "tunnel-missing", "no tunnel is named"),
        ("command no-such-program {port}", "tunnel-missing", "was not found"),
    ])
    func `what stands in the way has its code and ssh's own words`(
        tunnel: String, code: String, words: String
    ) throws {
        try route("orders-stg", by: tunnel)
        let report = try test("orders-stg")
        #expect(report["failed_stage"]?.string == "tcp")
        #expect(report["cause"]?["code"]?.string == code)
        #expect(report["cause"]?["text"]?.string?.contains(words) == true, "\(report)")
        let psql = try pgfob("connect", "orders-stg", "--", "-c", "select 1")
        #expect(psql.code == 125 && psql.errors.contains(words), "\(psql)")
    }

    @Test func `a program that there is no room for is not taken for one that is missing`() throws {
        try route("orders-stg", by: "command /bin/false {port}")
        let program = ["/bin/sh", "-c", "ulimit -n \"$0\"; exec \"$@\""]
        var told = 0
        // How many descriptors pgfob has open by then is its own affair.
        for limit in 12...36 where told < 2 {
            let done = try ProgramRun(
                program[0],
                Array(program[1...]) + [
                    "\(limit)", ProgramPath.pgfob, "connect", "orders-stg", "--", "-c", "select 1",
                ], environment: run.environment)
            #expect(done.code == 125 && !done.errors.contains("install"), "\(limit): \(done)")
            told +=
                done.errors.contains("/bin/false cannot be started: Too many open files: close some") ? 1 : 0
        }
        #expect(told > 0)
    }

    @Test func `a forward that leads nowhere is told with ssh's words`() throws {
        try route("orders-stg", by: "ssh bastion")
        #expect(try pgfob("edit", "orders-stg", "--dial", "127.0.0.1:\(Loopback.closedPort())").code == 0)
        let report = try test("orders-stg")
        #expect(
            report["failed_stage"]?.string == "tcp" && report["cause"]?["code"]?.string == "tunnel-refused")
        #expect(report["message"]?.string?.contains("open failed: connect failed") == true, "\(report)")
        for words in [
            ["connect", "orders-stg", "--", "-c", "select 1"],
            ["exec", "orders-stg", "--", "psql", "-c", "select 1"],
            ["run", "orders-stg", "-c", "select 1"],
        ] {
            let done = try run.home.pgfob(words)
            #expect(
                done.code != 0 && done.errors.contains("ssh bastion: ")
                    && done.errors.contains("open failed"),
                "\(done)")
        }
        let terminal = try run.home.screen([], columns: 100, rows: 30)
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("pgfob: tunnel ssh bastion: ")
        try terminal.waitFor("Press Enter to go back")
        try terminal.press(.enter)
        try terminal.waitFor("psql on orders-stg ended")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a bastion that forbids the forward is told`() throws {
        let strict = try Bastion(options: ["PermitOpen 127.0.0.1:1"])
        try route("orders-stg", by: "ssh bastion")
        let tested = try run.home.pgfob(
            ["test", "orders-stg", "--json"], more: strict.environment)
        #expect(tested.output.contains("\"code\":\"tunnel-refused\"") && tested.output.contains("prohibited"))
    }

    @Test func `a tunnel that is kept comes back at its port, and ends with pgfob however that ends`()
        async throws
    {
        try route("orders-stg", by: "ssh bastion")
        let kept = try ChildProgram(
            ProgramPath.pgfob, ["tunnel", "orders-stg"], environment: run.environment,
            input: nil)
        try kept.wait(for: "conninfo") { kept.output.hasSuffix("\n") }
        #expect(kept.output.contains("hostaddr=127.0.0.1") && kept.output.contains("sslmode=verify-full"))
        // What the user's own configuration forwards is nobody's business here.
        let own = try #require(bastion.ownForward)
        #expect(throws: Never.self) { Loopback.end(try Loopback.listen(backlog: 1, port: own).descriptor) }

        for pid in run.helpers(named: "ssh") { kill(pid, SIGKILL) }
        try kept.wait(for: "second life") { kept.errors.contains("up again") }
        let token = try pgfob("token", "orders-stg").output.trimmingCharacters(in: .newlines)
        let psql = try ProgramRun(
            "/usr/bin/psql", [kept.output.trimmingCharacters(in: .newlines), "-Atc", "select 1"],
            environment: ["PATH": "/usr/bin:/bin", "PGPASSWORD": token])
        #expect(psql.output == "1\n", "\(psql.errors)")

        #expect(!run.helpers().isEmpty)
        kept.killHard()
        #expect(await eventually(within: .seconds(60)) { run.helpers().isEmpty })
        // Its folder is left and that of its login, until the next run finds them.
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob")).count == 2)
        #expect(try pgfob("test", "orders-stg").code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.folder.file("pgfob")).isEmpty)
    }

    @Test func `an interrupted pgfob tunnel ends with 130`() throws {
        try route("orders-stg", by: "ssh bastion")
        let terminal = try run.home.screen(["tunnel", "orders-stg"], columns: 120)
        try terminal.waitFor("hostaddr=127.0.0.1")
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
        #expect(run.helpers().isEmpty)
    }

    @Test func `ssh's questions are asked on the command line's terminal`() throws {
        try route("orders-stg", by: "ssh locked")
        let terminal = try run.home.screen(["tunnel", "orders-stg"], columns: 160)
        try terminal.waitFor("Enter passphrase for key")
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitFor("hostaddr=127.0.0.1")
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains(Bastion.passphrase))
        try terminal.press(.control("c"))
        #expect(try terminal.ending() == .exited(130))
    }

    private static func selected(_ screen: VirtualScreen, shows word: String) -> Bool {
        screen.lines.contains { $0.hasPrefix(">") && $0.contains("orders-stg") && $0.contains(word) }
    }

    @Test func `on the screen ssh asks in a dialog, and the row shows how the tunnel is`() throws {
        try route("orders-stg", by: "ssh locked")
        let terminal = try run.home.screen([])
        try run.select("orders-stg", on: terminal)
        try terminal.waitUntil("the way is shown") {
            $0.contains(" VIA ") && Self.selected($0, shows: " ssh ")
        }
        try terminal.send("V")
        try terminal.waitUntil("ssh asks") {
            $0.contains("ssh locked asks") && $0.contains("Enter passphrase")
        }
        try terminal.send("\(Bastion.passphrase)\r")
        try terminal.waitUntil("it is up") { screen in
            screen.contains("is up at 127.0.0.1:") && Self.selected(screen, shows: " up ")
        }
        try terminal.press(.enter)
        try terminal.waitFor("orders=>")
        try terminal.send("select 'thr' || 'ough';\r")
        try terminal.waitFor("through")
        try terminal.send("\\q\r")
        try terminal.waitFor("psql ended")
        #expect(bastion.logins == 1)
        try terminal.send("V")
        try terminal.waitUntil("it is closed") { screen in
            screen.contains("is let go of") && Self.selected(screen, shows: " ssh ")
        }
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains(Bastion.passphrase))
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(run.helpers().isEmpty)
    }

    @Test func `a host key that nobody knows is asked about`() throws {
        try route("orders-stg", by: "ssh unknown")
        let terminal = try run.home.screen([], columns: 100, rows: 30)
        try run.select("orders-stg", on: terminal)
        try terminal.send("t")
        try terminal.waitUntil("ssh asks") { $0.contains("authenticity of host") && $0.contains("(yes/no") }
        try terminal.send("yes\r")
        try terminal.waitUntil("the test is good") { $0.contains("Test: orders-stg [STG]   ok") }
        try terminal.send("qq")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a token that ended while ssh waited for its answer is made anew`() throws {
        try route("orders-stg", by: "ssh unknown")
        try run.folder.write("token_seconds = 3\n", to: ".config/pgfob/config.toml")
        let terminal = try run.home.screen(["connect", "orders-stg"], columns: 100, rows: 30)
        try terminal.waitUntil("ssh asks") { $0.contains("authenticity of host") && $0.contains("(yes/no") }
        let asked = ContinuousClock.now
        try terminal.waitUntilTrue("a token of before has ended") { .now > asked + .seconds(5) }
        try terminal.send("yess\u{7f}\r")
        try terminal.waitFor("jane_doe@orders=>")
        #expect(!terminal.screen.contains("^?") && !terminal.screen.contains("yess"))
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `profiles share a tunnel that config.toml names`() throws {
        try run.folder.write("[tunnels]\njump = \"ssh bastion\"\n", to: ".config/pgfob/config.toml")
        try route("orders-stg", by: "jump")
        #expect(
            try test("orders-stg")["stages"]?[3]?["detail"]?.string?.contains("by ssh bastion to") == true)
        try run.folder.write("[tunnels]\njump = \"ssh -oProxyCommand=x\"\n", to: ".config/pgfob/config.toml")
        let broken = try pgfob("test", "orders-stg")
        #expect(
            broken.code == 2 && broken.errors.contains("config.toml:2: tunnels.jump is not ssh"), "\(broken)")
    }

    @Test func `env refuses, as the tunnel would end with it`() throws {
        try route("orders-stg", by: "ssh bastion")
        let env = try pgfob("env", "orders-stg")
        #expect(env.code == 1 && env.errors.contains("pgfob tunnel orders-stg"), "\(env)")
    }

    @Test func `an import takes no tunnel over unasked`() throws {
        let file = try run.folder.write(
            "name,host,user,tunnel\ncopy,h.example,jo,command sh -c x {port}\n", to: "copy.csv")
        let careful = try pgfob("import", file)
        #expect(careful.code == 1, "\(careful)")
        #expect(try pgfob("list", "--json", "copy").output.contains("\"tunnel\":null"))
        #expect(try pgfob("import", "--undo").code == 0)
        let preview = try pgfob("import", "--dry-run", file)
        #expect(preview.output.contains("! tunnel command sh -c x {port}"), "\(preview)")
        #expect(try pgfob("import", "--approve", file).code == 0)
        #expect(try pgfob("list", "--json", "copy").output.contains("\"tunnel\":\"command sh -c x {port}\""))
    }
}

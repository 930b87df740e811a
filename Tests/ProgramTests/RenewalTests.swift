import TestSupport
import Testing

/// Sessions whose tokens cannot be renewed any more.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct RenewalTests {
    private let run: FleetRun
    private let more: [String: String]
    private let keys: String

    /// Wants a login; the fleet's own keys are what it leaves.
    private static let session = """
        [profile acme-dev]
        region = eu-west-1
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = DBA
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1

        """
    /// Wants the code of a device.
    private static let device = """
        [profile acme-dev]
        region = eu-west-1
        role_arn = arn:aws:iam::1:role/M
        source_profile = base
        mfa_serial = arn:aws:iam::1:mfa/jo

        """
    private static let plain = "[profile acme-dev]\nregion = eu-west-1\n"

    init() throws {
        run = try FleetRun()
        keys = try #require(
            run.environment["AWS_SHARED_CREDENTIALS_FILE"].flatMap { path in
                try? ProgramRun("/bin/cat", [path], environment: [:]).output
            })
        let folder = run.folder
        try folder.write("token_seconds = 4\n", to: ".config/pgfob/config.toml")
        // The fleet's keys, which a login brings back.
        try folder.write(keys, to: "kept")
        try folder.write(
            """
            #!/bin/sh
            [ "$*" = 'sso login --profile acme-dev' ] || exit 9
            printf '\(Self.plain.replacing("\n", with: "\\n"))' >"$AWS_CONFIG_FILE"
            cp "$HOME/kept" "$AWS_SHARED_CREDENTIALS_FILE"
            echo logged in
            """, to: "bin/aws", mode: 0o755)
        more = [
            "PATH": "\(folder.file("bin")):/usr/local/bin:/usr/bin:/bin",
            "AWS_CONFIG_FILE": folder.file("aws/config"),
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("aws/credentials"),
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        ]
        try write(Self.plain, keys)
    }

    private func write(_ config: String, _ keys: String) throws {
        try run.folder.write(config, to: "aws/config")
        try run.folder.write(keys, to: "aws/credentials")
    }

    private func waitForTrouble(_ terminal: PseudoTerminal) throws {
        try terminal.waitForPrompt("the prompt tells") {
            $0.contains("(token not renewed) jane_doe@orders=>")
        }
    }

    @Test func `psql's prompt says that there is no new token, why, and when there is one again`() throws {
        let terminal = try run.home.screen(["connect", "orders-stg"], columns: 160, rows: 50, more: more)
        try terminal.waitFor("jane_doe@orders=>")
        try write(Self.plain, "")
        try waitForTrouble(terminal)
        let reason =
            "pgfob: the token of orders-stg was not renewed: the AWS profile acme-dev has no credentials"
        try terminal.send("\r\r")
        try terminal.waitForSilence()
        #expect(terminal.screen.lines.count { $0.contains(reason) } == 1, "\(terminal.screen.text)")
        // Keys that come back are seen at once, and a new login works.
        try write(Self.plain, keys)
        try terminal.waitForPrompt("the prompt is as it was") { $0.contains("orders-stg jane_doe@orders=>") }
        try terminal.send("\\c\r")
        try terminal.waitFor("You are now connected to database \"orders\"")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.contains("again?"))
        let log = run.folder.read(".local/state/pgfob/pgfob.log") ?? ""
        let lines = log.split(separator: "\n")
        #expect(lines.first?.contains(reason.dropFirst(7)) == true, "\(log)")
        let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ pgfob: .+/
        #expect(lines.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(log)")
        #expect(lines.last?.hasSuffix("the token of orders-stg was renewed again") == true)
    }

    @Test func `other programs' users are told at once, unless the program has the terminal for itself`()
        throws
    {
        let reason =
            "pgfob: the token of orders-stg was not renewed: the AWS profile acme-dev has no credentials"
        let child = try ChildProgram(
            ProgramPath.pgfob,
            [
                "exec", "orders-stg", "--", "/bin/sh", "-c",
                "echo began; until [ -e \"$HOME/done\" ]; do sleep 0.1; done",
            ],
            environment: run.environment.merging(more) { $1 }, input: nil)
        // A psql that reads a pipe has no prompt to tell it by.
        let piped = try ChildProgram(
            "/bin/sh",
            [
                "-c",
                "{ printf '\\\\echo began\\n'; until [ -e \"$HOME/done\" ]; do sleep 0.1; done; } | \"$0\" connect orders-stg",
                ProgramPath.pgfob,
            ], environment: run.environment.merging(more) { $1 }, input: nil)
        let script = "stty $0; echo began; read end; stty sane"
        let plain = try run.home.screen(
            ["exec", "orders-stg", "--", "/bin/sh", "-c", script, "sane"], columns: 160, more: more)
        let whole = try run.home.screen(
            ["exec", "orders-stg", "--", "/bin/sh", "-c", script, "-icanon"], columns: 160, more: more)
        try child.wait(for: "beginning") { child.output == "began\n" }
        try piped.wait(for: "beginning") { piped.output == "began\n" }
        try plain.waitFor("began")
        try whole.waitFor("began")
        try write(Self.plain, "")
        try child.wait(for: "word of it") { child.errors.contains(reason) }
        try piped.wait(for: "word of it") { piped.errors.contains(reason) }
        try plain.waitFor(reason)
        let log = { run.folder.read(".local/state/pgfob/pgfob.log") ?? "" }
        try whole.waitUntilTrue("all know of it") { log().split(separator: "\n").count >= 4 }
        try whole.waitForSilence()
        #expect(!whole.screen.contains(reason))
        try write(Self.plain, keys)
        try child.wait(for: "word of the end of it") {
            child.errors.contains("pgfob: the token of orders-stg was renewed again\n")
        }
        try run.folder.write("", to: "done")
        #expect(try child.end(within: 60) == .exited(0))
        #expect(try piped.end(within: 60) == .exited(0))
        for terminal in [plain, whole] { try terminal.send("\n") }
        #expect(try plain.ending() == .exited(0))
        #expect(try whole.ending() == .exited(0))
    }

    @Test func `at the end of such a session a login is offered, and the way back in`() throws {
        let terminal = try run.home.screen(["connect", "orders-stg"], columns: 160, rows: 50, more: more)
        try terminal.waitFor("jane_doe@orders=>")
        try write(Self.session, "")
        try waitForTrouble(terminal)
        try terminal.send("\\q\r")
        try terminal.waitFor("pgfob: the token has not been renewed since ")
        try terminal.waitFor("Log in by `aws sso login --profile acme-dev`, and connect to orders-stg again?")
        try terminal.send("y\r")
        try terminal.waitFor("logged in")
        try terminal.waitUntil("a new session is there") {
            $0.prompt.hasPrefix("[STG] orders-stg jane_doe@orders=>")
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `where AWS wants a device's code, connecting again asks for it`() throws {
        let terminal = try run.home.screen(["connect", "orders-stg"], columns: 160, rows: 50, more: more)
        try terminal.waitFor("jane_doe@orders=>")
        try write(Self.device, keys + AWSFolder.keys("base", id: "AKBASE"))
        try waitForTrouble(terminal)
        try terminal.send("\\q\r")
        try terminal.waitFor("Connect to orders-stg again?")
        try terminal.send("y\r")
        try terminal.waitFor("MFA code for arn:aws:iam::1:mfa/jo:")
        try terminal.press(.control("d"))
        #expect(try terminal.ending() == .exited(125))
    }

    @Test func `on the screen the login and the session follow in one go, or the list says what is missing`()
        throws
    {
        let terminal = try run.home.screen([], columns: 120, rows: 40, more: more)
        try run.select("orders-stg", on: terminal)
        try terminal.press(.enter)
        try terminal.waitFor("jane_doe@orders=>")
        try write(Self.session, "")
        try waitForTrouble(terminal)
        try terminal.send("\\q\r")
        try terminal.waitFor("pgfob: the token has not been renewed since ")
        try terminal.waitFor("r and Enter to log in and connect again.")
        try terminal.send("r\r")
        try terminal.waitFor("logged in")
        try terminal.waitUntil("a new session is there") {
            $0.prompt.hasPrefix("[STG] orders-stg jane_doe@orders=>")
        }
        try write(Self.session, "")
        try waitForTrouble(terminal)
        try terminal.send("\\q\r")
        try terminal.waitUntil("it is offered again") {
            $0.lines.count { $0.contains("r and Enter to log in and connect again.") } == 2
        }
        try terminal.send("\r")
        try terminal.waitFor("The token was not renewed: ")
        try terminal.waitFor("(L does)")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }
}

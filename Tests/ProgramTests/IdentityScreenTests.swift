#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// Logging in to AWS from the screen, with a local server in AWS's place and a program in that of `aws`.
@Suite(.timeLimit(.minutes(14)))
struct IdentityScreenTests {
    private static let config = """
        [profile mfa]
        role_arn = arn:aws:iam::1:role/M
        source_profile = base
        mfa_serial = arn:aws:iam::1:mfa/jo
        [profile corp]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = DBA
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        """

    /// Asks for a line, as a login does, and leaves a session of eight hours.
    private static let aws = """
        #!/bin/sh
        [ "$*" = 'sso login --profile corp' ] || exit 9
        echo 'confirm the login'
        read line
        [ "$line" = yes ] || exit 1
        mkdir -p "$HOME/.aws/sso/cache"
        end=$(date -u -d '+8 hours' +%Y-%m-%dT%H:%M:%SZ)
        echo '{"startUrl": "u", "region": "eu-west-1", "accessToken": "planted-bearer", "expiresAt": "'$end'"}' \\
            > "$HOME/.aws/sso/cache/$(printf corp | sha1sum | cut -c1-40).json"
        """

    private let server: IdentityServer
    private let home: ProgramHome

    init() throws {
        server = try IdentityServer()
        home = try ProgramHome(server.environment.merging(["AWS_REGION": "eu-west-1"]) { $1 })
        try home.folder.write(Self.config, to: ".aws/config")
        try home.folder.write(AWSFolder.keys("base", id: "AKBASE"), to: ".aws/credentials")
        try home.folder.write(Self.aws, to: "bin/aws", mode: 0o755)
    }

    private func screen(_ awsProfile: String, withAWS: Bool = true) throws -> PseudoTerminal {
        let added = try home.pgfob(
            "add", "--name", "orders", "--host", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com",
            "--user",
            "jo", "--aws-profile", awsProfile)
        #expect(added.code == 0, "\(added.errors)")
        let path = withAWS ? "\(home.folder.file("bin")):/usr/bin:/bin" : home.folder.file("empty")
        let terminal = try home.screen(more: ["PATH": path])
        try terminal.waitFor("orders")
        return terminal
    }

    /// Nothing of what signs was ever painted, or sent to the terminal otherwise.
    private func expectNoSecret(_ terminal: PseudoTerminal) {
        let stream = String(decoding: terminal.output, as: UTF8.self)
        for secret in ["planted", "sso-secret", "sso-session-", "sts-secret", "sts-session", "X-Amz-"] {
            #expect(!stream.contains(secret), "\(secret)")
        }
    }

    @Test func `L logs in, and the token that was wanted is minted`() throws {
        let terminal = try screen("corp")
        try terminal.waitFor("login: L")
        try terminal.send("K")
        try terminal.waitFor("nobody has logged in to the SSO session corp")
        try terminal.send("L")
        try terminal.waitFor("confirm the login")
        #expect(terminal.isInLineMode && !terminal.screen.isAlternate)
        try terminal.send("yes\r")
        try terminal.waitFor("token for orders minted")
        try terminal.waitUntil("the header shows the session") {
            $0.contains("aws corp  SSO 7h59m") || $0.contains("aws corp  SSO 8h00m")
        }
        #expect(terminal.screen.isAlternate && !terminal.screen.contains("login: L"))
        expectNoSecret(terminal)
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a login that fails stays readable, and the list says how to try again`() throws {
        let terminal = try screen("corp")
        try terminal.waitFor("login: L")
        try terminal.send("L")
        try terminal.waitFor("confirm the login")
        try terminal.send("no\r")
        try terminal.waitFor("Press Enter to go back to the list")
        try terminal.send("\r")
        try terminal.waitFor("the login did not succeed: L tries again")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a login in another window is noticed by itself`() throws {
        let terminal = try screen("corp")
        try terminal.waitFor("login: L")
        let other = try ProgramRun(
            home.folder.file("bin/aws"), ["sso", "login", "--profile", "corp"], environment: home.environment,
            input: "yes\n")
        #expect(other.code == 0)
        try terminal.waitUntil("the header shows the session") {
            $0.contains("aws corp  SSO 7h59m") || $0.contains("aws corp  SSO 8h00m")
        }
    }

    @Test func `without the aws command it says plainly what is missing`() throws {
        let terminal = try screen("corp", withAWS: false)
        try terminal.waitFor("login: L")
        try terminal.send("L")
        try terminal.waitFor("the aws command, which logs in, is not installed")
        #expect(terminal.screen.isAlternate)
    }

    @Test func `an MFA code is asked for on the screen, and the token is minted`() throws {
        let terminal = try screen("mfa")
        try terminal.send("K")
        try terminal.waitFor("AWS asks for an MFA code")
        try terminal.send("867530")
        try terminal.waitFor("******")
        try terminal.press(.enter)
        try terminal.waitFor("token for orders minted")
        #expect(try server.requests().last?["TokenCode"]?.string == "867530")
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("867530"))
        expectNoSecret(terminal)
        // The answer is kept: a new token asks no question.
        try terminal.send("K")
        try terminal.waitUntil("the token is minted again") { $0.contains("15:00") && !$0.contains("MFA") }
        #expect(try server.requests().count { $0["action"]?.string == "AssumeRole" } == 1)
    }

    // MARK: Copying

    @Test func `the policy is copied by the terminal where nothing else does`() throws {
        let terminal = try screen("base")
        try terminal.send("P")
        try terminal.waitFor("What IAM and the database need")
        try terminal.send("y")
        try terminal.waitFor("ok: copied the policy of orders by way of the terminal")
        let stream = String(decoding: terminal.output, as: UTF8.self)
        let start = try #require(stream.range(of: "\u{1b}]52;c;"))
        let encoded = stream[start.upperBound...].prefix { $0 != "\u{07}" }
        let copied = String(decoding: try #require(Data(base64Encoded: String(encoded))), as: UTF8.self)
        #expect(copied.contains("rds-db:connect") && copied.hasSuffix("switched on for the cluster"))
    }

    @Test func `a desktop's program is given the text on its stdin`() throws {
        try home.folder.write(
            "#!/bin/sh\necho \"$*\" > \"$HOME/argv\"; cat > \"$HOME/copied\"\n", to: "bin/xclip", mode: 0o755)
        _ = try home.pgfob(
            "add", "--name", "orders", "--host", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com",
            "--user",
            "jo", "--aws-profile", "base")
        let terminal = try home.screen(
            more: ["PATH": "\(home.folder.file("bin")):/usr/bin:/bin", "DISPLAY": ":99"])
        try terminal.waitFor("orders")
        try terminal.send("P")
        try terminal.waitFor("What IAM and the database need")
        try terminal.send("y")
        try terminal.waitFor("copied the policy of orders by xclip")
        #expect(home.folder.read("argv") == "-selection clipboard\n")
        #expect(home.folder.read("copied")?.contains("GRANT rds_iam TO") == true)
    }

    @Test(.enabled(if: ProgramPath.isInstalled("/usr/bin/tmux"), "tmux is not installed"))
    func `in tmux the text is in a buffer of its own, which goes with pgfob`() async throws {
        _ = try home.pgfob(
            "add", "--name", "orders", "--host", "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com",
            "--user",
            "jo", "--aws-profile", "base")
        let environment = home.environment.merging(["TMUX_TMPDIR": home.folder.path]) { $1 }
        func tmux(_ arguments: String...) throws -> String {
            try ProgramRun("/usr/bin/tmux", ["-f", "/dev/null"] + arguments, environment: environment).output
        }
        func shows(_ text: String) async -> Bool {
            await eventually { (try? tmux("capture-pane", "-p"))?.contains(text) == true }
        }
        _ = try tmux("new-session", "-d", "-x", "80", "-y", "24", "'\(ProgramPath.pgfob)'; exec cat")
        defer { _ = try? tmux("kill-server") }
        #expect(await shows("orders"))
        _ = try tmux("send-keys", "P")
        #expect(await shows("rds-db:connect"))
        _ = try tmux("send-keys", "y")
        #expect(await shows("by tmux"))
        #expect(try tmux("list-buffers").contains("pgfob-"))
        _ = try tmux("send-keys", "q", "q")
        #expect(await eventually { (try? tmux("list-buffers"))?.contains("pgfob-") == false })
    }
}

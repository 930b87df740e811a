#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TestSupport
import Testing

/// Bad disks, files, terminals and input at the real program: told with what to do, and nothing is lost.
struct BadInputTests {
    static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"
    let home: ProgramHome

    init() throws { home = try ProgramHome() }

    private func add(_ name: String) throws {
        let run = try home.pgfob("add", "--name", name, "--host", Self.host, "--user", "jo")
        #expect(run.code == 0, "\(run.errors)")
    }

    @Test(arguments: ["会", "計", "本番"])
    func `a filter that matches wide characters marks them, and the next key works`(filter: String) throws {
        try add("会計-本番")
        try add("orders")
        let terminal = try home.screen()
        try terminal.waitFor("会計-本番")
        try terminal.send("/")
        try terminal.waitFor("2 of 2")
        try terminal.send(filter)
        try terminal.waitUntil("the match") { $0.contains("1 of 2") && $0.contains("会計-本番") }
        try terminal.press(.escape)
        try terminal.waitUntil("all are there again") { !$0.contains(" of 2") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `what an option's value is not is said with the value`() throws {
        try add("orders")
        for (arguments, words) in [
            (
                ["add", "--name", "x", "--host", Self.host, "--port", "54x2"],
                "--port \"54x2\" is not a number 1-65535"
            ),
            (["edit", "orders", "--port", "0"], "--port \"0\" is not a number 1-65535"),
            (["edit", "orders", "--host", "bad host"], "--host \"bad host\" is not a host name"),
            (["edit", "orders", "--host", "jo:hunter2@h x"], "--host \"...@h x\" is not a host name"),
        ] {
            let run = try home.pgfob(arguments)
            #expect(run.code == 2 && run.errors.hasPrefix("pgfob: \(words)"), "\(run.errors)")
        }
    }

    // MARK: Disks

    /// Where a file system of one's own can be mounted: as root, or with user namespaces.
    static let unshare: [String]? = [["-m"], ["-rm"]].first {
        (try? ProgramRun("/usr/bin/unshare", $0 + ["mount", "-t", "tmpfs", "none", "/mnt"], environment: [:]))?
            .code == 0
    }

    /// Runs a script beside a small file system, with `$disk` and `$pgfob`.
    private func onDisk(_ script: String) throws -> ProgramRun {
        let options = try #require(Self.unshare)
        let more = [
            "disk": home.folder.path, "pgfob": ProgramPath.pgfob, "python": Python.program,
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        ]
        return try ProgramRun(
            "/usr/bin/unshare",
            options + [
                "/bin/sh", "-c", "mount -t tmpfs -o size=600k,mode=700 none \"$disk\" || exit 99\n\(script)",
            ],
            environment: home.environment.merging(more) { $1 })
    }

    /// Makes the store one of an earlier version.
    private static let earlier = #"""
        "$python" -c '
        import sqlite3, sys
        store = sqlite3.connect(sys.argv[1])
        store.execute("ALTER TABLE profiles DROP COLUMN own_defaults")
        store.execute("DROP TABLE last_reports")
        store.execute("DELETE FROM grdb_migrations WHERE CAST(substr(identifier, 1, 2) AS INTEGER) > 9")
        store.commit()' "$PGFOB_STORE"
        """#

    private static let added = "--host \(host) --user jo --store \"$disk/p.db\""

    @Test(.enabled(if: unshare != nil, "no file system can be mounted here"))
    func `a full disk is told, and what was saved stays`() throws {
        let run = try onDisk(
            """
            "$pgfob" add --name one \(Self.added) || exit 98
            dd if=/dev/zero of="$disk/filler" bs=1k count=10000 2>/dev/null
            i=0; while [ $i -lt 40 ]; do "$pgfob" add --name "two $i" \(Self.added) || { echo "code $?"; break; }; i=$((i+1)); done
            rm "$disk/filler"
            "$pgfob" list --store "$disk/p.db" --json | grep -c '"name":"one"'
            "$pgfob" add --name three \(Self.added)
            """)
        #expect(run.output.contains("code 4\n1\nadded three\n"), "\(run.output)\(run.errors)")
        #expect(run.errors.contains("is full") && run.errors.contains("free some space"), "\(run.errors)")
    }

    @Test(.enabled(if: unshare != nil, "no file system can be mounted here"))
    func `from a full disk is read all the same, and what could not be kept is said`() throws {
        let run = try onDisk(
            """
            export PGFOB_STORE="$disk/p.db"
            "$pgfob" add --name one --host 127.0.0.1 --auth none || exit 98
            dd if=/dev/zero of="$disk/filler" bs=512 count=10000 2>/dev/null
            "$pgfob" list --json | grep -c '"name":"one"'
            "$pgfob" conninfo one | grep -c host=127.0.0.1
            "$pgfob" exec one -- sh -c 'echo "opened $PGHOST"'; echo "code $?"
            "$pgfob" doctor | grep '^warning  store'
            "$pgfob" edit one --notes lost; echo "code $?"
            "$pgfob" remove one; echo "code $?"
            rm "$disk/filler"
            "$pgfob" edit one --notes kept; "$pgfob" list --json | grep -c '"notes":"kept"'
            """)
        let lines = run.output.split(separator: "\n").map(String.init)
        let store = "warning  store        1 profile can be read, but the disk of the store"
        #expect(
            lines.prefix(5) == ["added one", "1", "1", "opened 127.0.0.1", "code 0"]
                && lines.count == 10 && lines[5].hasPrefix(store)
                && lines.suffix(4) == ["code 4", "code 4", "changed one", "1"],
            "\(run.output)\(run.errors)")
        let kept = run.errors.split(separator: "\n").filter { $0.contains("not saved") }
        #expect(
            kept.count == 1 && kept.allSatisfy { $0.contains("is full: free some space") }, "\(run.errors)")
    }

    @Test(
        .enabled(if: unshare != nil, "no file system can be mounted here"),
        arguments: [
            #"dd if=/dev/zero of="$disk/filler" bs=512 count=10000 2>/dev/null"#,
            #"mount -o remount,bind,ro "$disk" || exit 97"#,
        ])
    func `an older store that cannot be migrated where it is can be read`(closing: String) throws {
        let run = try onDisk(
            """
            export PGFOB_STORE="$disk/p.db"
            "$pgfob" add --name one --host 127.0.0.1 --auth none || exit 98
            \(Self.earlier) || exit 96
            \(closing)
            "$pgfob" list --json | grep -c '"name":"one"'
            "$pgfob" edit one --notes lost; echo "code $?"
            ls "$disk" | grep -c before
            """)
        #expect(run.output == "added one\n1\ncode 4\n0\n", "\(run.output)\(run.errors)")
        #expect(
            run.errors.contains(closing.hasPrefix("dd") ? "is full" : "cannot be written"), "\(run.errors)")
    }

    @Test(.enabled(if: unshare != nil, "no file system can be mounted here"))
    func `a read-only disk is told, and what was saved is still listed`() throws {
        let run = try onDisk(
            """
            "$pgfob" add --name one \(Self.added) || exit 98
            mount -o remount,bind,ro "$disk" || exit 97
            "$pgfob" add --name two \(Self.added); echo "code $?"
            "$pgfob" list --store "$disk/p.db" --json | grep -c '"name":"one"'
            "$pgfob" list --store "$disk/new.db"; echo "code $?"
            "$pgfob" doctor --store "$disk/p.db" | grep -c '^warning  store .*1 profile can be read, but .*cannot be written'
            "$pgfob" doctor --store "$disk/new.db" | grep -c '^error    store .*cannot be made (Read-only file system)'
            """)
        #expect(run.output == "added one\ncode 4\n1\ncode 0\n1\n1\n", "\(run.output)\(run.errors)")
        #expect(run.errors.contains("writable") && run.errors.contains("--store"), "\(run.errors)")
    }

    @Test func `a foreign file, a damaged store and a newer one keep the screen away and are left alone`()
        throws
    {
        let foreign = try home.folder.write(String(repeating: "letter ", count: 100), to: "letter.txt")
        let terminal = try home.screen(["--store", foreign], columns: 200)
        #expect(try terminal.ending() == .exited(4))
        #expect(terminal.screen.contains("is not a pgfob store") && !terminal.output.contains(0x1b))
        #expect(home.folder.read("letter.txt")?.hasPrefix("letter ") == true)
    }

    // MARK: Terminals

    @Test(arguments: [nil, "", "dumb", "nosuch-terminal"])
    func `a terminal that can show no screen is told to use the subcommands or TERM`(term: String?) throws {
        var environment = home.environment
        environment["TERM"] = term
        let terminal = try PseudoTerminal(ProgramPath.pgfob, [], environment: environment, columns: 200)
        #expect(try terminal.ending() == .exited(1))
        #expect(terminal.screen.contains("pgfob: ") && terminal.screen.contains("TERM") || term == "dumb")
        #expect(!terminal.output.contains(0x1b) && terminal.isInLineMode)
    }

    @Test func `without a terminal the screen is refused in one line`() throws {
        let run = try home.pgfob()
        #expect(run.code == 1 && run.output.isEmpty)
        #expect(
            run.errors.hasPrefix("pgfob: ") && run.errors.filter { $0 == "\n" }.count == 1, "\(run.errors)")
    }

    @Test(arguments: ["<&-", ">&-", "<&- >&- 2>&-"])
    func `closed descriptors at the start harm nothing`(closed: String) throws {
        try add("orders")
        for verb in ["list", "", "connect orders", "import -"] {
            let run = try ProgramRun(
                "/bin/sh", ["-c", "\"$0\" \(verb) \(closed)", ProgramPath.pgfob],
                environment: home.environment)
            #expect(
                run.code.map { [0, 1, 125].contains($0) } == true, "\(verb): \(run.ending) \(run.errors)")
        }
        #expect(try home.pgfob("list", "--json").output.contains("orders"))
        #expect(try home.pgfob("list").output.hasPrefix("NAME"))
    }

    @Test func `a terminal of 20x5 says what it needs, and works again when it grows`() throws {
        try add("orders")
        let terminal = try home.screen(columns: 20, rows: 5)
        try terminal.waitFor("60x15")
        try terminal.waitFor("20x5")
        terminal.resize(columns: 80, rows: 24)
        try terminal.waitUntil("the list") { FleetRun.selected($0, "orders") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `a stdin that closes ends the screen and gives the terminal back`() throws {
        try add("orders")
        let terminal = try home.screen()
        try terminal.waitFor("orders")
        let pid = terminal.pid
        terminal.hangUp()
        // Once it has ended there is no process of that number, or a dead one that waits to be reaped.
        let deadline = ContinuousClock.now + .seconds(60)
        var status: Int32 = 0
        while waitpid(pid, &status, WNOHANG) == 0, ContinuousClock.now < deadline { poll(nil, 0, 5) }
        #expect(kill(pid, 0) != 0)
    }

    // MARK: Names and pastes

    @Test func `names in Japanese and with escape sequences neither move the screen nor the list`() throws {
        try add("会計-本番")
        let hostile = #"{"name":"evil\u001b]0;title\u0007\u001b[2J","host":"\#(Self.host)","user":"u\u202e"}"#
        #expect(try home.pgfob(["import", "-"], input: hostile).code == 1)
        let notes = #"{"name":"notes","host":"\#(Self.host)","user":"jo","notes":"\u001b[31mred\u0007"}"#
        #expect(try home.pgfob(["import", "-"], input: notes).code == 0)
        let terminal = try home.screen(columns: 120, rows: 40)
        try terminal.waitFor("会計-本番")
        let rows = terminal.screen.lines.filter { $0.contains("orders.cluster-c1x9 euw1") }
        #expect(rows.count == 2)
        try terminal.send("G")
        try terminal.waitFor("notes")
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("\u{1b}[31mred"))
        let list = try home.screen(["list"], columns: 160)
        #expect(try list.ending() == .exited(0))
        #expect(list.screen.contains("会計-本番"))
    }

    @Test func `a paste of 100 kB into the form is one edit, and the form stays usable`() throws {
        let terminal = try home.screen()
        try terminal.waitFor("n ")
        try terminal.send("n")
        try terminal.waitFor("New profile")
        try terminal.paste(String(repeating: "0123456789", count: 10_000))
        try terminal.press(.control("l"))
        try terminal.waitForSilence()
        #expect(terminal.screen.contains("New profile"))
        try terminal.press(.escape)
        try terminal.waitFor("Discard 1 change?")
        try terminal.send("y")
        try terminal.waitUntil("the list") { !$0.contains("New profile") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    // MARK: Profiles that cannot log in

    @Test
    func `a region that nobody knows, no credentials and ended ones are told before anything is dialled`()
        throws
    {
        let bundle = try home.folder.write("", to: "ca.pem")
        let more = ["--user", "jo", "--sslrootcert", bundle]
        let global = "g.global-abc.global.rds.amazonaws.com"
        #expect(try home.pgfob(["add", "--name", "global", "--host", global] + more).code == 0)
        #expect(try home.pgfob(["add", "--name", "plain", "--host", Self.host] + more).code == 0)
        let region = try home.pgfob("test", "global", "--json")
        #expect(region.code == 1 && region.output.contains("\"code\":\"region-unknown\""), "\(region.output)")
        let missing = try home.pgfob("test", "plain", "--json")
        #expect(missing.code == 1 && missing.output.contains("\"code\":\"aws-no-credentials\""))
        let ended = [
            "AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_SESSION_TOKEN": "hunter3",
            "AWS_CREDENTIAL_EXPIRATION": "2026-01-01T00:00:00Z",
        ]
        let over = try home.pgfob("test", "plain", "--json", more: ended)
        #expect(over.code == 1 && over.output.contains("\"code\":\"aws-expired\""))
        #expect(!over.output.contains("hunter"))
        let bundleGone = try home.pgfob("edit", "plain", "--sslrootcert", "/nonexistent/ca.pem")
        #expect(bundleGone.code == 0)
        let keys = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "s"]
        let connect = try home.pgfob("connect", "plain", more: keys)
        #expect(connect.code == 125 && connect.errors.contains("/nonexistent/ca.pem"))
    }
}

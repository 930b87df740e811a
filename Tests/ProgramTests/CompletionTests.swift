import TestSupport
import Testing

/// Completions in real shells, with names that shells make something of.
@Suite(.timeLimit(.minutes(14)))
struct CompletionTests {
    let home: ProgramHome

    init() throws {
        home = try ProgramHome()
        let lines = [
            "orders-writer", "billing", "two words", "it's", "c:olon", "=equal", "$(touch ran)",
            "`touch ran`",
            "x; touch ran",
        ].map { #"{"name":"\#($0)","host":"h.example","auth":"none","group":"team a"}"# }
        #expect(try home.pgfob(["import", "-"], input: lines.joined(separator: "\n")).code == 0)
        try home.folder.write(
            "#!/bin/sh\nexec \(ProgramPath.pgfob) \"$@\"\n", to: "bin/pgfob", mode: 0o755)
        for (shell, name) in [("bash", "pgfob.bash"), ("zsh", "functions/_pgfob"), ("fish", "pgfob.fish")] {
            let script = try home.pgfob("--generate-completion-script", shell)
            #expect(script.code == 0 && script.errors.isEmpty)
            try home.folder.write(script.output, to: name)
        }
    }

    /// A second store, in a folder whose name a shell has to be told.
    private func makeOtherStore() throws {
        let line = #"{"name":"elsewhere","host":"h.example","auth":"none"}"#
        let path = home.folder.file("other stores/x.db")
        try home.folder.write("", to: "other stores/empty")
        #expect(try home.pgfob(["--store", path, "import", "-"], input: line).code == 0)
    }

    /// A shell that has read the completions and says `ready`.
    private func shell(_ program: String, _ arguments: [String], _ setUp: String) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            program, arguments,
            environment: home.environment.merging([
                "PATH": "\(home.folder.file("bin")):/usr/bin:/bin", "PS1": "> ", "TERM": "xterm",
            ]) { $1 }, folder: home.folder.path, columns: 120, rows: 40)
        try terminal.send(setUp + "; echo re''ady\n")
        try terminal.waitFor("ready")
        return terminal
    }

    /// Types what begins a line and asks for the rest.
    private func completes(_ terminal: PseudoTerminal, _ typed: String, to expected: String) throws {
        try terminal.send(typed + "\t")
        try terminal.waitFor(expected)
        // The line goes without being run.
        try terminal.press(.control("u"))
    }

    private func expectNothingRan() {
        #expect(!home.folder.names.contains("ran"))
    }

    @Test func `bash completes subcommands, names and what is typed behind options`() throws {
        let terminal = try shell("/bin/bash", ["--norc", "--noprofile", "-i"], "source pgfob.bash")
        try completes(terminal, "pgfob disc", to: "pgfob discover")
        try completes(terminal, "pgfob connect ord", to: "pgfob connect orders-writer")
        try completes(terminal, "pgfob proxy ord", to: "pgfob proxy orders-writer")
        try completes(terminal, "pgfob test two", to: "pgfob test two\\ words")
        try completes(terminal, "pgfob test billing it", to: "pgfob test billing it\\'s")
        try completes(terminal, "pgfob edit c:", to: "pgfob edit c:olon")
        try completes(terminal, "pgfob edit c:ol", to: "pgfob edit c:olon")
        try completes(terminal, "pgfob test billing =", to: "pgfob test billing =equal")
        try completes(terminal, "pgfob help imp", to: "pgfob help import")
        try completes(terminal, "pgfob exec billing -- ls -l /etc/pass", to: "-- ls -l /etc/passwd")
        try completes(terminal, "pgfob export --format pga", to: "pgfob export --format pgadmin")
        try completes(terminal, "pgfob run --format j", to: "pgfob run --format json")
        try completes(terminal, "pgfob discover --region eu-no", to: "--region eu-north-1")
        try completes(terminal, "pgfob export --format=pga", to: "pgfob export --format=pgadmin")
        try completes(terminal, "pgfob add --sslmode=verify-f", to: "--sslmode=verify-full")
        try completes(terminal, "pgfob connect --dbname=d ord", to: "--dbname=d orders-writer")
        try makeOtherStore()
        try completes(
            terminal, "pgfob connect --store other\\ stores/x.db els",
            to: "--store other\\ stores/x.db elsewhere")
        try completes(
            terminal, "pgfob test --store='other stores/x.db' els", to: "'other stores/x.db' elsewhere")
        try completes(
            terminal, "pgfob --store ~/'other stores'/x.db test els", to: "'other stores'/x.db test elsewhere"
        )
        try terminal.send("pgfob connect \t\t")
        try terminal.waitFor("$(touch ran)")
        expectNothingRan()
    }

    @Test(.enabled(if: ProgramPath.isInstalled("/usr/bin/zsh"), "zsh is not here"))
    func `zsh completes names`() throws {
        let terminal = try shell(
            "/usr/bin/zsh", ["-f", "-i"],
            "unsetopt prompt_sp; fpath=($HOME/functions $fpath); autoload -U compinit; compinit -u -D; PS1='> '"
        )
        try completes(terminal, "pgfob connect ord", to: "pgfob connect orders-writer")
        try completes(terminal, "pgfob proxy ord", to: "pgfob proxy orders-writer")
        try completes(terminal, "pgfob test two", to: "pgfob test two\\ words")
        try completes(terminal, "pgfob edit c", to: "pgfob edit c:olon")
        try completes(terminal, "pgfob help imp", to: "pgfob help import")
        try completes(terminal, "pgfob exec billing -- ls -l /etc/pass", to: "-- ls -l /etc/passwd")
        try completes(terminal, "pgfob run --format j", to: "pgfob run --format json")
        try completes(terminal, "pgfob export --format=pga", to: "pgfob export --format=pgadmin")
        try makeOtherStore()
        try completes(
            terminal, "pgfob connect --store other\\ stores/x.db els",
            to: "--store other\\ stores/x.db elsewhere")
        try terminal.send("pgfob connect \t")
        try terminal.waitFor("$(touch ran)")
        expectNothingRan()
    }

    @Test(.enabled(if: ProgramPath.isInstalled("/usr/bin/fish"), "fish is not here"))
    func `fish completes names`() throws {
        let terminal = try shell(
            "/usr/bin/fish", ["--no-config", "-i"], "function fish_prompt; echo '> '; end; source pgfob.fish")
        try completes(terminal, "pgfob connect ord", to: "pgfob connect orders-writer")
        try completes(terminal, "pgfob proxy ord", to: "pgfob proxy orders-writer")
        try completes(terminal, "pgfob test two", to: "pgfob test two\\ words")
        try completes(terminal, "pgfob help imp", to: "pgfob help import")
        try completes(terminal, "pgfob exec billing -- ls -l /etc/pass", to: "-- ls -l /etc/passwd")
        try completes(terminal, "pgfob run --format j", to: "pgfob run --format json")
        try makeOtherStore()
        try completes(
            terminal, "pgfob connect --store other\\ stores/x.db els",
            to: "--store other\\ stores/x.db elsewhere")
        try terminal.send("pgfob connect \t")
        try terminal.waitFor("$(touch ran)")
        expectNothingRan()
    }

    // MARK: The manual and the doctor

    @Test func `the manual has every subcommand and every option of its own`() throws {
        let page = try home.pgfob("--generate-manual")
        #expect(page.code == 0 && page.output.contains(".Dt PGFOB 1"))
        let help = try home.pgfob("--help").output
        let start = try #require(help.range(of: "SUBCOMMANDS:")?.upperBound)
        for line in help[start...].split(separator: "\n") where line.hasPrefix("  ") && !line.hasPrefix("   ")
        {
            let name = line.split(separator: " ").first.map(String.init) ?? ""
            // The last line says where there is more help.
            guard name.first?.isLowercase == true else { continue }
            #expect(page.output.contains(".Ss \(name)\n"), "\(name)")
        }
        #expect(
            page.output.contains(".It Fl -all-regions\n")
                && page.output.contains(".It Fl -format Ar format\n"))
    }

    @Test(.enabled(if: ProgramPath.isInstalled("/usr/bin/mandoc"), "mandoc is not here"))
    func `mandoc finds nothing wrong with the manual`() throws {
        let path = try home.folder.write(try home.pgfob("--generate-manual").output, to: "pgfob.1")
        let run = try ProgramRun(
            "/usr/bin/mandoc", ["-Tlint", "-W", "warning", path], environment: ["PATH": "/usr/bin:/bin"])
        #expect(run.code == 0 && run.output.isEmpty, "\(run.output)")
    }

    @Test func `doctor tells of each thing what is well, and what to do about the rest`() throws {
        let quick = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-west-1", "PATH": "/usr/bin:/bin",
        ]
        let run = try home.pgfob("doctor", "--json", more: quick)
        #expect(run.code == 0, "\(run.output)")
        let names = run.output.split(separator: "\n").compactMap {
            $0.split(separator: "\"").dropFirst(2).dropFirst().first
        }
        #expect(
            Set(names.map(String.init)).isSuperset(of: [
                "libpq", "psql", "openssl", "ncurses", "terminfo", "locale", "aws", "ssh", "ca bundle",
                "clock",
                "permissions", "settings", "store",
            ]), "\(run.output)")
        #expect(run.output.contains(#"{"check":"clock","outcome":"warning""#))
        try home.folder.write("them = 1\n", to: ".config/pgfob/config.toml")
        try home.folder.write("h:1:d:u:p\n", to: ".pgpass", mode: 0o644)
        try home.folder.write("nothing", to: ".local/share/pgfob/ca/global-bundle.pem")
        let broken = try home.pgfob("doctor", more: quick.merging(["TERM": "nosuch", "LC_ALL": "C"]) { $1 })
        #expect(broken.code == 1)
        for words in [
            "error    ca bundle", "permissions  ", "chmod 600 ", "warning  terminfo", "config.toml",
        ] {
            #expect(broken.output.contains(words), "\(words): \(broken.output)")
        }
        #expect(!broken.output.contains("\u{1b}"))
    }
}

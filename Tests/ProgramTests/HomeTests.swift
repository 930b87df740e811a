import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where files lie: the home folder, and paths that were named and are not there.
@Suite(.timeLimit(.minutes(14)))
struct HomeTests {
    private let home: ProgramHome

    init() throws { home = try ProgramHome() }

    /// Runs the program from a folder of the home, by a shell.
    private func pgfob(
        in folder: String, _ arguments: String, environment: [String: String]? = nil
    ) throws -> ProgramRun {
        try ProgramRun(
            "/bin/sh",
            ["-c", "cd '\(home.folder.file(folder))' && exec '\(ProgramPath.pgfob)' \(arguments)"],
            environment: environment ?? home.environment)
    }

    @Test(arguments: [nil, "", "relative", "."])
    func `without a HOME the current folder is not taken for it`(value: String?) throws {
        try home.folder.write("psql = 'nothing'\ntheme = 'nowhere'\n", to: "here/.config/pgfob/config.toml")
        var environment = home.environment
        environment["HOME"] = value
        // The test writes nothing into the home of whoever runs it.
        environment["XDG_DATA_HOME"] = home.folder.file("data")
        environment["XDG_STATE_HOME"] = home.folder.file("state")
        let doctor = try pgfob(in: "here", "doctor", environment: environment)
        #expect(!doctor.output.contains(home.folder.file("here")), "\(doctor.output)")
        #expect(!doctor.output.contains("nowhere") && !doctor.output.contains("no psql"), "\(doctor.output)")
        environment["XDG_DATA_HOME"] = "data"
        let relative = try pgfob(in: "here", "doctor", environment: environment)
        #expect(!relative.output.contains(home.folder.file("here")), "\(relative.output)")
    }

    @Test(.enabled(if: geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0))
    func `a user of whom the system knows no home is told to set HOME`() throws {
        let run = try ProgramRun(
            "/usr/bin/setpriv", ["--reuid=54321", "--clear-groups", ProgramPath.pgfob, "list"],
            environment: ["PATH": "/usr/bin:/bin"])
        #expect(run.code == 2 && run.output.isEmpty, "\(run)")
        #expect(run.errors.contains("54321: set HOME to an absolute path\n"), "\(run.errors)")
    }

    @Test(arguments: [["--store=", "list"], ["list", "--config="], ["--store", "", "list"]])
    func `an option with an empty path is refused`(arguments: [String]) throws {
        let run = try home.pgfob(arguments)
        #expect(run.code == 2 && run.errors.contains("has no path"), "\(run)")
        #expect(home.folder.read(home.store) == nil)
    }

    @Test func `settings that are named and not there are no empty ones`() throws {
        for run in [
            try home.pgfob("list", "--config", home.folder.file("no.toml")),
            try home.pgfob("list", more: ["PGFOB_CONFIG": home.folder.file("no.toml")]),
        ] {
            #expect(run.code == 2 && run.errors.contains("no.toml, which is not there"), "\(run)")
        }
    }

    @Test func `a named store is made by what writes, but neither by looking nor with its folders`() throws {
        let typo = home.folder.file("typo/dir/x.db")
        for words in [["list"], ["add", "--name", "a", "--host", "h.example"]] {
            let run = try home.pgfob(["--store", typo] + words)
            #expect(run.code == 4 && run.errors.contains("the folder of the store"), "\(run)")
        }
        #expect(access(home.folder.file("typo"), F_OK) != 0)
        let new = home.folder.file("new.db")
        let looked = try home.pgfob("--store", new, "list")
        #expect(looked.code == 0 && looked.output.isEmpty && looked.errors.contains("is not there yet"))
        #expect(access(new, F_OK) != 0)
        #expect(try home.pgfob("--store", new, "add", "--name", "a", "--host", "h.example").code == 0)
        #expect(try home.pgfob("--store", new, "list").output.contains("h.example"))
        // The default's are made.
        #expect(try home.pgfob("list").code == 0)
        #expect(access(home.folder.file(home.store), F_OK) != 0)
        #expect(try home.pgfob("add", "--name", "a", "--host", "h.example").code == 0)
    }

    /// As a user who may not write in the home: root may everywhere.
    private func asReader(_ arguments: [String]) throws -> ProgramRun {
        guard geteuid() == 0 else { return try home.pgfob(arguments) }
        return try ProgramRun(
            "/usr/bin/setpriv", ["--reuid=54321", "--clear-groups", ProgramPath.pgfob] + arguments,
            environment: home.environment)
    }

    @Test(.enabled(if: geteuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0))
    func `a store in a folder that may not be entered is not taken for one that is not there`() throws {
        #expect(try home.pgfob("add", "--name", "a", "--host", "127.0.0.1", "--auth", "none").code == 0)
        let folder = home.folder.file(".local/share/pgfob")
        for parent in ["", ".local", ".local/share"] { #expect(chmod(home.folder.file(parent), 0o755) == 0) }
        #expect(chmod(folder, geteuid() == 0 ? 0o700 : 0) == 0)
        defer { chmod(folder, 0o700) }
        for words in [["list"], ["list", "--json"], ["export"]] {
            let run = try asReader(words)
            #expect(run.code == 4 && run.errors.contains("cannot be opened (Permission denied)"), "\(run)")
        }
        let doctor = try asReader(["doctor"]).output
        #expect(doctor.contains("error    store") && !doctor.contains("none yet"), "\(doctor)")
    }

    @Test(.enabled(if: geteuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0))
    func `a store that takes nothing is told in one line, once, and is read all the same`() throws {
        #expect(try home.pgfob("add", "--name", "a", "--host", "127.0.0.1", "--auth", "none").code == 0)
        let folder = home.folder.file(".local/share/pgfob")
        #expect(chmod(home.folder.path, 0o755) == 0)
        for part in [".local", ".local/share", ".local/share/pgfob"] {
            #expect(chmod(home.folder.file(part), 0o755) == 0)
        }
        for mode: mode_t in [0o444, 0o666] {
            #expect(chmod(home.folder.file(home.store), mode) == 0 && chmod(folder, 0o555) == 0)
            let listed = try asReader(["list"])
            #expect(listed.code == 0 && listed.output.contains("127.0.0.1"), "\(mode) \(listed)")
            let tested = try asReader(["test", "a"])
            let complaints = tested.errors.split(separator: "\n").filter { $0.contains("not saved") }
            #expect(complaints.count == 1 && !tested.errors.contains("StoreFailure"), "\(tested.errors)")
        }
        #expect(chmod(home.folder.file(home.store), 0) == 0)
        let closed = try asReader(["list"])
        #expect(closed.code == 4 && closed.errors.contains("make the file readable"), "\(closed)")
        chmod(folder, 0o755)
    }

    @Test func `the doctor says of a store that has no place what the list says of it`() throws {
        let path = home.folder.file("nowhere/p.db")
        let listed = try home.pgfob("--store", path, "list")
        #expect(listed.code == 4 && listed.errors.contains("is not there"), "\(listed)")
        let doctor = try home.pgfob("doctor", more: ["PGFOB_STORE": path])
        #expect(doctor.code == 1, "\(doctor)")
        #expect(doctor.output.contains("error    store        the folder of the store \(path) is not there"))
    }

    @Test func `history of what is no store says so in one line`() throws {
        let path = try home.folder.write("This is a letter, longer than a header.\n", to: "text.db")
        let run = try home.pgfob("--store", path, "history")
        #expect(run.code == 4 && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.errors.contains("is not a pgfob store") && !run.errors.contains("Refusal("))
    }

    @Test func `a relative file of root certificates is found from every folder`() throws {
        try home.folder.write("", to: "here/ca.pem")
        let added = try pgfob(in: "here", "add --name a --host h.example --auth none --sslrootcert ca.pem")
        #expect(added.code == 0, "\(added.errors)")
        let file = home.folder.file("here/ca.pem")
        #expect(try home.pgfob("conninfo", "a").output.contains("sslrootcert=\(file) "))
        #expect(try pgfob(in: "here", "edit a --sslrootcert system").code == 0)
        #expect(try home.pgfob("conninfo", "a").output.contains("sslrootcert=system "))
        #expect(try pgfob(in: "here", "add --name b 'host=h.example sslrootcert=./ca.pem'").code == 0)
        #expect(try home.pgfob("conninfo", "b").output.contains("sslrootcert=\(file) "))
    }
}

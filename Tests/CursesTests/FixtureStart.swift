import TestSupport

/// How the tests of this module start the fixture.
enum FixtureStart {
    /// The fixture alone on a terminal.
    static func alone(
        _ environment: [String: String] = [:], log: String = "/dev/null", command: String = "",
        columns: Int = 80, rows: Int = 24
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            ProgramPath.built("CursesFixture"), [log, command],
            environment: PseudoTerminal.environment(environment), columns: columns, rows: rows)
    }

    /// The fixture under a shell that prints the terminal's modes before and after, and the exit code.
    static func underShell(
        _ environment: [String: String] = [:], log: String = "/dev/null", command: String = ""
    ) throws -> PseudoTerminal {
        let script = #"echo "before $(stty -g)"; "$0" "$@"; echo "code $?"; echo "after $(stty -g)""#
        return try PseudoTerminal(
            "/bin/sh", ["-c", script, ProgramPath.built("CursesFixture"), log, command],
            environment: PseudoTerminal.environment(environment), columns: 120)
    }

    /// The fixture as a job of an interactive shell with job control.
    static func underJobControl(command: String = "") throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            "/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"],
            environment: PseudoTerminal.environment(["PS1": "shell> "]))
        try terminal.waitFor("shell>")
        try terminal.send("'\(ProgramPath.built("CursesFixture"))' /dev/null '\(command)'\n")
        try terminal.waitFor("fixture 80x24")
        return terminal
    }
}

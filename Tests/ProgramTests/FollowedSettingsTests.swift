import TestSupport
import Testing

/// Subcommands that stay go by config.toml as it is saved, as the screen does.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct FollowedSettingsTests {
    private let trial: ProxyTrial
    private var run: FleetRun { trial.run }

    init() throws {
        trial = try ProxyTrial()
        try write(tunnel("first"))
        try run.route(by: "jump")
    }

    private func write(_ text: String) throws { try run.folder.write(text, to: ".config/pgfob/config.toml") }

    /// The settings that have one which counts its connections in a file of that name.
    private func tunnel(_ file: String) -> String {
        "[tunnels]\njump = \"command \(Python.program) \(ProgramPath.repository)/Tests/Servers/stalling_tunnel.py {port} "
            + "{host} {remote_port} 0 0 \(run.folder.file(file))\"\n"
    }

    @Test func `the next login of a proxy is by the settings as they were saved`() throws {
        let (proxy, conninfo) = try trial.proxy()
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n")
        #expect(run.folder.read("first") == "1")
        try write("[tunnels]\njump = 3\n")
        try proxy.wait(for: "word of it") {
            proxy.errors.contains("until then the settings stay as they were")
        }
        #expect(
            proxy.errors.contains(
                "pgfob: warning: \(run.folder.file(".config/pgfob/config.toml")):2: tunnels.jump is not"))
        #expect(try trial.psql(conninfo, "-Atc", "select 2").output == "2\n")
        #expect(run.folder.read("first") == "2")
        try write(tunnel("second"))
        try proxy.wait(for: "a login by the other tunnel") {
            (try? trial.psql(conninfo, "-Atc", "select 3").output) == "3\n"
                && run.folder.read("second") != nil
        }
        // It was wrong once, and is told once.
        #expect(proxy.errors.components(separatedBy: "until then").count == 2, "\(proxy.errors)")
    }

    @Test func `a tunnel that stays tells what becomes wrong with the settings, and with a link's target`()
        throws
    {
        let config = run.folder.file(".config/pgfob/config.toml")
        let kept = try run.folder.write(tunnel("first"), to: "dotfiles/pgfob.toml")
        #expect(try ProgramRun("/bin/ln", ["-sf", kept, config], environment: [:]).code == 0)
        let child = try trial.start(ProgramPath.pgfob, ["tunnel", "orders-stg"], run.environment, input: nil)
        try child.wait(for: "connection string") { child.output.hasSuffix("\n") }
        try run.folder.write("mouse = \"yes\"\n" + tunnel("first"), to: "dotfiles/pgfob.toml")
        try child.wait(for: "word of it") { child.errors.contains(":1: mouse is not a flag") }
        #expect(!child.errors.contains("until then"))
        try run.folder.write("[tunnels\n", to: "dotfiles/pgfob.toml")
        try child.wait(for: "word of it") {
            child.errors.contains("until then the settings stay as they were")
        }
    }
}

import TestSupport

/// The real program with a home of its own: nothing of the user's takes part.
struct ProgramHome {
    let folder: TemporaryFolder
    let environment: [String: String]

    /// - Parameters:
    ///   - more: variables beside those of a plain session.
    ///   - hasOwnRuntime: whether XDG_RUNTIME_DIR is set, to the home.
    init(_ more: [String: String] = [:], hasOwnRuntime: Bool = false) throws {
        folder = try TemporaryFolder()
        var own = ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"]
        if hasOwnRuntime { own["XDG_RUNTIME_DIR"] = folder.path }
        environment = PseudoTerminal.environment(own).merging(more) { $1 }
    }

    /// Runs a subcommand to its end.
    func pgfob(
        _ arguments: [String], more: [String: String] = [:], input: String = ""
    ) throws -> ProgramRun {
        try ProgramRun(
            ProgramPath.pgfob, arguments, environment: environment.merging(more) { $1 }, input: input)
    }

    /// The same with the words of the command line as they would be typed, no quotes needed.
    func pgfob(_ arguments: String..., more: [String: String] = [:]) throws -> ProgramRun {
        try pgfob(arguments, more: more)
    }

    /// Opens the screen, or a subcommand on a terminal.
    func screen(
        _ arguments: [String] = [], columns: Int = 80, rows: Int = 24, more: [String: String] = [:]
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            ProgramPath.pgfob, arguments, environment: environment.merging(more) { $1 }, folder: folder.path,
            columns: columns, rows: rows)
    }

    /// Where the profiles lie unless told otherwise.
    var store: String { ".local/share/pgfob/profiles.db" }
}

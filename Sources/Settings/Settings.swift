import Profiles
import Screen
import TOML

/// What config.toml says.
package struct Settings: Sendable, Hashable {
    /// Keys that the user gives to an action: `[keys.CONTEXT]` with `ACTION = "KEY"` or a list of keys.
    package struct KeyChoice: Sendable, Hashable {
        package var context: String
        package var action: String
        package var keys: [Key]
        /// `FILE:LINE`.
        package var place: String
    }

    /// A value that cannot be. It takes nothing else of the file with it: the key stays at its standard, and what makes
    /// sessions safer is as strict as it can be.
    package struct Mistake: Sendable, Hashable {
        package var problem: TOMLProblem
        /// What holds instead, as in `"name" holds`, where that is not the standard.
        package var standIn: String?
        /// Whether only the screen has a use for the key: subcommands warn of it, and are refused for any other.
        package var isOfScreenAlone = false

        /// What to do, and what holds until then.
        package var remedy: String { problem.remedy + (standIn.map { " (until then \($0))" } ?? "") }

        /// All of it in one line.
        package var line: String { "\(problem.what): \(remedy)" }
    }

    /// The theme's name.
    package var theme: String?
    /// Where it stands, as `FILE:LINE`.
    package var themePlace: String?
    /// The psql to run: a path, or a name to look for in PATH.
    package var psql: String?
    /// Whether signatures are made with AWS's time where this machine's clock is off.
    package var correctsClock = true
    /// How long tokens are signed for, in seconds.
    package var tokenSeconds: Int?
    /// Whether psql's prompt shows how long the token is still good.
    package var promptShowsTimeLeft = false
    /// Whether the screen takes the mouse.
    package var mouse = false
    /// By what the list is grouped, one of the words that ``read(path:groupings:columns:)`` was given.
    package var groupBy: String?
    /// The column by which it is sorted, and whether the other way round.
    package var sort: String?
    package var sortIsReversed = false
    package var environments = EnvironmentPolicies()
    /// Tunnels that profiles share, by name, as ``TunnelDefinition`` reads them.
    package var tunnels: [String: String] = [:]
    package var keys: [KeyChoice] = []
    /// Values that cannot be, in the order in which they were met.
    package var mistakes: [Mistake] = []
    /// What was not understood and is passed over, a line each with file and line.
    package var warnings: [String] = []

    package init() {}

    /// Why no subcommand goes by these settings; nil where all is right that subcommands use.
    package var refusal: TOMLProblem? { mistakes.first { !$0.isOfScreenAlone }?.problem }

    /// Reads what of the file is right; a missing one is an empty one.
    ///
    /// - Parameters:
    ///   - groupings: the words that `group_by` may be.
    ///   - columns: the words that `sort` may be.
    /// - Throws: ``TOMLProblem`` where the file cannot be read, or is no TOML: nothing of it holds then.
    package static func read(
        path: String, groupings: [String], columns: [String]
    ) throws(TOMLProblem) -> Settings {
        guard let file = try TOMLFile(path: path) else { return Settings() }
        return read(file, groupings: groupings, columns: columns)
    }

    /// What a file says that was read already; the words as for ``read(path:groupings:columns:)``.
    package static func read(_ file: TOMLFile, groupings: [String], columns: [String]) -> Settings {
        var reader = SettingsReader(groupings: groupings, columns: columns)
        reader.read(file.root)
        return reader.settings
    }
}

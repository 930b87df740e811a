import Profiles

/// What config.toml says.
package struct Settings: Sendable, Hashable {
    /// The theme's name.
    package var theme: String?
    /// The psql to run: a path, or a name to look for in PATH.
    package var psql: String?
    /// Whether signatures are made with AWS's time where this machine's clock is off.
    package var correctsClock = true
    /// What was not understood and is passed over, a line each with file and line.
    package var warnings: [String] = []

    package init() {}

    /// Reads the file; a missing one is an empty one.
    ///
    /// - Throws: ``SettingsProblem``.
    package static func load(path: String) throws(SettingsProblem) -> Settings {
        guard let file = try TOMLFile(path: path) else { return Settings() }
        var settings = Settings()
        settings.theme = try file.text("theme")
        settings.psql = try file.text("psql")
        settings.correctsClock = try file.flag("correct_clock") ?? true
        for key in file.keys where !["theme", "psql", "correct_clock"].contains(key) {
            settings.warnings.append("\(file.place(of: key)): unknown key \(key), passed over")
        }
        return settings
    }
}

import Profiles

/// What the settings say of the screen; read at the start, and again whenever their file is saved.
package struct ScreenOptions: Sendable {
    package var grouping: Grouping
    package var order: SortOrder
    package var policies: EnvironmentPolicies
    package var keys: KeyMap
    /// The theme in use, and the names of all that can be chosen.
    package var theme: String
    package var themes: [String]
    /// Whether tmux is there to open windows.
    package var hasWindows: Bool
    /// The names of tunnels that profiles may share; nil where the settings were not asked.
    package var tunnels: [String]?
    /// Where the profiles and the settings lie, as people write it.
    package var storePath = ""
    package var configPath = "config.toml"
    /// The program and its version, for reports.
    package var program = "pgfob"
    /// Where relative paths begin; empty leaves them as they are.
    package var folder = ""

    package init(
        grouping: Grouping = .environment, order: SortOrder = SortOrder(),
        policies: EnvironmentPolicies = EnvironmentPolicies(), keys: KeyMap = .standard,
        theme: String = "standard", themes: [String] = ["standard"], hasWindows: Bool = false
    ) {
        self.grouping = grouping
        self.order = order
        self.policies = policies
        self.keys = keys
        self.theme = theme
        self.themes = themes
        self.hasWindows = hasWindows
    }

    /// Whether the list looks as the store's first page has it: grouped by the environments that profiles name
    /// themselves, the last used first.
    package var suitsFirstPage: Bool {
        grouping == .environment && order == SortOrder() && policies.rules.isEmpty
    }
}

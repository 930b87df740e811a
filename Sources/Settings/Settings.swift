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
    /// By what the list is grouped, one of the words that ``load(path:groupings:columns:)`` was given.
    package var groupBy: String?
    /// The column by which it is sorted, and whether the other way round.
    package var sort: String?
    package var sortIsReversed = false
    package var environments = EnvironmentPolicies()
    /// Tunnels that profiles share, by name, as ``TunnelDefinition`` reads them.
    package var tunnels: [String: String] = [:]
    package var keys: [KeyChoice] = []
    /// What was not understood and is passed over, a line each with file and line.
    package var warnings: [String] = []

    package init() {}

    private static let known = [
        "theme", "psql", "correct_clock", "token_seconds", "prompt_time_left", "mouse", "group_by", "sort",
        "sort_reversed", "environments",
        "environment_rules", "keys", "tunnels",
    ]

    /// Reads the file; a missing one is an empty one.
    ///
    /// - Parameters:
    ///   - groupings: the words that `group_by` may be.
    ///   - columns: the words that `sort` may be.
    /// - Throws: ``TOMLProblem``.
    package static func load(
        path: String, groupings: [String] = [], columns: [String] = []
    ) throws(TOMLProblem) -> Settings {
        guard let file = try TOMLFile(path: path) else { return Settings() }
        return try read(file, groupings: groupings, columns: columns)
    }

    /// What a file says that was read already.
    ///
    /// - Throws: ``TOMLProblem``.
    package static func read(
        _ file: TOMLFile, groupings: [String] = [], columns: [String] = []
    ) throws(TOMLProblem) -> Settings {
        let root = file.root
        var settings = Settings()
        settings.theme = try root.text("theme")
        settings.themePlace = settings.theme.map { _ in root.place(of: "theme") }
        settings.psql = try root.text("psql")
        settings.correctsClock = try root.flag("correct_clock") ?? true
        settings.tokenSeconds = try root.number("token_seconds", 1...900)
        settings.promptShowsTimeLeft = try root.flag("prompt_time_left") ?? false
        settings.mouse = try root.flag("mouse") ?? false
        settings.sortIsReversed = try root.flag("sort_reversed") ?? false
        // Only the screen knows the words; whoever does not ask for them has no use for the two.
        if !groupings.isEmpty { settings.groupBy = try root.choice("group_by", groupings) }
        if !columns.isEmpty { settings.sort = try root.choice("sort", columns) }
        settings.environments = try environments(root)
        (settings.keys, settings.warnings) = try keys(root)
        settings.tunnels = try tunnels(root)
        for key in root.keys where !known.contains(key) {
            let nearest = Nearest.match(key, among: known).map { " (did you mean \($0)?)" } ?? ""
            settings.warnings.append("\(root.place(of: key)): unknown key \(key), passed over\(nearest)")
        }
        return settings
    }

    // MARK: Environments

    private static func environments(_ root: TOMLSection) throws(TOMLProblem) -> EnvironmentPolicies {
        var policies: [Environment: EnvironmentPolicies.Policy] = [:]
        if let section = try root.section("environments") {
            for word in section.keys {
                guard let environment = Environment(word), let inner = try section.section(word) else {
                    continue
                }
                try inner.refuseOthers(than: ["confirm", "read_only", "snooze_minutes"])
                let confirm = try inner.choice("confirm", ConfirmPolicy.allCases.map(\.rawValue))
                policies[environment] = EnvironmentPolicies.Policy(
                    confirm: confirm.flatMap { ConfirmPolicy(rawValue: $0) },
                    readOnly: try inner.flag("read_only"),
                    snooze: try inner.number("snooze_minutes", 0...1440).map { Double($0) * 60 })
            }
        }
        var rules: [EnvironmentPolicies.Rule] = []
        for section in try root.sections("environment_rules") {
            try section.refuseOthers(than: ["environment", "name", "host", "account"])
            guard let environment = try section.text("environment").flatMap({ Environment($0) }) else {
                throw TOMLProblem(
                    "\(section.place()): the rule names no environment", do: "write environment = \"prod\"")
            }
            let rule = EnvironmentPolicies.Rule(
                environment: environment, name: try pattern(section, "name"),
                host: try pattern(section, "host"),
                account: try pattern(section, "account"))
            guard rule.name != nil || rule.host != nil || rule.account != nil else {
                throw TOMLProblem(
                    "\(section.place()): the rule has nothing to match",
                    do: "write name, host or account = \"a regular expression\"")
            }
            rules.append(rule)
        }
        return EnvironmentPolicies(rules: rules, policies: policies)
    }

    private static func pattern(_ section: TOMLSection, _ key: String) throws(TOMLProblem) -> Pattern? {
        guard let text = try section.text(key) else { return nil }
        do throws(Pattern.Malformed) {
            return try Pattern(text)
        } catch {
            throw TOMLProblem(
                "\(section.place(of: key)): \(section.full(key)) is no regular expression: \(error.text)",
                do: "correct it (POSIX extended, as in grep -E)")
        }
    }

    // MARK: Tunnels

    private static func tunnels(_ root: TOMLSection) throws(TOMLProblem) -> [String: String] {
        guard let section = try root.section("tunnels") else { return [:] }
        var tunnels: [String: String] = [:]
        for name in section.keys {
            guard let text = try section.text(name) else { continue }
            let place = "\(section.place(of: name)): \(section.full(name))"
            guard case .named? = try? TunnelDefinition(name) else {
                throw TOMLProblem(
                    "\(place) is a name that no profile can take",
                    do: "take one word of letters, digits, ., - and _, which is not ssh, ssm or command",
                    line: section.line(of: name))
            }
            do throws(TunnelDefinition.Malformed) {
                if case .named = try TunnelDefinition(text) {
                    throw TunnelDefinition.Malformed(expected: "is only a name")
                }
            } catch {
                throw TOMLProblem(
                    "\(place) \(error.expected)",
                    do: "write \(name) = \"ssh HOST\", \"ssm TARGET\" or \"command PROGRAM ... {port}\"",
                    line: section.line(of: name))
            }
            tunnels[name] = text
        }
        return tunnels
    }

    // MARK: Keys

    /// One key that is none must not take the policies of the same file with it: it is passed over and told.
    private static func keys(
        _ root: TOMLSection
    ) throws(TOMLProblem) -> (choices: [KeyChoice], warnings: [String]) {
        guard let section = try root.section("keys") else { return ([], []) }
        var choices: [KeyChoice] = []
        var warnings: [String] = []
        for context in section.keys {
            guard let inner = try section.section(context) else { continue }
            for action in inner.keys {
                let texts = try inner.texts(action) ?? []
                let keys = texts.compactMap { Key(named: $0) }
                for text in texts where Key(named: text) == nil {
                    let fault =
                        Key.twin(of: text).map { "is \($0.name) to every terminal: choose another" }
                        ?? "is no key: write \"x\", \"^X\", \"Enter\", \"F5\", \"M-x\", \"S-Tab\", \"PgDn\" or \"Space\""
                    warnings.append(
                        "\(inner.place(of: action)): \"\(DialAddress.shown(text))\" \(fault)")
                }
                // With none of them left the standard ones stay.
                guard texts.isEmpty || !keys.isEmpty else { continue }
                choices.append(
                    KeyChoice(context: context, action: action, keys: keys, place: inner.place(of: action)))
            }
        }
        return (choices, warnings)
    }
}

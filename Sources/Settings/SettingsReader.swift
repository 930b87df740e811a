import Profiles
import Screen
import TOML

/// Reads the settings key by key: what cannot be is noted, and takes nothing else of the file with it.
struct SettingsReader {
    private static let known = [
        "theme", "psql", "correct_clock", "token_seconds", "prompt_time_left", "mouse", "group_by", "sort",
        "sort_reversed", "environments", "environment_rules", "keys", "tunnels",
    ]

    let groupings: [String]
    let columns: [String]
    private(set) var settings = Settings()

    init(groupings: [String], columns: [String]) {
        (self.groupings, self.columns) = (groupings, columns)
    }

    mutating func read(_ root: TOMLSection) {
        settings.theme = takeForScreen { () throws(TOMLProblem) in try root.text("theme") }
        settings.themePlace = settings.theme.map { _ in root.place(of: "theme") }
        settings.psql = take { () throws(TOMLProblem) in try root.text("psql") }
        settings.correctsClock = take { () throws(TOMLProblem) in try root.flag("correct_clock") } ?? true
        settings.tokenSeconds = take { () throws(TOMLProblem) in try root.number("token_seconds", 1...900) }
        settings.promptShowsTimeLeft =
            take { () throws(TOMLProblem) in try root.flag("prompt_time_left") } ?? false
        settings.mouse = takeForScreen { () throws(TOMLProblem) in try root.flag("mouse") } ?? false
        settings.sortIsReversed =
            takeForScreen { () throws(TOMLProblem) in try root.flag("sort_reversed") } ?? false
        settings.groupBy = takeForScreen { [groupings] () throws(TOMLProblem) in
            try root.choice("group_by", groupings)
        }
        settings.sort = takeForScreen { [columns] () throws(TOMLProblem) in
            try root.choice("sort", columns)
        }
        readEnvironments(root)
        readKeys(root)
        readTunnels(root)
        for (key, problem) in root.others(than: Self.known) where Self.misspeltGuard(key) == nil {
            settings.warnings.append("\(problem.what), and is passed over: \(problem.remedy)")
        }
    }

    /// The table of guards that an unknown word was probably meant for; nil where it was none.
    private static func misspeltGuard(_ word: String) -> String? {
        Nearest.match(word, among: known).flatMap {
            ["environments", "environment_rules"].contains($0) ? $0 : nil
        }
    }

    /// What is read; where that cannot be, the mistake is noted and `standIn` holds.
    private mutating func take<Value>(
        _ standIn: Value? = nil, _ words: String? = nil, _ read: () throws(TOMLProblem) -> Value?
    ) -> Value? {
        do throws(TOMLProblem) { return try read() } catch {
            note(error, words)
            return standIn
        }
    }

    /// The same for a key that the screen alone uses.
    private mutating func takeForScreen<Value>(_ read: () throws(TOMLProblem) -> Value?) -> Value? {
        let known = settings.mistakes.count
        let value = take(nil, nil, read)
        for place in known..<settings.mistakes.count { settings.mistakes[place].isOfScreenAlone = true }
        return value
    }

    private mutating func note(_ problem: TOMLProblem, _ standIn: String? = nil) {
        settings.mistakes.append(Settings.Mistake(problem: problem, standIn: standIn))
    }

    // MARK: Environments

    private mutating func readEnvironments(_ root: TOMLSection) {
        var policies: [Environment: EnvironmentPolicies.Policy] = [:]
        var others: EnvironmentPolicies.Policy?
        do throws(TOMLProblem) {
            if let section = try root.section("environments") {
                for word in section.keys {
                    guard let environment = Environment(word)?.folded else { continue }
                    guard policies[environment] == nil else {
                        let table = try? section.section(word)
                        note(
                            TOMLProblem(
                                "\(table?.place() ?? section.place(of: word)): \(section.full(word)) is "
                                    + "\(environment.word), of which there are two",
                                do: "keep one of them", line: table?.line() ?? section.line(of: word)),
                            "it asks for the name and is read-only")
                        policies[environment] = EnvironmentPolicies.strictest
                        continue
                    }
                    policies[environment] = policy(section, word)
                }
            }
        } catch {
            note(error, "every environment asks for the name and is read-only")
            others = EnvironmentPolicies.strictest
        }
        var (rules, readable): ([EnvironmentPolicies.Rule], Int?) = ([], nil)
        let uncertain = "what no rule before it takes in asks for the name and is read-only"
        do throws(TOMLProblem) {
            for section in try root.sections("environment_rules") {
                do throws(TOMLProblem) { rules.append(try Self.rule(section)) } catch {
                    note(error, uncertain)
                    readable = readable ?? rules.count
                }
            }
        } catch {
            note(error, "profiles without an environment ask for the name and are read-only")
            readable = 0
        }
        // Passed over it would leave open what it was to guard.
        for (key, problem) in root.others(than: Self.known) {
            switch Self.misspeltGuard(key) {
            case "environments":
                note(problem, "what no other table guards asks for the name and is read-only")
                others = EnvironmentPolicies.strictest
            case "environment_rules":
                note(problem, uncertain)
                readable = readable ?? rules.count
            default: break
            }
        }
        settings.environments = EnvironmentPolicies(
            rules: rules, policies: policies, others: others, readableRules: readable)
    }

    /// What an environment asks for. Where a word of it cannot be understood, what it may have been meant for is as strict
    /// as it can be.
    private mutating func policy(_ section: TOMLSection, _ word: String) -> EnvironmentPolicies.Policy? {
        let strictest = EnvironmentPolicies.strictest
        let inner: TOMLSection?
        do throws(TOMLProblem) { inner = try section.section(word) } catch {
            note(error, "it asks for the name and is read-only")
            return strictest
        }
        guard let inner else { return nil }
        let unknown = inner.others(than: ["confirm", "read_only", "snooze_minutes"])
        for (_, problem) in unknown { note(problem, "what \(word) does not say is as strict as it can be") }
        let confirm: String? = take(ConfirmPolicy.name.rawValue, "\"name\" holds") {
            () throws(TOMLProblem) in
            try inner.choice("confirm", ConfirmPolicy.allCases.map(\.rawValue))
        }
        let readOnly: Bool? = take(true, "true holds") { () throws(TOMLProblem) in
            try inner.flag("read_only")
        }
        let snooze: Int? = take(0, "0 holds") { () throws(TOMLProblem) in
            try inner.number("snooze_minutes", 0...1440)
        }
        var policy = EnvironmentPolicies.Policy(
            confirm: confirm.flatMap { ConfirmPolicy(rawValue: $0) }, readOnly: readOnly,
            snooze: snooze.map { Double($0) * 60 })
        if !unknown.isEmpty {
            policy.confirm = policy.confirm ?? strictest.confirm
            policy.readOnly = policy.readOnly ?? strictest.readOnly
            policy.snooze = policy.snooze ?? strictest.snooze
        }
        return policy
    }

    private static func rule(_ section: TOMLSection) throws(TOMLProblem) -> EnvironmentPolicies.Rule {
        try section.refuseOthers(than: ["environment", "name", "host", "account"])
        guard let environment = try section.text("environment").flatMap({ Environment($0) }) else {
            throw TOMLProblem(
                "\(section.place()): the rule names no environment", do: "write environment = \"prod\"",
                line: section.line())
        }
        let rule = EnvironmentPolicies.Rule(
            environment: environment, name: try pattern(section, "name"), host: try pattern(section, "host"),
            account: try pattern(section, "account"))
        guard rule.name != nil || rule.host != nil || rule.account != nil else {
            throw TOMLProblem(
                "\(section.place()): the rule has nothing to match",
                do: "write name, host or account = \"a regular expression\"", line: section.line())
        }
        return rule
    }

    private static func pattern(_ section: TOMLSection, _ key: String) throws(TOMLProblem) -> Pattern? {
        guard let text = try section.text(key) else { return nil }
        do throws(Pattern.Malformed) {
            return try Pattern(text)
        } catch {
            throw TOMLProblem(
                "\(section.place(of: key)): \(section.full(key)) is no regular expression: \(error.text)",
                do: "correct it (POSIX extended, as in grep -E)", line: section.line(of: key))
        }
    }

    // MARK: Tunnels

    /// A profile that names a tunnel which is passed over does not connect.
    private mutating func readTunnels(_ root: TOMLSection) {
        let section: TOMLSection? = take { () throws(TOMLProblem) in try root.section("tunnels") }
        guard let section else { return }
        for name in section.keys {
            settings.tunnels[name] = take { () throws(TOMLProblem) in try Self.tunnel(section, name) }
        }
    }

    private static func tunnel(_ section: TOMLSection, _ name: String) throws(TOMLProblem) -> String? {
        guard let text = try section.text(name) else { return nil }
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
        return text
    }

    // MARK: Keys

    private mutating func readKeys(_ root: TOMLSection) {
        let section: TOMLSection? = takeForScreen { () throws(TOMLProblem) in try root.section("keys") }
        guard let section else { return }
        for context in section.keys {
            let inner: TOMLSection? = takeForScreen { () throws(TOMLProblem) in try section.section(context) }
            guard let inner else { continue }
            for action in inner.keys {
                let texts: [String]? = takeForScreen { () throws(TOMLProblem) in try inner.texts(action) }
                guard let texts else { continue }
                let keys = texts.compactMap { Key(named: $0) }
                for text in texts where Key(named: text) == nil {
                    let fault =
                        Key.twin(of: text).map { "is \($0.name) to every terminal: choose another" }
                        ?? "is no key: write \"x\", \"^X\", \"Enter\", \"F5\", \"M-x\", \"S-Tab\", \"PgDn\" or \"Space\""
                    settings.warnings.append(
                        "\(inner.place(of: action)): \"\(DialAddress.shown(text))\" \(fault)")
                }
                // With none of them left the standard ones stay.
                guard texts.isEmpty || !keys.isEmpty else { continue }
                settings.keys.append(
                    Settings.KeyChoice(
                        context: context, action: action, keys: keys, place: inner.place(of: action)))
            }
        }
    }
}

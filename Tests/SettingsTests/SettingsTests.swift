import Profiles
import Screen
import Settings
import TestSupport
import TOML
import Testing

struct SettingsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ path: String) throws(TOMLProblem) -> Settings {
        try Settings.read(path: path, groupings: ["env", "group"], columns: ["name"])
    }

    /// As subcommands go by them.
    private func load(_ path: String) throws(TOMLProblem) -> Settings {
        let settings = try read(path)
        if let refusal = settings.refusal { throw refusal }
        return settings
    }

    @Test func `a missing file means the defaults`() throws {
        let settings = try load(folder.file("none/config.toml"))
        #expect(settings == Settings())
    }

    @Test func `the clock is corrected unless the file says otherwise`() throws {
        #expect(Settings().correctsClock)
        let path = try folder.write("correct_clock = false\n", to: "config.toml")
        #expect(try !load(path).correctsClock)
        try folder.write("theme = \"dark\"\ncorrect_clock = \"no\"\n", to: "config.toml")
        let problem = #expect(throws: TOMLProblem.self) { try load(path) }
        #expect(problem?.what == "\(path):2: correct_clock is not a flag")
    }

    @Test func `theme and psql are read, unknown keys are told with their line`() throws {
        let path = try folder.write(
            "theme = \"dark\"\n\npsql = \"/opt/psql\"\ncolour = 3\n", to: "config.toml")
        let settings = try load(path)
        #expect(settings.theme == "dark" && settings.psql == "/opt/psql")
        #expect(settings.warnings.count == 1)
        #expect(
            settings.warnings.first?.hasPrefix(
                "\(path):4: colour is unknown, and is passed over: take theme, psql, ") == true)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var expected: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Fault(text: "theme = \"dark\"\npsql = 3\n", expected: ":2: psql is not a text"),
        Fault(text: "theme = \"dark\"\n\nbroken here\n", expected: ":3: "),
        Fault(text: "theme = [\n", expected: ":1: "),
        Fault(text: "theme = \"\u{7}\"", expected: ":1: "),
    ])
    func `a broken file is told with file and line`(fault: Fault) throws {
        let path = try folder.write(fault.text, to: "config.toml")
        let problem = #expect(throws: TOMLProblem.self) { try load(path) }
        #expect(problem?.what.hasPrefix(path + fault.expected) == true, "\(problem?.what ?? "")")
        #expect(problem?.remedy.isEmpty == false && problem?.what.contains("\n") == false)
    }

    // MARK: Environments

    @Test func `environments get policies, and profiles environments by rules`() throws {
        let path = try folder.write(
            """
            [environments.prod]
            confirm = "name"
            snooze_minutes = 0
            [environments.QA]
            read_only = true
            confirm = "key"
            [[environment_rules]]
            environment = "prod"
            host = "^(orders|billing)\\\\."
            [[environment_rules]]
            environment = "qa"
            name = "-qa$"
            account = "^1234"
            """, to: "config.toml")
        let policies = try load(path).environments
        #expect(
            policies.confirmation(.prod) == .name && policies.startsReadOnly(.prod)
                && policies.snooze(.prod) == 0)
        #expect(policies.confirmation(.stage) == .none && policies.snooze(.stage) == 900)
        let orders = Profile(name: "x", host: "ORDERS.cluster-c1.eu-west-1.rds.amazonaws.com")
        #expect(policies.environment(of: orders) == .prod)
        var own = orders
        own.environment = .dev
        #expect(policies.environment(of: own) == .dev)
        let qa = Profile(name: "cart-QA", host: "cart.example")
        #expect(policies.environment(of: qa) == nil && policies.environment(of: qa, account: "9123") == nil)
        #expect(policies.environment(of: qa, account: "123456789012") == .other("qa"))
        let effective = policies.effective(qa, account: "123456789012")
        #expect(effective.startsReadOnly && effective.confirmation == .key)
        #expect(policies.effective(effective, account: nil) == effective)
    }

    @Test(arguments: [
        Fault(
            text: "[environments.prod]\nconfirm = \"maybe\"\n",
            expected: ":2: environments.prod.confirm is no \"maybe\""),
        Fault(
            text: "[environments.prod]\nread-only = true\n",
            expected: ":2: environments.prod.read-only is unknown"),
        Fault(
            text: "[environments.prod]\nsnooze_minutes = -1\n",
            expected: ":2: environments.prod.snooze_minutes -1 is not 0 to 1440"),
        Fault(text: "token_seconds = 901\n", expected: ":1: token_seconds 901 is not 1 to 900"),
        Fault(text: "token_seconds = \"x\"\n", expected: ":1: token_seconds is not a number"),
        Fault(text: "environments = 3\n", expected: ":1: environments is not a table"),
        Fault(text: "environment_rules = 3\n", expected: ":1: environment_rules is not a list of tables"),
        Fault(text: "[[environment_rules]]\nname = \"x\"\n", expected: ":1: the rule names no environment"),
        Fault(
            text:
                "[[environment_rules]]\nenvironment = \"a\"\nname = \"x\"\n\n[[environment_rules]]\nenvironment = \"prod\"\n",
            expected: ":5: the rule has nothing to match"),
        Fault(
            text: "[[environment_rules]]\nenvironment = \"prod\"\nname = \"(x\"\n",
            expected: ":3: environment_rules.name is no regular expression"),
        Fault(
            text: "[keys.list]\n\ntest = 5\n", expected: ":3: keys.list.test is not a text or a list of texts"
        ),
        Fault(
            text: "[tunnels]\na-1_c = \"ssh b\"\n\"jump eu\" = \"ssh b\"\n",
            expected: ":3: tunnels.jump eu is a name that no profile can take"),
        Fault(
            text: "[tunnels]\nssm = \"ssh b\"\n",
            expected: ":2: tunnels.ssm is a name that no profile can take"),
        Fault(text: "mouse = \"on\"\n", expected: ":1: mouse is not a flag"),
        Fault(text: "group_by = \"colour\"\n", expected: ":1: group_by is no \"colour\""),
    ])
    func `what a setting cannot be is told with its line`(fault: Fault) throws {
        let path = try folder.write(fault.text, to: "config.toml")
        let problem = #expect(throws: TOMLProblem.self) {
            let settings = try read(path)
            if let mistake = settings.mistakes.first { throw mistake.problem }
        }
        #expect(problem?.what.hasPrefix(path + fault.expected) == true, "\(problem?.what ?? "")")
        #expect(problem?.remedy.isEmpty == false)
    }

    @Test
    func `a mistake takes nothing else with it, and a guard that is mistaken is as strict as it can be`()
        throws
    {
        let path = try folder.write(
            """
            psql = "/opt/psql"
            mouse = "yes"
            token_seconds = 901
            [environments.stage]
            confirm = "nmae"
            snooze_minutes = -1
            [environments.dev]
            confirm = "key"
            read-only = true
            [tunnels]
            eu = "ssh b"
            "no name" = "ssh b"
            [keys.list]
            test = 5
            pin = "z"
            """, to: "config.toml")
        let settings = try read(path)
        #expect(settings.psql == "/opt/psql" && !settings.mouse && settings.tokenSeconds == nil)
        #expect(settings.tunnels == ["eu": "ssh b"] && settings.keys.map(\.action) == ["pin"])
        let policies = settings.environments
        #expect(policies.confirmation(.stage) == .name && !policies.startsReadOnly(.stage))
        #expect(policies.snooze(.stage) == 0)
        // What the mistyped word was meant for is not known.
        #expect(policies.confirmation(.dev) == .key && policies.startsReadOnly(.dev))
        #expect(policies.confirmation(.local) == .none)
        #expect(settings.mistakes.map(\.problem.line) == [3, 2, 9, 5, 6, 14, 12])
        let first = #expect(throws: TOMLProblem.self) { try load(path) }
        #expect(first == settings.mistakes.first?.problem)
    }

    @Test(arguments: [
        "theme = 3\n", "mouse = \"yes\"\n", "sort_reversed = 1\n", "group_by = \"clustr\"\n",
        "sort = \"colour\"\n", "sort = 3\n", "keys = 3\n", "[keys]\nlist = 3\n", "[keys.list]\ntest = 5\n",
    ])
    func `what only the screen uses is no reason to refuse a subcommand`(text: String) throws {
        let settings = try read(try folder.write(text, to: "config.toml"))
        #expect(settings.mistakes.map(\.isOfScreenAlone) == [true] && settings.refusal == nil)
        let other = try read(try folder.write("token_seconds = 0\n" + text, to: "config.toml"))
        #expect(other.mistakes.count == 2 && other.refusal?.what.contains("token_seconds 0 is not") == true)
    }

    @Test(arguments: [("prod", "production"), ("QA", "qa"), ("stage", "staging")])
    func `one environment by two names is told, and as strict as it can be`(one: String, other: String) throws
    {
        let path = try folder.write(
            "[environments.\(one)]\nconfirm = \"none\"\n[environments.\(other)]\nread_only = false\n",
            to: "config.toml")
        let settings = try read(path)
        let environment = try #require(Environment(other))
        #expect(settings.mistakes.map(\.problem.line) == [3] && settings.refusal != nil)
        #expect(
            settings.refusal?.what
                == "\(path):3: environments.\(other) is \(environment.word), of which there are two")
        let policies = settings.environments
        #expect(policies.confirmation(environment) == .name && policies.startsReadOnly(environment))
    }

    @Test func `what a rule that cannot be read may have been meant for is guarded`() throws {
        let path = try folder.write(
            """
            [[environment_rules]]
            environment = "dev"
            name = "^dev"
            [[environment_rules]]
            environment = "prod"
            host = "(orders"
            [[environment_rules]]
            environment = "stage"
            name = "^stage"
            """, to: "config.toml")
        let policies = try read(path).environments
        func opened(_ name: String, _ environment: Environment? = nil) -> Profile {
            var profile = Profile(name: name, host: "h")
            profile.environment = environment
            let effective = policies.effective(profile)
            #expect(policies.effective(effective) == effective)
            return effective
        }
        for name in ["stage-1", "other"] {
            #expect(opened(name).confirmation == .name && opened(name).startsReadOnly)
        }
        #expect(opened("stage-1").environment == .stage && opened("other").environment == nil)
        #expect(opened("dev-1").confirmation == .none && !opened("dev-1").startsReadOnly)
        #expect(opened("other", .local).confirmation == .none)
    }

    @Test func `where policies or rules are no tables, what they could say is as strict as it can be`() throws
    {
        let path = try folder.write("environments = 3\nenvironment_rules = 3\n", to: "config.toml")
        let settings = try read(path)
        #expect(settings.mistakes.count == 2 && settings.mistakes.allSatisfy { $0.standIn != nil })
        for environment: Environment in [.local, .other("qa")] {
            #expect(settings.environments.confirmation(environment) == .name)
        }
        let effective = settings.environments.effective(Profile(name: "a", host: "h"))
        #expect(effective.confirmation == .name && effective.startsReadOnly)
        #expect(EnvironmentPolicies.unreadable.effective(stage).confirmation == .name)
    }

    @Test func `a key that is none takes nothing else of the file with it`() throws {
        let path = try folder.write(
            "[keys.list]\ntest = [\"nokey\", \"F5\"]\nedit = \"^H\"\n[environments.stage]\nconfirm = \"name\"\n",
            to: "config.toml")
        let settings = try load(path)
        #expect(settings.keys.map(\.keys) == [[.function(5)]])
        #expect(
            settings.warnings.sorted() == [
                "\(path):2: \"nokey\" is no key: write \"x\", \"^X\", \"Enter\", \"F5\", \"M-x\", \"S-Tab\", \"PgDn\" or "
                    + "\"Space\"",
                "\(path):3: \"^H\" is Backspace to every terminal: choose another",
            ])
        #expect(
            settings.environments.effective(stage, account: nil).confirmation == .name)
    }

    private var stage: Profile {
        var profile = Profile(name: "a", host: "h")
        profile.environment = .stage
        return profile
    }

    @Test func `keys are read with their places, one or several, or none`() throws {
        let path = try folder.write(
            "mouse = true\n[keys.list]\ntest = [\"F5\", \"x\"]\npin = []\n\n[keys.form]\nsave = \"^X\"\n",
            to: "config.toml")
        let settings = try load(path)
        #expect(settings.mouse)
        #expect(settings.keys.map(\.action) == ["save", "pin", "test"])
        #expect(settings.keys.map(\.keys) == [[.control("x")], [], [.function(5), .character("x")]])
        #expect(settings.keys.map(\.place) == ["\(path):7", "\(path):4", "\(path):3"])
    }

    // MARK: Writing

    @Test(arguments: [
        (nil, "theme = \"light\"\n"), ("psql = \"p\"\n", "theme = \"light\"\npsql = \"p\"\n"),
        (
            "# mine\ntheme = \"dark\"  # at night\n[keys.list]\nx = \"y\"\n",
            "# mine\ntheme = \"light\"  # at night\n[keys.list]\nx = \"y\"\n"
        ),
        // As Windows writes them.
        (
            "theme = \"dark\"\r\npsql = \"p\"\r\n[environments.dev]\r\nconfirm = \"name\"\r\n",
            "theme = \"light\"\r\npsql = \"p\"\r\n[environments.dev]\r\nconfirm = \"name\"\r\n"
        ),
        (
            "psql = \"p\"\r\ntheme = 'a # b' # c\r\n[keys.list]\r\n",
            "psql = \"p\"\r\ntheme = \"light\" # c\r\n[keys.list]\r\n"
        ),
        ("psql = \"p\"\r\n", "theme = \"light\"\r\npsql = \"p\"\r\n"),
        ("\u{feff}psql = \"p\"\n", "\u{feff}theme = \"light\"\npsql = \"p\"\n"),
        ("\u{feff}theme = \"a\\\"#\"\n", "\u{feff}theme = \"light\"\n"),
        // Newlines to Swift, and none to TOML.
        ("# a\u{2028}b\u{85}c\ntheme = \"dark\"\n", "# a\u{2028}b\u{85}c\ntheme = \"light\"\n"),
    ])
    func `the theme is written and the rest stays to the byte`(before: String?, after: String) throws {
        let path = folder.file("sub/config.toml")
        if let before { try folder.write(before, to: "sub/config.toml", mode: 0o640) }
        try Settings.writeTheme("light", path: path)
        #expect(folder.read("sub/config.toml").map { Array($0.utf8) } == Array(after.utf8))
        #expect(folder.mode(of: "sub/config.toml") == (before == nil ? 0o600 : 0o640))
        #expect(try load(path).theme == "light")
        #expect(try ProgramRun("/bin/ls", [folder.file("sub")], environment: [:]).output == "config.toml\n")
    }

    @Test(arguments: [
        "theme = \"\"\"\ndark\"\"\"\n", "theme = [\n\"a\",\n\"b\"]\npsql = \"p\"\n",
    ])
    func `a theme on several lines is left to its user`(text: String) throws {
        let path = try folder.write(text, to: "config.toml")
        let problem = #expect(throws: TOMLProblem.self) { try Settings.writeTheme("light", path: path) }
        #expect(problem?.what == "\(path): the theme is not on a line of its own")
        #expect(folder.read("config.toml") == text)
    }

    @Test func `a line is told as TOML counts it, whatever ends it`() throws {
        let path = try folder.write("psql = \"p\"\r\n# \u{2028}\r\nmouse = 3\r\n", to: "config.toml")
        #expect(try read(path).mistakes.map(\.problem.line) == [3])
    }

    @Test func `a broken file is not written over`() throws {
        let path = try folder.write("theme = \n", to: "config.toml")
        #expect(throws: TOMLProblem.self) { try Settings.writeTheme("light", path: path) }
        #expect(folder.read("config.toml") == "theme = \n")
    }

    @Test func `a folder or a huge file in its place is refused`() throws {
        #expect(throws: TOMLProblem.self) { try load(folder.path) }
        let path = try folder.write(String(repeating: "# padding\n", count: 120_000), to: "big.toml")
        #expect(throws: TOMLProblem.self) { try load(path) }
    }
}

import Profiles

/// A command of the palette: what a key does in the list, or a verb with an argument.
struct PaletteCommand: Sendable {
    /// What a verb does with its argument.
    enum Verb: Sendable, Hashable {
        case action(Action)
        case connect, testMarked, testAll
        case sort, group, filter, theme
        case tag, untag, setGroup, setEnvironment
        case trash, restore, importFile, exportFile, demo, discover
        case whoami, conninfo, run, fetchBundle, bundles, history, historyOfAll
        case proxy, stopProxy, doctor, settings, keys
        case catalogue, cataloguePull, cataloguePush, catalogueShare, catalogueMine, catalogueTheirs
    }

    /// What may follow the command's name.
    enum Argument: Sendable, Hashable {
        case none
        /// One of some words.
        case words([String])
        case profile
        /// The name of a profile that has a proxy.
        case proxied
        /// Free text, how the hint calls it, and what is offered for it.
        case text(String, Offer? = nil)
    }

    /// What can be offered where any text is taken.
    enum Offer: Sendable, Hashable {
        case groups, tags, environments, trash, paths, discovery
        /// The tags of what the command is for.
        case ownTags
    }

    /// The word that clears what it is given to: no word at all changes nothing.
    static let clearing = "none"

    private static let leaving = "is called quit here: what would be lost by it is asked about"
    /// What other programs call otherwise, and the subcommands that have no place on the screen, and why.
    static let elsewhere = [
        "env": "prints secrets for eval: run `pgfob env NAME` in a shell",
        "credentials": "prints secrets: run `pgfob credentials` in a shell",
        "list": "is what you are looking at: filter, sort by and group by change it",
        "q!": leaving, "qa": leaving, "wq": leaving, "exit": leaving,
    ]

    let name: String
    let help: String
    let verb: Verb
    var argument = Argument.none
    /// Whether it does something without its argument too.
    var isOptional = false

    init(
        _ name: String, _ help: String, _ verb: Verb, _ argument: Argument = .none, isOptional: Bool = false
    ) {
        (self.name, self.help, self.verb) = (name, help, verb)
        (self.argument, self.isOptional) = (argument, isOptional)
    }

    /// All of them, in the order in which an empty line lists them.
    static func all(_ options: ScreenOptions) -> [PaletteCommand] {
        var commands = [
            PaletteCommand(
                "connect", "open psql on this profile, another, or an endpoint",
                .connect, .profile, isOptional: true),
            PaletteCommand("exec", "open another program than psql, or with more said", .action(.openWith)),
            PaletteCommand("add", "a new profile", .action(.new)),
            PaletteCommand("remove", "move this profile, or the marked, to the trash", .action(.delete)),
            PaletteCommand("test marked", "test the marked profiles", .testMarked),
            PaletteCommand("test all", "test every profile", .testAll),
            PaletteCommand("filter", "show what matches, as / does", .filter, .text("WORDS")),
            PaletteCommand(
                "sort by", "order the list", .sort, .words(SortOrder.Column.allCases.map(\.rawValue))),
            PaletteCommand("group by", "group the list", .group, .words(Grouping.allCases.map(\.rawValue))),
            PaletteCommand("theme", "choose a theme, live", .theme, .words(options.themes), isOptional: true),
            PaletteCommand("tag", "add a tag to this profile, or to the marked", .tag, .text("TAG", .tags)),
            PaletteCommand("untag", "take a tag away", .untag, .text("TAG", .ownTags)),
            PaletteCommand(
                "set group", "move to a group; none clears", .setGroup, .text("NAME", .groups)),
            PaletteCommand(
                "set environment", "prod, stage, dev, local or your own; none clears",
                .setEnvironment, .text("WORD", .environments)),
            PaletteCommand("run", "run SQL on this profile, or on the marked, read-only", .run, .text("SQL")),
            PaletteCommand("conninfo", "show the connection string", .conninfo),
            PaletteCommand("proxy", "let any tool of this machine connect without a password", .proxy),
            PaletteCommand(
                "proxy stop", "end this profile's proxy, or another's", .stopProxy, .proxied,
                isOptional: true),
            PaletteCommand("whoami", "whose AWS credentials sign for this profile, and why", .whoami),
            PaletteCommand(
                "discover", "ask AWS for databases: all, REGION, aws:PROFILE, user:NAME", .discover,
                .text("WHERE", .discovery), isOptional: true),
            PaletteCommand("import", "save the profiles of a file", .importFile, .text("FILE", .paths)),
            PaletteCommand(
                "export", "write the shown or marked profiles to a file", .exportFile, .text("FILE", .paths)),
            PaletteCommand("ca", "the root certificates that servers are checked against", .bundles),
            PaletteCommand("ca fetch", "download the root certificates of RDS", .fetchBundle),
            PaletteCommand(
                "history", "past tests and sessions of this profile, or of another", .history, .profile,
                isOptional: true),
            PaletteCommand("history all", "past tests and sessions of every profile", .historyOfAll),
            PaletteCommand("trash", "list what was deleted", .trash),
            PaletteCommand("restore", "bring a deleted profile back", .restore, .text("NAME", .trash)),
            PaletteCommand(
                "catalogue", "how these profiles and the team's stand", .catalogue, .profile, isOptional: true
            ),
            PaletteCommand(
                "catalogue pull", "take over what the team has changed", .cataloguePull, .profile,
                isOptional: true),
            PaletteCommand("catalogue push", "send the team what was changed here", .cataloguePush),
            PaletteCommand(
                "catalogue share", "share this profile, or the marked, with the team", .catalogueShare),
            PaletteCommand(
                "catalogue mine", "where both have changed this profile: keep what is here", .catalogueMine),
            PaletteCommand(
                "catalogue theirs", "where both have changed this profile: take what is there",
                .catalogueTheirs),
            PaletteCommand("doctor", "what of this machine pgfob works with, and what to mend", .doctor),
            PaletteCommand("settings", "what is wrong with config.toml and the theme", .settings),
            PaletteCommand("keys", "every key there is, and how to give it another meaning", .keys),
            PaletteCommand("demo", "add a few example profiles, which u takes away", .demo),
        ]
        // Every key of the list but those that only move.
        for binding in options.keys.of(.list) where binding.section != .move && binding.action != .palette {
            let name = binding.action.rawValue.replacing("-", with: " ")
            guard binding.action != .back, !commands.contains(where: { $0.name == name }) else { continue }
            commands.append(PaletteCommand(name, binding.help, .action(binding.action)))
        }
        return commands
    }
}

/// Where keys are typed: each has its own bindings. The words are those of config.toml.
enum Context: String, Sendable, Hashable, CaseIterable {
    case list, filter, palette, copy, connect, siblings, themes, intake, confirm, code, test, text, help,
        form, leave
    case runQuestion = "run"

    /// Whether letters are text here, and not keys.
    var takesText: Bool {
        switch self {
        case .filter, .palette, .connect, .code, .help, .form: true
        case .list, .copy, .siblings, .themes, .intake, .confirm, .test, .text, .runQuestion,
            .leave:
            false
        }
    }

    /// The title of its help.
    var title: String {
        switch self {
        case .list: "profile list"
        case .filter: "filter"
        case .palette: "command palette"
        case .copy: "copying"
        case .connect: "connecting with choices"
        case .siblings: "a cluster's endpoints"
        case .themes: "themes"
        case .intake: "what comes in"
        case .confirm: "opening psql"
        case .runQuestion: "a question about several"
        case .code: "question"
        case .test: "connection test"
        case .text: "text"
        case .help: "help"
        case .form: "profile form"
        case .leave: "quitting"
        }
    }
}

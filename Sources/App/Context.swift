/// Where keys are typed: each has its own bindings.
enum Context: Sendable, Hashable, CaseIterable {
    case list, filter, confirm, code, test, text, help, form

    /// The title of its help.
    var title: String {
        switch self {
        case .list: "profile list"
        case .filter: "filter"
        case .confirm: "opening psql"
        case .code: "MFA code"
        case .test: "connection test"
        case .text: "text"
        case .help: "help"
        case .form: "profile form"
        }
    }
}

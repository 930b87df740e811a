import Profiles

/// The question before something is done to several profiles at once: SQL where one of them asks before it opens, and
/// whatever is done to marked ones that nobody sees.
struct RunQuestionState: Sendable {
    enum Task: Sendable {
        case run(sql: String, [Profile])
        case action(Action)
        case command(PaletteCommand.Verb, String)
    }

    let task: Task
    /// What is done, and to how many.
    let title: String
    /// The SQL, where it is that.
    var sql: String?
    /// Why that is asked; the names follow.
    let reason: String
    /// Those that are named, as they would be opened.
    let named: [Profile]

    /// The word behind the key that does it.
    var yes: String { if case .run = task { "run" } else { "do it" } }
}

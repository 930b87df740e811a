import Profiles

/// The question before SQL runs on profiles that ask before they open.
struct RunQuestionState: Sendable {
    let sql: String
    /// As they would be opened.
    let profiles: [Profile]

    var asking: [Profile] { profiles.filter { $0.confirmation != .none } }
}

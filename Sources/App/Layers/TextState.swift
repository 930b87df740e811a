import Profiles

/// A text to be read and copied, over the list.
struct TextState: Sendable {
    /// Where the text comes from, where more of it can be had.
    enum Source: Sendable {
        case policy(Profile, IAMPolicy)
    }

    let title: String
    /// What is copied, as a sentence names it: `the policy of orders`.
    let name: String
    var text: String
    var source: Source?
    /// Whether lines stay whole, to be scrolled sideways, instead of being broken.
    var isTable = false
    /// Lines scrolled past.
    var top = 0
    /// Columns scrolled past, in a table.
    var left = 0
}

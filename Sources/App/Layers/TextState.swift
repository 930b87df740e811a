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
    let text: String
    /// Its lines, taken apart once: a key that scrolls must not go through a megabyte of answers for that.
    let lines: [String]
    var source: Source?
    /// Whether lines stay whole, to be scrolled sideways, instead of being broken.
    var isTable = false
    /// Lines scrolled past.
    var top = 0
    /// Columns scrolled past, in a table.
    var left = 0

    init(title: String, name: String, text: String, source: Source? = nil, isTable: Bool = false) {
        (self.title, self.name, self.text, self.source, self.isTable) = (title, name, text, source, isTable)
        lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }
}

/// A place that can be clicked.
package struct Hotspot: Hashable, Sendable {
    /// What the click stands for.
    package enum Target: Hashable, Sendable {
        case key(Key)
        /// A line of a list, by its number.
        case line(Int)
        /// A word among which a line of a dialog chooses.
        case choice(line: Int, word: Int)
        /// The head of a column, by its name.
        case column(String)
        /// Nothing: what lies under it is covered.
        case nothing
    }

    package var rect: Rect
    package var target: Target
}

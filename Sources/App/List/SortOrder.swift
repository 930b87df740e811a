/// The column by which the profiles of a group are sorted, and whether the other way round.
package struct SortOrder: Sendable, Hashable {
    package enum Column: String, Sendable, Hashable, CaseIterable {
        /// The last used first.
        case lastUsed = "last-used"
        case name, env, role, endpoint, user, auth
        /// What ends first; without a token last.
        case token
        /// Failures first, then what was never tested, then the slowest.
        case test
    }

    package var column: Column
    package var isReversed: Bool

    package init(_ column: Column = .lastUsed, isReversed: Bool = false) {
        self.column = column
        self.isReversed = isReversed
    }
}

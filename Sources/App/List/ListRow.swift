/// One line of the list.
enum ListRow: Sendable, Hashable {
    /// A group's line, by its place in ``ProfileList/groups``.
    case header(Int)
    /// A profile, by its place in ``ProfileList/saved``.
    case profile(Int)
}

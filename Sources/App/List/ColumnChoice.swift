/// Which columns the list has where not all of them find room.
enum ColumnChoice: String, Sendable, CaseIterable {
    /// Who logs in before where, as the drawings have it.
    case automatic
    /// The endpoint, in place of user, database and last use where room is short.
    case endpoint
    /// The name in full, as far as it goes.
    case name
}

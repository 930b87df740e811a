import Profiles

/// What a group of the list has in common. Groups stand in the order of their keys: production, stage, dev,
/// local, the user's own words by name, and at the end profiles without an environment.
struct GroupKey: Hashable, Sendable, Comparable {
    /// The place among the groups.
    private let rank: Int
    /// The word in the group's line, lower-cased.
    let title: String

    init(_ environment: Environment?) {
        switch environment {
        case .prod: (rank, title) = (0, "prod")
        case .stage: (rank, title) = (1, "stage")
        case .dev: (rank, title) = (2, "dev")
        case .local: (rank, title) = (3, "local")
        case .other(let word): (rank, title) = (4, word.lowercased())
        case nil: (rank, title) = (5, "no environment")
        }
    }

    static func < (left: GroupKey, right: GroupKey) -> Bool {
        (left.rank, left.title) < (right.rank, right.title)
    }
}

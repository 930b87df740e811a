import Profiles

/// What a group of the list has in common. Groups stand in the order of their keys: by name, and at the end profiles
/// that have nothing of the kind; environments in the order of their weight, production first.
struct GroupKey: Hashable, Sendable, Comparable {
    /// The place among the groups.
    private let rank: Int
    /// The word in the group's line.
    let title: String
    /// Tells groups of the same title apart, and is shown beside it.
    let note: String

    private init(_ rank: Int, _ title: String, _ note: String = "") {
        (self.rank, self.title, self.note) = (rank, title, note)
    }

    /// The only group of an ungrouped list.
    static let all = GroupKey(0, "all")

    init(_ environment: Environment?) {
        switch environment {
        case .prod: self.init(0, "prod")
        case .stage: self.init(1, "stage")
        case .dev: self.init(2, "dev")
        case .local: self.init(3, "local")
        case .other(let word): self.init(4, word.lowercased())
        case nil: self.init(5, "no environment")
        }
    }

    /// The group of the user's own, a region or an AWS profile; `none` where the profile has nothing of the kind.
    init(_ title: String?, none: String) {
        if let title, !title.isEmpty { self.init(0, title) } else { self.init(1, none) }
    }

    /// A cluster, by the name and the place that ``ClusterKeys`` found.
    init(cluster: (name: String, place: String)?) {
        if let cluster { self.init(0, cluster.name, cluster.place) } else { self.init(1, "no cluster") }
    }

    /// Profiles that log in without AWS.
    static let withoutAWS = GroupKey(2, "without AWS")

    static func < (left: GroupKey, right: GroupKey) -> Bool {
        (left.rank, left.title, left.note) < (right.rank, right.title, right.note)
    }
}

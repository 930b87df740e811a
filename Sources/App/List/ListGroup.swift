import Profiles

/// A group of the list and the profiles in it.
struct ListGroup: Sendable {
    let key: GroupKey
    let environment: Environment?
    /// Places in ``ProfileList/saved``, in the order shown.
    var members: [Int]
    /// Those of them that the filter lets through.
    var visible: [Int]
    /// The row of its header; nil where the filter leaves nothing of it.
    var headerRow: Int?

    /// An empty one.
    init(_ key: GroupKey, _ environment: Environment?) {
        self.key = key
        self.environment = environment
        members = []
        visible = []
    }
}

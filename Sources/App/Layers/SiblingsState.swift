import Profiles

/// A choice among the endpoints of a profile's cluster; seldom only one.
struct SiblingsState: Sendable {
    let selected: SavedProfile
    let siblings: [Sibling]
    var cursor = 0

    init(of selected: SavedProfile, _ siblings: [Sibling]) {
        (self.selected, self.siblings) = (selected, siblings)
    }
}

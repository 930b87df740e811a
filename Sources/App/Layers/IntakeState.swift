import Profiles

/// Profiles from outside being looked through, before any of them is saved.
struct IntakeState: Sendable {
    let intake: Intake
    /// What is said once they are saved: `imported`.
    let verb: String
    /// The items that are saved, and those whose marked values come in with them, by place.
    private(set) var chosen: Set<Int>
    private(set) var approved: Set<Int> = []
    var cursor = 0

    init(_ intake: Intake, verb: String) {
        self.intake = intake
        self.verb = verb
        chosen = Set(intake.items.indices.filter { intake.items[$0].isWanted })
    }

    var item: Intake.Item? { intake.items.indices.contains(cursor) ? intake.items[cursor] : nil }

    mutating func move(by rows: Int) {
        cursor = min(max(0, cursor + rows), max(0, intake.items.count - 1))
    }

    mutating func toggle() {
        guard item != nil else { return }
        if chosen.remove(cursor) == nil { chosen.insert(cursor) }
    }

    /// All that is new or changed, or none.
    mutating func toggleAll() {
        let wanted = intake.items.indices.filter { intake.items[$0].isWanted }
        chosen = chosen.isSuperset(of: wanted) ? [] : chosen.union(wanted)
    }

    mutating func toggleApproval() {
        guard item?.toApprove.isEmpty == false else { return }
        if approved.remove(cursor) == nil { approved.insert(cursor) }
    }

    mutating func toggleAllApprovals() {
        let marked = Set(intake.items.indices.filter { !intake.items[$0].toApprove.isEmpty })
        approved = approved == marked ? [] : marked
    }

    /// What saves it.
    var batch: ProfileBatch {
        let places = chosen.sorted()
        let approved = Set(places.indices.filter { self.approved.contains(places[$0]) })
        return ProfileBatch(places.map { intake.items[$0] }, approved: approved, source: intake.source)
    }
}

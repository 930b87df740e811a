#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// The changes of this run, to take back and to make again. Each knows its own opposite, so that taking one
/// back leaves alone what others have changed since.
struct UndoStack: Sendable {
    /// One change as made and as taken back.
    struct Change: Sendable {
        /// What was done, as in `deleted orders-writer`.
        var words: String
        var make: StoreChange
        var takeBack: StoreChange
        /// The profile to go to afterwards.
        var profile: UUID
    }

    private var made: [Change] = []
    private var takenBack: [Change] = []

    var canUndo: Bool { !made.isEmpty }
    var canRedo: Bool { !takenBack.isEmpty }

    /// Remembers a change that the store has made. What had been taken back before it can no longer come again.
    mutating func push(_ change: Change) {
        made.append(change)
        takenBack = []
    }

    mutating func popUndo() -> Change? { made.popLast() }
    mutating func popRedo() -> Change? { takenBack.popLast() }

    /// The store has taken it back.
    mutating func undone(_ change: Change) { takenBack.append(change) }
    /// The store has made it again, or refused to take it back.
    mutating func redone(_ change: Change) { made.append(change) }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// What an answer will be the answer to. One that is not among the pending ones comes too late and is dropped.
enum PendingRequest: Sendable {
    /// A change made for the first time.
    case change(UndoStack.Change, from: Origin)
    case undo(UndoStack.Change)
    case redo(UndoStack.Change)
    case mint(Profile)
    case parse
    case session(SessionOpening)
    /// What the profile was last opened with.
    case recall(UUID)
    case login(Profile)
    case policy(Profile)
    /// A text, a line or profiles will come.
    case question
    /// An editor has the terminal.
    case editor
    /// The bundle of root certificates is being downloaded, for a test or for itself.
    case bundle(RequestID?)

    /// Where a change was asked for, and so where a refusal is shown.
    enum Origin: Sendable, Equatable {
        case list, form
        /// A failed test, which is run again once the change is made.
        case test(RequestID)
    }
}

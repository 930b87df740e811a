#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// A session that is being opened: asked for, and not yet begun.
struct Launch: Sendable {
    /// Keys pressed within this time of the asking may be meant for psql, in seconds.
    static let typedAhead = 1.0

    let id: RequestID
    let opening: SessionOpening
    let startedAt: Date
    var stage: SessionStage?
    /// It waits for the list: what lies over it is not torn from the user's hands.
    var isReady = false

    /// From when on keys are taken to be meant for the list.
    var settledAt: Date { startedAt.addingTimeInterval(Self.typedAhead) }
}

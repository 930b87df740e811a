#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations

/// A session that is ready to begin.
struct WaitingSession {
    let id: RequestID
    let prepared: PreparedSession
    /// Whether the model knows that it has to wait.
    var isTold = false

    /// Whether it has waited so long that its token may end before the login.
    func isStale(at now: Date) -> Bool {
        guard isTold, let token = prepared.token else { return false }
        return now.timeIntervalSince(token.signedAt) > token.expiresAt.timeIntervalSince(token.signedAt) / 2
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Synchronization
import Workers

/// Keeps a record of the sessions through a proxy: when, for how long, by which client. No SQL, no secret.
///
/// A client that connects anew for every query would fill it: what has ended while the store was written goes into
/// one entry.
package final class ProxyRecord: Sendable {
    private struct Waiting {
        var sessions = 0
        var longest = Duration.zero
        var application = ""
        var isScheduled = false
    }

    private let book: ProfileBook
    private let profile: Profile
    private let crew = Crew(limit: 1)
    private let waiting = Mutex(Waiting())

    package init(_ book: ProfileBook, _ profile: Profile) {
        self.book = book
        self.profile = profile
    }

    /// A session is over.
    package func ended(_ time: Duration, application: String) {
        let schedules = waiting.withLock { waiting in
            waiting.sessions += 1
            if time >= waiting.longest { (waiting.longest, waiting.application) = (time, application) }
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if schedules { crew.submit { self.write() } }
    }

    /// Writes what is not yet written, on the calling thread.
    package func write() {
        let ended = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        guard ended.sessions > 0 else { return }
        let detail = JSONText.object([
            .init("application", .string(String(ended.application.prefix(64)))),
            .init("sessions", .integer(ended.sessions)),
        ])
        let now = Date()
        book.record(
            HistoryEntry(
                profileID: profile.id, kind: .proxy, at: now, outcome: "ok",
                milliseconds: ended.longest.milliseconds, detail: detail.text))
        book.recordUse(profile.id, at: now, seconds: ended.longest.milliseconds / 1000)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Synchronization
import Workers

/// Keeps a record of a proxy and of the sessions through it: when, for how long, by which client. No SQL, no secret.
///
/// The proxy itself is written down as it opens, so that one that was killed leaves word of itself.
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
    private let audit: Audit
    private let session: SessionRecord
    private let life = Mutex<(start: Date, entry: Audit.Entry)?>(nil)
    private let crew = Crew(limit: 1)
    private let waiting = Mutex(Waiting())

    /// - Parameter session: the proxy's own, which says who may do what through it.
    package init(_ book: ProfileBook, _ audit: Audit, _ session: SessionRecord) {
        (self.book, self.audit) = (book, audit)
        self.session = session
    }

    /// The proxy takes clients from now on.
    package func opened() {
        let start = Date()
        life.withLock { $0 = (start, audit.began(session, at: start)) }
    }

    /// It takes no more, and all its sessions are over.
    package func closed() {
        write()
        guard let (start, entry) = life.withLock({ $0.take() }) else { return }
        audit.ended(
            entry, session.entry(at: start, seconds: Date().timeIntervalSince(start), ending: .code(0)))
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
    private func write() {
        let ended = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        guard ended.sessions > 0 else { return }
        let now = Date()
        book.record(
            session.proxied(
                at: now, milliseconds: ended.longest.milliseconds,
                application: String(ended.application.prefix(64)), sessions: ended.sessions))
        book.recordUse(session.profile.id, at: now, seconds: ended.longest.milliseconds / 1000)
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Proxy
import Synchronization
import Workers

/// Keeps a record of a proxy and of the sessions through it: when, for how long, by which client, in which database and
/// role. No SQL, no secret.
///
/// The proxy itself is written down as it opens, and a session once it has lasted a moment, so that a proxy that was
/// killed leaves word of both. A client that connects anew for every query would fill the history: what ends within
/// that moment, or beside so many others, goes into one entry for each database and role.
package final class ProxyRecord: Sendable {
    /// What lasts longer has an entry of its own.
    private static let moment: Duration = .seconds(1)
    /// So many at once have entries of their own.
    private static let most = 50

    private struct Live {
        let began: Beginning
        let session: ProxySession
        var entry: Audit.Entry?
    }

    private struct Whose: Hashable {
        var database: String
        var role: String?
        /// Who has ended it; nil of one that goes on.
        var party: ProxySession.Party?

        init(_ one: ProxySession, endedBy party: ProxySession.Party? = nil) {
            (database, role) = (one.database, one.role)
            self.party = party
        }
    }

    private struct Ended {
        var sessions = 0
        var start = Date.distantPast
        var longest = Duration.zero
        var application = ""
    }

    private struct State {
        var live: [UInt64: Live] = [:]
        var own = 0
        var ended: [Whose: Ended] = [:]
        var isScheduled = false
    }

    private let book: ProfileBook
    private let audit: Audit
    private let session: SessionRecord
    private let life = Mutex<(began: Beginning, entry: Audit.Entry)?>(nil)
    private let crew = Crew(limit: 1)
    private let state = Mutex(State())
    private let closing = Cancellation()

    /// - Parameter session: the proxy's own, which says who may do what through it.
    package init(_ book: ProfileBook, _ audit: Audit, _ session: SessionRecord) {
        (self.book, self.audit) = (book, audit)
        self.session = session
    }

    /// The proxy takes clients from now on.
    package func opened() {
        let began = Beginning()
        life.withLock { $0 = (began, audit.began(session, at: began.date)) }
    }

    /// It takes no more, and all its sessions are over.
    package func closed() {
        closing.cancel()
        // Behind what is being written.
        let gate = Gate()
        crew.submit {
            // Whoever did not end in time is over with the proxy.
            for live in self.state.withLock({ Array($0.live.values) }) {
                self.ended(live.session, live.began.duration, .proxy)
            }
            self.write()
            gate?.open()
        }
        _ = gate?.wait(Wait(deadline: .now + .seconds(10), cancellation: Cancellation()))
        guard let (began, entry) = life.withLock({ $0.take() }) else { return }
        audit.ended(
            entry, session.entry(at: began.date, seconds: began.seconds, ending: .code(0)))
    }

    /// Something happened to a client's session.
    package func heard(_ event: ProxySession.Event) {
        switch event {
        case .began(let one):
            state.withLock { $0.live[one.number] = Live(began: Beginning(), session: one) }
        case .ended(let one, let time, let party): ended(one, time, party)
        }
        schedule()
    }

    private func schedule() {
        let schedules = state.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard schedules else { return }
        crew.submit { [closing] in
            _ = Wait(deadline: .now + Self.moment, cancellation: closing).passes()
            self.write()
        }
    }

    private func ended(_ one: ProxySession, _ time: Duration, _ party: ProxySession.Party) {
        let known = state.withLock { state in
            let live = state.live.removeValue(forKey: one.number)
            if live?.entry != nil {
                state.own -= 1
            } else {
                let whose = Whose(one, endedBy: party)
                var ended = state.ended[whose] ?? Ended()
                ended.sessions += 1
                if time >= ended.longest {
                    (ended.longest, ended.application) = (time, Self.name(one))
                    ended.start = live?.began.date ?? Date()
                }
                state.ended[whose] = ended
            }
            return live
        }
        guard let known, let entry = known.entry else { return }
        audit.ended(
            entry,
            proxy(Whose(one)).proxied(
                at: known.began.date, milliseconds: time.milliseconds, application: Self.name(one),
                sessions: 1,
                end: Self.end(party)),
            counts: true)
    }

    /// The proxy's record for one that may be in another database, or another role.
    private func proxy(_ whose: Whose) -> SessionRecord {
        var own = session
        (own.database, own.role) = (whose.database, whose.role ?? session.role)
        return own
    }

    private static func end(_ party: ProxySession.Party) -> SessionRecord.ProxyEnd {
        switch party {
        case .client: .client
        case .server: .server
        case .proxy: .proxy
        }
    }

    private static func name(_ one: ProxySession) -> String { String(one.application.prefix(64)) }

    /// Writes what is not yet written, on the calling thread.
    private func write() {
        let (ended, waits) = state.withLock { state in
            state.isScheduled = false
            defer { state.ended = [:] }
            return (state.ended, begin(&state))
        }
        for (whose, ended) in ended {
            book.record(
                proxy(whose).proxied(
                    at: ended.start, milliseconds: ended.longest.milliseconds, application: ended.application,
                    sessions: ended.sessions, end: Self.end(whose.party ?? .client)))
            let seconds = ended.longest.milliseconds / 1000
            book.recordUse(session.profile.id, at: ended.start.addingTimeInterval(seconds), seconds: seconds)
        }
        if waits, !closing.isCancelled { schedule() }
    }

    /// Writes down those that have lasted, under the lock: one that ends meanwhile finds its entry.
    ///
    /// - Returns: whether some still may have to be.
    private func begin(_ state: inout State) -> Bool {
        var waits = false
        for (number, live) in state.live where live.entry == nil && state.own < Self.most {
            guard live.began.duration >= Self.moment else {
                waits = true
                continue
            }
            let (one, start) = (live.session, live.began.date)
            state.live[number]?.entry = audit.began(
                through: proxy(Whose(one)), application: Self.name(one), at: start)
            state.own += 1
        }
        return waits
    }
}

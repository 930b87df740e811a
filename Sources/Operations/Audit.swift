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
import Synchronization
import Tunnels
import Workers

/// Who opened what: written down as it begins and again as it ends, on a thread of its own and in order, so that nobody
/// waits for the store. What a killed program has left open is closed by the next start, which finds that nobody holds
/// the lock of its run any more.
package final class Audit: Sendable {
    private let book: ProfileBook
    private let run: ThisRun
    private let environment: [String: String]
    private let crew = Crew(limit: 1)

    package init(_ book: ProfileBook, _ surroundings: Surroundings) {
        self.book = book
        run = surroundings.run
        environment = surroundings.environment
    }

    /// Something that goes on.
    package final class Entry: Sendable {
        fileprivate let number = Mutex<Int64?>(nil)
    }

    /// A session has begun.
    package func began(_ session: SessionRecord, at start: Date) -> Entry {
        open { session.opened(at: start, run: $0) }
    }

    /// Statements begin.
    package func began(statements count: Int, _ session: SessionRecord, at start: Date) -> Entry {
        open { session.statementsOpened(at: start, count: count, run: $0) }
    }

    /// A client has a session through a proxy.
    func began(through proxy: SessionRecord, application: String, at start: Date) -> Entry {
        open { proxy.proxyOpened(at: start, application: application, run: $0) }
    }

    private func open(_ entry: @escaping @Sendable (_ run: String?) -> HistoryEntry) -> Entry {
        let opened = Entry()
        crew.submit { [book, run, environment] in
            let number = book.open(entry(run.folder(environment)?.path))
            opened.number.withLock { $0 = number }
        }
        return opened
    }

    /// It has ended, as the whole entry says.
    ///
    /// - Parameters:
    ///   - counts: whether it was a use of the profile.
    ///   - done: called when that is written.
    package func ended(
        _ opened: Entry, _ entry: HistoryEntry, counts: Bool = false,
        done: @escaping @Sendable () -> Void = {}
    ) {
        crew.submit { [book] in
            book.close(opened.number.withLock { $0 }, entry)
            let seconds = (entry.milliseconds ?? 0) / 1000
            if counts {
                book.recordUse(entry.profileID, at: entry.at.addingTimeInterval(seconds), seconds: seconds)
            }
            done()
        }
    }

    /// Ends what killed runs have left, removes it, and closes their entries; behind what is to be written already.
    package func sweep() {
        crew.submit { [book, environment] in
            RuntimeFolder.sweep(environment: environment)
            book.closeLost()
        }
    }

    /// Blocks until all is written, for some seconds at most: another program may have the store.
    package func settle() {
        guard let gate = Gate() else { return }
        crew.submit { gate.open() }
        _ = gate.wait(Wait(deadline: .now + .seconds(10), cancellation: Cancellation()))
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import ProfileStore
import Profiles
import Tunnels

/// What happened to profiles: tests, sessions, runs.
extension ProfileBook {
    /// Remembers what tests found. A store that cannot take it does not undo the tests.
    package func recordTests(_ found: [(UUID, TestReport)]) {
        guard !found.isEmpty else { return }
        do { try store().recordTests(found) } catch { tell("tests not saved", error) }
    }

    /// What the last test of a profile found, stage by stage; nil where that was not kept.
    package func lastReport(of id: UUID) throws(Refusal) -> TestReport? {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.lastReport(of: id) }
    }

    /// What happened to some profiles, the latest first.
    ///
    /// - Parameters:
    ///   - ids: nil for all profiles.
    ///   - limit: at most so many.
    package func history(
        of ids: Set<UUID>?, kinds: Set<HistoryEntry.Kind> = Set(HistoryEntry.Kind.allCases), limit: Int
    ) throws(Refusal) -> [HistoryEntry] {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in
            try store.history(of: ids, kinds: kinds, limit: limit)
        }
    }

    /// The profiles that had a name when something happened to them.
    func profiles(onceNamed folded: String) throws(Refusal) -> Set<UUID> {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.profiles(onceNamed: folded) }
    }

    /// Remembers what happened. A store that cannot take it undoes nothing.
    package func record(_ entry: HistoryEntry) {
        do { try store().add(entry) } catch { tell("history not saved", error) }
    }

    /// Writes an entry that is still open.
    ///
    /// - Returns: its number; nil where the store cannot take it.
    func open(_ entry: HistoryEntry) -> Int64? {
        do { return try store().add(entry) } catch {
            tell("history not saved", error)
            return nil
        }
    }

    /// Writes an open entry anew, or for the first time where there is none.
    func close(_ number: Int64?, _ entry: HistoryEntry) {
        guard let number else { return record(entry) }
        do { try store().replace(number, with: entry) } catch {
            tell("history not saved", error)
        }
    }

    /// Closes the entries of sessions whose program was killed. A store that cannot be opened is told by whoever needs it.
    package func closeLost() {
        guard let store = try? store() else { return }
        do { try store.closeLost { !($0.map(RuntimeFolder.isInUse) ?? false) } } catch {
            tell("history not saved", error)
        }
    }
}

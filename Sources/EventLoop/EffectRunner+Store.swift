#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations
import Profiles
import Synchronization
import Workers

/// The store's version that was read last; looked at on the store's crew alone, which asks for it.
final class StoreVersion: Sendable {
    private let last = Mutex<Int?>(nil)

    /// - Returns: whether it is another than before.
    func take(_ version: Int?) -> Bool {
        last.withLock { last in
            defer { last = version }
            return last != version
        }
    }
}

/// What is read from the store, and written to it.
extension EffectRunner {
    /// Reads the profiles anew and posts them.
    func reload() {
        storeCrew.submit { [verbs, mailbox] in Self.post(verbs, mailbox) }
    }

    static func post(_ verbs: Verbs, _ mailbox: Mailbox) {
        do throws(Refusal) {
            mailbox.post(.profiles(try verbs.book.live()))
            let origins = try verbs.book.origins()
            if !origins.isEmpty { mailbox.post(.origins(origins)) }
        } catch {
            mailbox.post(.storeFailed(error.line))
        }
    }

    /// How long the end of the program waits for others who write to the store.
    private static let lastWrites = Duration.seconds(5)

    /// The program ends: what was asked to be written before is.
    func settleStore() {
        guard let gate = Gate() else { return }
        storeCrew.submit { gate.open() }
        _ = gate.wait(Wait(deadline: .now + Self.lastWrites, cancellation: Cancellation()))
    }

    func write(_ id: RequestID, _ change: StoreChange) {
        storeCrew.submit { [verbs, mailbox] in
            do throws(Refusal) {
                switch change {
                case .insert(let profile): try verbs.book.add(profile)
                case .insertAll(let profiles): try verbs.book.add(profiles)
                case .update(let profile, let old): try verbs.book.edit(profile, from: old)
                case .updateAll(let profiles, let old): try verbs.book.edit(profiles, from: old)
                case .trash(let ids): try verbs.book.trash(ids)
                case .restore(let ids): try verbs.book.restore(ids)
                case .batch(let batch): try verbs.book.write(batch)
                }
                mailbox.post(.written(id, .done))
                let absent = Self.absences(after: change, verbs)
                if !absent.isEmpty { mailbox.post(.trouble("saved, but \(absent.joined(separator: "; "))")) }
            } catch {
                mailbox.post(
                    .written(
                        id, error.isClash ? .clash(error.what) : .failed(error.line, field: error.field)))
            }
            Self.post(verbs, mailbox)
        }
    }

    /// What one profile names since a change that is not there, as sentences.
    private static func absences(after change: StoreChange, _ verbs: Verbs) -> [String] {
        let problems: [FieldProblem] =
            switch change {
            case .insert(let profile): verbs.mint.absences(of: profile, from: nil)
            case .update(let profile, let old): verbs.mint.absences(of: profile, from: old)
            default: []
            }
        return problems.map { "\($0.field.label) \($0.message)" }
    }

    /// Remembers a session that ended; the row shows it at once.
    func ended(_ session: RunningSession, _ how: SessionEnd.Ending) {
        session.prepared.ended(group: session.child.group)
        let ending: SessionRecord.Ending =
            switch how {
            case .exited(let code): .code(code)
            case .killed(let signal): .signal(signal)
            case .notStarted: .code(126)
            }
        guard let entry = session.audited else { return }
        let record = session.prepared.record.entry(
            at: session.began.date, seconds: session.began.seconds, ending: ending)
        verbs.audit.ended(entry, record, counts: true) { [verbs, mailbox, storeCrew] in
            storeCrew.submit { Self.post(verbs, mailbox) }
        }
    }

    /// What a profile was last opened with; what cannot be read is nothing.
    func recall(_ id: RequestID, _ profile: UUID) {
        storeCrew.submit { [verbs, mailbox] in mailbox.post(.recalled(id, verbs.book.choice(of: profile))) }
    }

    /// The stages of a profile's last test.
    func recallTest(_ id: RequestID, _ profile: UUID) {
        storeCrew.submit { [verbs, mailbox] in
            do throws(Refusal) {
                mailbox.post(.recalledTest(id, try verbs.book.lastReport(of: profile), nil))
            } catch {
                mailbox.post(.recalledTest(id, nil, error.line))
            }
        }
    }

    func remember(_ profile: UUID, _ choice: SessionChoice) {
        storeCrew.submit { [verbs] in verbs.book.remember(choice, of: profile) }
    }

    /// Reads the profiles anew where another connection has committed since the last time: the folder of the store
    /// changes with every write of our own too. Asked away from the key loop, as the store may be busy.
    func reloadIfChanged() {
        storeCrew.submit { [verbs, mailbox, storeVersion] in
            guard storeVersion.take(verbs.book.version) else { return }
            Self.post(verbs, mailbox)
            mailbox.post(.storeChanged)
        }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// The end of the program by a key or `:quit`: at once where nothing hangs on it, else after a question.
extension Model {
    /// Ends the program, or looks what would be cut by that. Whoever has been asked already is not asked again.
    mutating func leave() -> [Effect] {
        guard !asksToLeave else { return [.quit] }
        let hasProxy = proxies.values.contains { if case .up = $0 { true } else { false } }
        let hasTunnel = tunnels.values.contains { if case .up = $0 { true } else { false } }
        return hasProxy || hasTunnel ? [.countUse] : leave(OutsideUse())
    }

    /// The same, once that is known.
    mutating func leave(_ use: OutsideUse) -> [Effect] {
        guard !asksToLeave else { return [.quit] }
        let ties = ties(use)
        guard !ties.isEmpty else { return [.quit] }
        layers.append(.leave(LeaveState(ties: ties)))
        return [.flushKeys]
    }

    /// Whether the question is open; something may lie over it.
    var asksToLeave: Bool { layers.contains(where: \.isLeave) }

    mutating func leaveKey(_ action: Action?) -> [Effect] {
        switch action {
        case .back: layers.removeLast()
        case .help: return openHelp()
        default: break
        }
        return []
    }

    /// What hangs on the program, the user's own first.
    private func ties(_ use: OutsideUse) -> [LeaveState.Tie] {
        var ties: [LeaveState.Tie] = []
        if let form = openForm, form.saving == nil, let unsaved = form.state.unsaved {
            ties.append(.draft(of: form.state.name.map { label($0) }, what: unsaved))
        }
        if let running = statements, !running.isCancelling {
            ties.append(.run(name: running.name, count: running.count, done: running.done))
        }
        return ties + named(use.clients, LeaveState.Tie.clients)
            + named(use.connections, LeaveState.Tie.connections)
    }

    /// The most first, and by name where there are as many.
    private func named(
        _ counts: [UUID: Int], _ tie: (Int, String) -> LeaveState.Tie
    ) -> [LeaveState.Tie] {
        counts.filter { $0.value > 0 }.map { (count: $0.value, name: owner($0.key)) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            .map { tie($0.count, $0.name) }
    }
}

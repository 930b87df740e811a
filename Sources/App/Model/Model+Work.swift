#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// What goes on away from the keys and Esc in the list ends: one thing after the other, the nearest first. The status line
/// names the one that is next, as long as it goes on.
extension Model {
    /// One of them.
    enum Work {
        case launch
        case statements(Statements)
        case batch(Batch)
        case discovery(RequestID)
        case tunnel(UUID)
        case proxy(UUID)
        case policy(RequestID, Profile)
        case mint(RequestID, Profile)
    }

    /// What Esc ends next; nil where nothing goes on that it could.
    var work: Work? {
        if launch != nil { return .launch }
        if let statements { return .statements(statements) }
        if let batch, batch.isRunning { return .batch(batch) }
        if let discovery { return .discovery(discovery) }
        if let id = openingTunnels.last { return .tunnel(id) }
        if let id = openingProxies.last { return .proxy(id) }
        let waiting = pending.sorted { $0.key.number > $1.key.number }
        for (id, request) in waiting {
            if case .policy(let profile) = request { return .policy(id, profile) }
        }
        for (id, request) in waiting { if case .mint(let profile) = request { return .mint(id, profile) } }
        return nil
    }

    mutating func cancel(_ work: Work) -> [Effect] {
        switch work {
        case .launch: return cancelLaunch()
        case .statements: return cancelStatements()
        case .batch: return cancelBatch()
        case .discovery(let id):
            (discovery, pending[id]) = (nil, nil)
            say("AWS is asked no more")
            return [.cancelTest(id)]
        case .tunnel(let id): return cancelTunnel(id)
        case .proxy(let id): return cancelProxy(id)
        case .policy(let id, _):
            pending[id] = nil
            say("the policy is not worked out")
            return [.cancelTest(id)]
        case .mint(let id, let profile):
            pending[id] = nil
            tokens.endMinting(profile)
            say("no token is minted for \(label(profile))")
            return [.cancelTest(id)]
        }
    }

    /// What the status line says of it; nil where it is on its way by a line of its own.
    private func line(of work: Work) -> String? {
        switch work {
        case .launch: launchLine
        case .statements(let running):
            running.isCancelling
                ? "cancelling on \(running.count - running.done) servers ..."
                : "running SQL on \(running.count): \(running.done) done"
                    + (running.failed > 0 ? ", \(running.failed) failed" : "") + cancels
        case .batch(let batch):
            batch.isCancelling
                ? "cancelling \(batch.waiting.count) tests ..."
                : "testing \(batch.count): \(batch.count - batch.waiting.count) done, \(batch.words)"
                    + cancels
        case .discovery: "\(discoveryProgress)\(cancels)"
        case .tunnel(let id): "opening the tunnel of \(owner(id)) ...\(cancels)"
        case .proxy(let id): proxyLine(id) + cancels
        case .policy(_, let profile): "working out what \(label(profile)) needs ...\(cancels)"
        case .mint(_, let profile): "minting a token for \(label(profile)) ...\(cancels)"
        }
    }

    /// Only where it is Esc's turn.
    private var cancels: String { context == .list ? "   Esc cancels" : "" }

    // MARK: The status line

    /// What the status line shows: what goes on, which gives way to newer words for a while.
    var shownStatus: StatusLine? {
        guard let line = work.flatMap({ line(of: $0) }) else { return status }
        if let status, now < statusEnd(status) { return status }
        return StatusLine(text: line, kind: .plain, shownAt: now)
    }

    private func statusEnd(_ status: StatusLine) -> Date {
        status.shownAt.addingTimeInterval(StatusLine.seconds)
    }

    /// When that changes by itself, or keys begin to work.
    var workChange: Date? {
        guard work != nil else { return nil }
        return [launch?.settledAt, status.map(statusEnd)].compactMap { $0 }.filter { $0 > now }.min()
    }
}

import Synchronization

/// Tells a line that comes again and again once a minute: a pooler that is refused, or a check that knows no user, comes every
/// second.
final class SeldomTold: Sendable {
    private static let pause: Duration = .seconds(60)
    /// So many lines are remembered.
    private static let most = 100

    private let last = Mutex<[String: ContinuousClock.Instant]>([:])
    private let told: @Sendable (String) -> Void

    init(_ told: @escaping @Sendable (String) -> Void) {
        self.told = told
    }

    func tell(_ line: String) {
        let now = ContinuousClock.now
        let isNew = last.withLock { last in
            if let before = last[line], now - before < Self.pause { return false }
            if last.count >= Self.most { last = last.filter { now - $0.value < Self.pause } }
            if last.count < Self.most { last[line] = now }
            return true
        }
        if isNew { told(line) }
    }
}

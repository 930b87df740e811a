import TLS
import Workers

/// The addresses of one name in turn: each has its share of the time for as long as it says nothing, as with libpq, whose
/// `connect_timeout` is per address (PostgreSQL documentation, "Specifying Multiple Hosts").
struct LoginTurns: Sendable {
    /// The one that is dialled.
    private(set) var address: ResolvedAddress?
    private(set) var dialledAt: ContinuousClock.Instant?
    /// Those after it that can still be tried.
    var left: [ResolvedAddress] = []
    /// What became of those before it, until that is told.
    var notes: [String] = []
    private(set) var hasMovedOn = false

    /// The share of one address, all of the time for the last.
    ///
    /// - Parameter count: of the addresses that can still be tried, with this one.
    static func wait(_ whole: Wait, oneOf count: Int) -> Wait {
        count > 1 ? whole.share(1 / Double(count)) : whole
    }

    mutating func dial(_ address: ResolvedAddress, at instant: ContinuousClock.Instant) {
        (self.address, dialledAt) = (address, instant)
        if hasMovedOn { notes.append("then \(address.text)") }
    }

    /// To those that are left, from one that was silent.
    ///
    /// - Parameter words: of the one.
    mutating func moveOn(_ words: String) -> [ResolvedAddress] {
        notes.append(words)
        hasMovedOn = true
        defer { left = [] }
        return left
    }

    /// What is to be told of those before it, behind the detail of a stage.
    mutating func takeWords() -> String {
        defer { notes = [] }
        return notes.isEmpty ? "" : "  (\(notes.joined(separator: ", ")))"
    }
}

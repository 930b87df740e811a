import Synchronization
import Workers

/// Names that were looked up a moment ago: a batch of tests asks for each once, however many profiles have it.
package final class NameBook: Sendable {
    /// How long an answer is believed; a name that was not found is always looked up anew.
    private static let life = Duration.seconds(5)

    private let known = Mutex<[String: (answer: NameResolver.Resolution, until: ContinuousClock.Instant)]>([:]
    )
    private let lookUp: @Sendable (String, Wait) -> NameResolver.Resolution

    /// - Parameter lookUp: asks the system's resolver unless a test answers.
    package init(
        lookUp: @escaping @Sendable (String, Wait) -> NameResolver.Resolution = {
            NameResolver.resolve($0, wait: $1)
        }
    ) {
        self.lookUp = lookUp
    }

    /// Blocks until the wait's deadline at most.
    package func resolve(_ name: String, wait: Wait) -> NameResolver.Resolution {
        if let entry = known.withLock({ $0[name] }), entry.until > .now { return entry.answer }
        let answer = lookUp(name, wait)
        if case .addresses = answer { known.withLock { $0[name] = (answer, .now + Self.life) } }
        return answer
    }
}

import Profiles
import Synchronization
import Workers

/// Who is asked what a client's login through a proxy needs. A pooler connects again and again: a question that was given
/// up is not asked again at once.
final class ProxyQuestions: Sendable {
    private static let pause: Duration = .seconds(60)

    private let ask: @Sendable (Cancellation) -> SignerOptions
    private let givenUp = Mutex<ContinuousClock.Instant?>(nil)

    init(_ ask: @escaping @Sendable (Cancellation) -> SignerOptions) {
        self.ask = ask
    }

    /// For one login.
    ///
    /// - Parameter cancellation: what is asked ends with it.
    func options(_ cancellation: Cancellation) -> SignerOptions {
        let isQuiet = givenUp.withLock { $0.map { .now - $0 < Self.pause } ?? false }
        guard !isQuiet else { return SignerOptions(cancellation: cancellation) }
        var options = ask(cancellation)
        if let code = options.askCode {
            options.askCode = { device in self.heard(code(device), cancellation) }
        }
        if let tunnel = options.askTunnel {
            options.askTunnel = { question, asking in
                let answer = tunnel(question, asking)
                return question.kind == .notice ? answer : self.heard(answer, asking)
            }
        }
        return options
    }

    private func heard(_ answer: String?, _ cancellation: Cancellation) -> String? {
        if answer == nil, !cancellation.isCancelled { givenUp.withLock { $0 = .now } }
        return answer
    }
}

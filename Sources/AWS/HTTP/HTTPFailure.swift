import TLS

/// Why a request got no answer. Holds no secret.
package enum HTTPFailure: Error, Sendable, Hashable {
    case stream(StreamFailure, place: String)
    /// What came is no HTTP, or more than was bargained for.
    case malformed(String, place: String)
    /// The proxy refused.
    case proxy(String)

    /// For people, on one line.
    package var text: String {
        switch self {
        case .stream(let failure, let place): "\(place): \(failure.text)"
        case .malformed(let text, let place): "\(place): \(text)"
        case .proxy(let text): text
        }
    }

    var isCancelled: Bool { if case .stream(.cancelled, _) = self { true } else { false } }
    var isTimeout: Bool { if case .stream(.timedOut, _) = self { true } else { false } }
}

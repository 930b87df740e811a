import Diagnosis

/// Why a connection could not be made, or broke.
package enum StreamFailure: Error, Sendable, Hashable {
    /// No way there: by name or by network.
    case network(NetworkFault, text: String)
    /// The handshake failed; the verdict is of the server's certificate.
    case tls(text: String, isCertificate: Bool)
    /// It was closed or reset where more was to come.
    case closed(text: String)
    case timedOut
    case cancelled

    /// For people, on one line.
    package var text: String {
        switch self {
        case .network(_, let text), .closed(let text): VisibleText.line(text)
        case .tls(let text, _): "TLS: \(VisibleText.line(text))"
        case .timedOut: "no answer in time"
        case .cancelled: "cancelled"
        }
    }
}

import TLS

/// A client and its server, logged in.
///
/// Its streams are used by one thread at a time: by the login's, then by the relay's alone.
final class ProxyPair: @unchecked Sendable {
    let near: NetworkStream
    let far: NetworkStream
    /// By which the server knows the session in a cancel request.
    let key: [UInt8]?
    private let keeping: (any Sendable)?
    let beganAt = ContinuousClock.now
    /// What the client calls itself.
    let application: String

    init(
        near: NetworkStream, far: NetworkStream, key: [UInt8]?, keeping: (any Sendable)?, application: String
    ) {
        self.application = application
        self.near = near
        self.far = far
        self.key = key
        self.keeping = keeping
    }
}

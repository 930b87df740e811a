import TLS

/// A client and its server, logged in.
///
/// Its streams are used by one thread at a time: by the login's, then by the relay's alone.
final class ProxyPair: @unchecked Sendable {
    let near: NetworkStream
    let far: NetworkStream
    /// By which the server knows the session in a cancel request.
    let key: [UInt8]?
    /// The very server that it is on, for a cancel request.
    let place: Place
    /// What the client said before it was told that it has a session, and the server has got.
    let ahead: [UInt8]
    let beganAt = ContinuousClock.now
    let session: ProxySession

    /// What is told of its end, which is now.
    func end(by party: ProxySession.Party) -> ProxySession.Event {
        .ended(session, ContinuousClock.now - beganAt, by: party)
    }

    /// Where a session is: a name may lead somewhere else by now.
    struct Place: Sendable {
        /// The name that the server's certificate has to have.
        var host: String
        var address: String
        var port: UInt16
        /// Lives as long as the session, such as a tunnel.
        var keeping: (any Sendable)?
    }

    init(
        near: NetworkStream, far: NetworkStream, key: [UInt8]?, place: Place, ahead: [UInt8],
        session: ProxySession
    ) {
        (self.ahead, self.session) = (ahead, session)
        self.near = near
        self.far = far
        self.key = key
        self.place = place
    }
}

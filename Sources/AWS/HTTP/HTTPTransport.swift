import Workers

/// Carries requests to AWS and to what stands in for it on this machine. Blocks the calling thread, never past the
/// deadline.
package protocol HTTPTransport: Sendable {
    func send(_ request: HTTPRequest, options: HTTPOptions, wait: Wait) throws(HTTPFailure) -> HTTPResponse
}

/// How a request is carried.
package struct HTTPOptions: Sendable, Hashable {
    /// The largest body that is taken, in bytes.
    package var bodyLimit = 4_000_000
    /// Whether the proxies of the environment count: not for what is on this machine or its link.
    package var usesProxy = true

    /// A PEM file of root certificates in place of those that the client has.
    package var bundle: String?

    package init(bodyLimit: Int = 4_000_000, usesProxy: Bool = true) {
        self.bodyLimit = bodyLimit
        self.usesProxy = usesProxy
    }
}

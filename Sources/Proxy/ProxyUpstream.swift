import Secrets

/// Where a session logs in now, and with what.
package struct ProxyUpstream: Sendable {
    /// The name that the server's certificate has to have.
    package var host: String
    /// What is dialled: a name or an address.
    package var address: String
    package var port: UInt16
    /// The token.
    package var password: Secret
    /// Lives as long as the session, such as a tunnel.
    package var keeping: (any Sendable)?

    package init(
        host: String, address: String, port: UInt16, password: Secret, keeping: (any Sendable)? = nil
    ) {
        self.host = host
        self.address = address
        self.port = port
        self.password = password
        self.keeping = keeping
    }
}

/// Why a session cannot be had, for the client.
package struct ProxyRefusal: Error, Sendable, Hashable {
    /// As a server would say it (PostgreSQL documentation, "PostgreSQL Error Codes").
    package var sqlstate: String
    package var text: String

    package init(_ sqlstate: String, _ text: String) {
        self.sqlstate = sqlstate
        self.text = text
    }
}

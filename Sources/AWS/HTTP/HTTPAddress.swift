import Profiles

/// Where a request goes: `http://host[:port]/path?query` or `https://…` (RFC 9110, 4.2).
package struct HTTPAddress: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable {
        case http, https

        var port: UInt16 { self == .http ? 80 : 443 }
    }

    package let scheme: Scheme
    /// Lower-cased, an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// Path and query as they go onto the wire, beginning with a slash.
    package let target: String
    /// User and password before the host, as a proxy's address has them.
    let userInformation: String?

    /// Reads a text. Nil where it is not of that form, or holds what would break a line.
    package init?(_ text: String) {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { return nil }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        var authority = rest[..<end]
        var information: String?
        if let at = authority.lastIndex(of: "@") {
            information = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        guard let address = DialAddress(String(authority), defaultPort: Int(scheme.port)),
            !address.host.contains(":") || authority.hasPrefix("["), let port = UInt16(exactly: address.port)
        else { return nil }
        var target = String(rest[end...].prefix { $0 != "#" })
        if !target.hasPrefix("/") { target = "/" + target }
        self.scheme = scheme
        host = address.host.lowercased()
        self.port = port
        self.target = target
        userInformation = information
    }

    package init(scheme: Scheme = .https, host: String, port: UInt16? = nil, target: String = "/") {
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? scheme.port
        self.target = target
        userInformation = nil
    }

    /// The target without its query.
    var path: String { String(target.prefix { $0 != "?" }) }

    /// The same place with a path of its own behind what the address has, as an endpoint's URL is meant; the root path
    /// adds nothing, as botocore has it.
    package func appending(_ path: String) -> HTTPAddress {
        let base = self.path
        guard path != "/" else { return HTTPAddress(scheme: scheme, host: host, port: port, target: base) }
        let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
        return HTTPAddress(scheme: scheme, host: host, port: port, target: trimmed + path)
    }

    /// What the `Host` header says: the port only where it is not the scheme's own (RFC 9110, 7.2).
    package var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.port ? name : "\(name):\(port)"
    }

    /// `https://host:port/path` without query and user: fit for a message.
    var shown: String {
        "\(scheme.rawValue)://\(hostHeader)\(path)".shown
    }
}

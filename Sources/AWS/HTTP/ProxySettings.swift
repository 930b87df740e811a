import Profiles

/// Proxies as the environment names them, read as curl, Python and so botocore read them: `https_proxy` before
/// `HTTPS_PROXY`, and `no_proxy` for what is reached directly.
package struct ProxySettings: Sendable {
    /// A variable that does not hold a proxy's address.
    package struct Unusable: Error, Sendable, Hashable { package var text: String }

    private let environment: EnvironmentValues

    package init(_ environment: EnvironmentValues) {
        self.environment = environment
    }

    /// The proxy for an address; nil where it is reached directly.
    package func proxy(for address: HTTPAddress) throws(Unusable) -> HTTPAddress? {
        let name = "\(address.scheme.rawValue)_proxy"
        guard let text = environment[name] ?? environment[name.uppercased()], !isDirect(address) else {
            return nil
        }
        let full = text.contains("://") ? text : "http://\(text)"
        guard let proxy = HTTPAddress(full), proxy.scheme == .http else {
            throw Unusable(text: "\(name.uppercased()) is not an http:// address of a proxy")
        }
        return proxy
    }

    /// Host names and domains, with or without a leading dot, each perhaps with a port; `*` is everything.
    private func isDirect(_ address: HTTPAddress) -> Bool {
        guard let list = environment["no_proxy"] ?? environment["NO_PROXY"] else { return false }
        for part in list.split(separator: ",") {
            var entry = part.trimmingBlanks().lowercased()[...]
            if entry == "*" { return true }
            if entry.hasPrefix(".") { entry = entry.dropFirst() }
            guard !entry.isEmpty else { continue }
            for host in [address.host, "\(address.host):\(address.port)"]
            where host == entry || host.hasSuffix(".\(entry)") {
                return true
            }
        }
        return false
    }
}

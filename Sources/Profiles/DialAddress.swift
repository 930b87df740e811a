/// A host with a port: `name`, `name:port`, `address`, `address:port`, `[v6]`, `[v6]:port` or a bare v6 address.
package struct DialAddress: Sendable, Hashable {
    /// Without brackets.
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads a text. Nil where it has none of the forms, or the port is not 1 to 65535.
    package init?(_ text: String, defaultPort: Int) {
        let trimmed = text.trimmingBlanks()
        var host = trimmed[...]
        var portText: Substring?
        if trimmed.hasPrefix("[") {
            guard let close = trimmed.firstIndex(of: "]") else { return nil }
            host = trimmed[trimmed.index(after: trimmed.startIndex)..<close]
            let rest = trimmed[trimmed.index(after: close)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":") else { return nil }
                portText = rest.dropFirst()
            }
            guard host.contains(":") else { return nil }
        } else if trimmed.filter({ $0 == ":" }).count == 1, let colon = trimmed.firstIndex(of: ":") {
            host = trimmed[..<colon]
            portText = trimmed[trimmed.index(after: colon)...]
        }
        guard HostSyntax.isHost(String(host)) else { return nil }
        self.host = String(host)
        guard let portText else {
            port = defaultPort
            return
        }
        guard let port = HostSyntax.port(String(portText)) else { return nil }
        self.port = port
    }

    /// A text fit for an error line: without secrets, and what would break the line is replaced.
    package static func shown(_ text: String) -> String {
        let start = String(text.unicodeScalars.prefix(PastedText.limit))
        return String(
            String.UnicodeScalarView(
                SecretText.shown(start).unicodeScalars.prefix(80).map { LabelSyntax.isUnfit($0) ? "?" : $0 }))
    }
}

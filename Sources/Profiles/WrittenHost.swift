/// A host as people write it: with its port behind it, in an address's brackets, with the dot that ends a name in DNS.
package struct WrittenHost: Sendable, Hashable {
    /// The host alone, as a profile keeps it.
    package var host: String
    /// The port that stood with it.
    package var port: Int?

    /// Takes a text apart. Nil where it holds no host, or a port that is none.
    package init?(_ text: String) {
        guard let address = DialAddress(text, defaultPort: 0) else {
            // A socket's folder may have a colon in it.
            let folder = text.trimmingBlanks()
            guard folder.hasPrefix("/"), HostSyntax.isHost(folder) else { return nil }
            (host, port) = (folder, nil)
            return
        }
        host = HostName.withoutDot(address.host)
        port = address.port == 0 ? nil : address.port
    }

    /// Gives a port that stands with libpq's `host` to its `port`, where none is said there.
    ///
    /// - Returns: what was taken apart, one line each.
    package static func settle(_ settings: inout [String: String]) -> [String] {
        guard let text = settings["host"], let written = WrittenHost(text), let port = written.port else {
            return []
        }
        let said = settings["port"] ?? ""
        guard said.isEmpty || said == String(port) else { return [] }
        (settings["host"], settings["port"]) = (written.host, String(port))
        return [portNote(port)]
    }

    /// Why ``init(_:)`` does not take a text, and what to give instead.
    static func refusal(of text: String) -> (what: String, remedy: String) {
        text.trimmingBlanks().lowercased().hasPrefix("arn:")
            ? (
                "is an ARN and no host name",
                "give the endpoint, which `pgfob discover` and the RDS console show"
            )
            : ("is not a host name", "letters, digits, '-' and '.', without blanks or line breaks")
    }

    package static func portNote(_ port: Int) -> String { "port \(port) taken from the host" }
    package static let dotNote = "host taken without the dot at its end"
}

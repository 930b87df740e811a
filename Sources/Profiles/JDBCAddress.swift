/// A JDBC address of PostgreSQL, whose parameters are not libpq's (pgJDBC documentation, "Connecting to the
/// Database").
package struct JDBCAddress: Sendable {
    /// For libpq, without parameters.
    package private(set) var uri: String?
    /// What the parameters say, by libpq's keywords; a secret is left empty.
    package private(set) var settings: [String: String] = [:]
    /// What was left out, one line each.
    package private(set) var remarks: [String] = []

    /// Nil where a text is none.
    package init?(_ text: String) {
        guard text.lowercased().hasPrefix("jdbc:") else { return nil }
        var rest = text.dropFirst(5)
        for wrapper in ["aws-wrapper:", "tracing:"] where rest.lowercased().hasPrefix(wrapper) {
            rest = rest.dropFirst(wrapper.count)
        }
        guard rest.lowercased().hasPrefix("postgresql:") else { return nil }
        rest = rest.dropFirst(11)
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let address = parts.first ?? ""
        if address.hasPrefix("//") {
            uri = "postgresql:\(address)"
        } else {
            // A bare name is a database on this machine.
            settings = ["host": "localhost", "dbname": String(address.drop { $0 == "/" })]
        }
        for pair in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            take(parameter: String(words[0]), Self.decoded(words.count > 1 ? words[1] : ""))
        }
    }

    /// The names of pgJDBC's that libpq has under another name, or the same.
    private static let keywords: [String: String] = [
        "user": "user", "sslmode": "sslmode", "sslrootcert": "sslrootcert", "sslcert": "sslcert",
        "sslkey": "sslkey", "ApplicationName": "application_name", "connectTimeout": "connect_timeout",
        "options": "options",
    ]

    /// pgJDBC's kinds of servers in libpq's words (PostgreSQL documentation, "target_session_attrs").
    private static let servers = [
        "any": "any", "primary": "primary", "master": "primary", "secondary": "standby", "slave": "standby",
        "preferSecondary": "prefer-standby", "preferSlave": "prefer-standby", "preferPrimary": "any",
    ]

    /// Parameters of the driver that stand beside an address.
    package init(parameters: [(name: String, value: String)]) {
        for (name, value) in parameters.sorted(by: { $0.name < $1.name }) { take(parameter: name, value) }
    }

    /// All of it as libpq reads it.
    package var conninfo: String {
        let pairs = Conninfo(settings.sorted { $0.key < $1.key })
        guard let uri else { return pairs.keywordText }
        let query = pairs.queryText.split(separator: "?", maxSplits: 1).last ?? ""
        return settings.isEmpty ? uri : "\(uri)?\(query)"
    }

    private mutating func take(parameter name: String, _ value: String) {
        if Parameters.secret.contains(name) || name == "sslPassword" {
            settings["password"] = ""
        } else if name == "ssl", value != "false", settings["sslmode"] == nil {
            // pgJDBC checks certificate and name then.
            settings["sslmode"] = "verify-full"
        } else if let keyword = Self.keywords[name] {
            if !value.isEmpty { settings[keyword] = value }
        } else if name == "targetServerType", let kind = Self.servers[value] {
            settings["target_session_attrs"] = kind
        } else if name == "currentSchema", !value.isEmpty {
            let path = value.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
            settings["options"] = "-c search_path=\(path)"
        } else {
            remarks.append("\(DialAddress.shown(name)) left out: it is the JDBC driver's")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

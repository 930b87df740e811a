import Profiles

/// DBeaver's `data-sources.json`: PostgreSQL's connections with their folders, types and tunnels.
package enum DBeaverSources {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        let tree: JSONTree
        do throws(JSONReader.Malformed) { tree = try JSONReader.readLenient(text) } catch {
            reading.problems.append(error.text)
            return reading
        }
        guard let connections = tree["connections"]?.members else {
            reading.problems.append("there is no object \"connections\" in it")
            return reading
        }
        var others = 0
        for (id, connection) in connections.sorted(by: { $0.key < $1.key }) {
            guard connection.members != nil, let configuration = connection["configuration"] else {
                reading.problems.append("connection \(DialAddress.shown(id)): has no configuration")
                continue
            }
            let url = configuration["url"]?.string ?? ""
            guard connection["provider"]?.string == "postgresql" || url.hasPrefix("jdbc:postgresql") else {
                others += 1
                continue
            }
            reading.entries.append(entry(id, connection, configuration, tree))
        }
        if others > 0 {
            reading.notes.append("\(others) connection\(others == 1 ? "" : "s") to other databases left out")
        }
        return reading
    }

    private static func entry(
        _ id: String, _ connection: JSONTree, _ configuration: JSONTree, _ file: JSONTree
    ) -> ForeignEntry {
        let name = connection["name"]?.string
        var entry = ForeignEntry(place: "connection \(DialAddress.shown(id))", name: name)
        entry.group = connection["folder"]?.string.map { path($0, file["folders"]) }
        entry.notes = connection["description"]?.string ?? ""
        if connection["read-only"] == .bool(true) { entry.fields[ProfileField.readOnly.rawValue] = "yes" }
        entry.environment = environment(configuration["type"]?.string, file)
        takeAddress(configuration, &entry)
        takeLogin(configuration, file, &entry)
        takeHandlers(configuration["handlers"], &entry)
        if configuration["color"]?.string != nil { entry.remarks.append("its colour left out") }
        for (key, words) in [
            ("events", "shell commands of DBeaver's"), ("bootstrap", "settings for DBeaver's sessions"),
            ("config-profile", "its network profile"),
        ] where !(configuration[key]?.members?.isEmpty ?? configuration[key]?.string?.isEmpty ?? true) {
            entry.remarks.append("\(words) left out")
        }
        return entry
    }

    private static func takeAddress(_ configuration: JSONTree, _ entry: inout ForeignEntry) {
        let url = configuration["url"]?.string ?? ""
        // By its own word only the URL counts then.
        if configuration["configurationType"]?.string == "URL" || configuration["host"] == nil,
            let address = JDBCAddress(url)
        {
            address.apply(to: &entry)
        } else {
            for (name, keyword) in [("host", "host"), ("port", "port"), ("database", "dbname")] {
                if let value = configuration[name]?.scalarText { entry.settings[keyword] = value }
            }
        }
        var parameters = JDBCAddress("jdbc:postgresql:x")
        for (name, value) in (configuration["properties"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let value = value.scalarText { parameters?.take(parameter: name, value) }
        }
        let address = (entry.settings, entry.conninfo)
        parameters?.apply(to: &entry)
        entry.conninfo = address.1
        // What stands for the address alone is the stand-in's.
        for keyword in ["host", "dbname"] { entry.settings[keyword] = address.0[keyword] }
    }

    private static func takeLogin(_ configuration: JSONTree, _ file: JSONTree, _ entry: inout ForeignEntry) {
        let user = configuration["user"] ?? configuration["auth-properties"]?["user"]
        if let user = user?.scalarText, !user.isEmpty { entry.settings["user"] = user }
        if configuration["password"] != nil || configuration["auth-properties"]?["password"] != nil {
            entry.dropSecret("the password")
        }
        let model = configuration["auth-model"]?.string?.lowercased() ?? ""
        if model.contains("pgpass") { entry.auth = .pgpass }
        if model.contains("iam") || model.contains("aws") {
            entry.auth = .iam
            let properties = configuration["auth-properties"]
            for name in ["aws.profile", "profile", "profileName"] {
                if let profile = properties?[name]?.string { entry.fields["aws_profile"] = profile }
            }
        }
    }

    private static func takeHandlers(_ handlers: JSONTree?, _ entry: inout ForeignEntry) {
        for (name, handler) in (handlers?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard handler["enabled"] == .bool(true) else { continue }
            let properties = handler["properties"]
            if name.contains("ssl") {
                for (key, keyword) in [
                    ("sslMode", "sslmode"), ("ssl.ca.cert", "sslrootcert"), ("ssl.client.cert", "sslcert"),
                    ("ssl.client.key", "sslkey"),
                ] {
                    if let value = properties?[key]?.scalarText, !value.isEmpty {
                        entry.settings[keyword] = value
                    }
                }
            } else if name.contains("ssh") {
                entry.take(
                    tunnel: properties?["host"]?.scalarText ?? handler["host"]?.scalarText,
                    port: properties?["port"]?.scalarText,
                    user: handler["user"]?.scalarText ?? properties?["user"]?.scalarText)
            } else {
                entry.remarks.append("\(DialAddress.shown(name)) left out")
            }
        }
    }

    /// The type's environment: DBeaver's own three, or the name that the user gave.
    private static func environment(_ type: String?, _ file: JSONTree) -> String? {
        switch type {
        case "prod"?, "dev"?: type
        // Between development and production: what others call stage.
        case "test"?: "stage"
        case let other?: file["connection-types"]?[other]?["name"]?.string
        case nil: nil
        }
    }

    /// `parent/child`; newer files have it in the name already.
    private static func path(_ folder: String, _ folders: JSONTree?) -> String {
        var (parts, name) = ([folder], folder)
        while parts.count < 16, let parent = folders?[name]?["parent"]?.string, !parent.isEmpty {
            parts.append(parent)
            name = parent
        }
        return parts.reversed().joined(separator: "/")
    }
}

import Profiles

/// DBeaver's `data-sources.json`: PostgreSQL's connections with their folders, types and tunnels.
package enum DBeaverSources {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        let (tree, lines): (JSONTree, [String: Int])
        do throws(JSONReader.Malformed) {
            (tree, lines) = try JSONReader.readLenient(text, linesOf: "connections")
        } catch {
            reading.problems.append(error.text)
            return reading
        }
        guard let connections = tree["connections"]?.members else {
            reading.problems.append("there is no object \"connections\" in it")
            return reading
        }
        var others = 0
        for (id, connection) in connections.sorted(by: { $0.key < $1.key }) {
            let place = ForeignEntry.place("connection", id, lines)
            guard connection.members != nil, let configuration = connection["configuration"] else {
                reading.problems.append("\(place): has no configuration")
                continue
            }
            let url = configuration["url"]?.string ?? ""
            guard connection["provider"]?.string == "postgresql" || url.hasPrefix("jdbc:postgresql") else {
                others += 1
                continue
            }
            reading.entries.append(entry(place, connection, configuration, tree))
        }
        if others > 0 {
            reading.notes.append("\(others) connection\(others == 1 ? "" : "s") to other databases left out")
        }
        return reading
    }

    private static func entry(
        _ place: String, _ connection: JSONTree, _ configuration: JSONTree, _ file: JSONTree
    ) -> ForeignEntry {
        let name = connection["name"]?.string
        var entry = ForeignEntry(place: place, name: name)
        entry.group = connection["folder"]?.string.map { path($0, file["folders"]) }
        entry.notes = connection["description"]?.string ?? ""
        if connection["read-only"] == .bool(true) { entry.fields[ProfileField.readOnly.rawValue] = "yes" }
        entry.environment = environment(configuration["type"]?.string, file)
        takeAddress(configuration, &entry)
        takeLogin(configuration, file, &entry)
        takeHandlers(configuration["handlers"], &entry)
        takeNetwork(configuration["config-profile"]?.string ?? "", file, &entry)
        if configuration["color"]?.string != nil { entry.remarks.append("its colour left out") }
        for (key, words) in [
            ("events", "shell commands of DBeaver's"), ("bootstrap", "settings for DBeaver's sessions"),
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
            entry.take(address)
        } else {
            for (name, keyword) in [("host", "host"), ("port", "port"), ("database", "dbname")] {
                if let value = configuration[name]?.scalarText { entry.settings[keyword] = value }
            }
        }
        entry.take(
            driver: (configuration["properties"]?.members ?? [:]).compactMap { name, value in
                value.scalarText.map { (name, $0) }
            })
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
            takeSigner(configuration["auth-properties"]?.members ?? [:], &entry)
        }
    }

    /// Whose credentials sign, and for which region; DBeaver's editions name the properties differently.
    private static func takeSigner(_ properties: [String: JSONTree], _ entry: inout ForeignEntry) {
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            guard let text = value.scalarText, !text.isEmpty, name != "user", name != "password" else {
                continue
            }
            let plain = name.lowercased().filter(\.isLetter)
            if ["profile", "awsprofile", "profilename", "awsprofilename"].contains(plain) {
                entry.fields[ProfileField.awsProfile.rawValue] = text
            } else if ["region", "awsregion", "regionname"].contains(plain) {
                entry.fields[ProfileField.region.rawValue] = text
            } else {
                entry.remarks.append("\(DialAddress.shown(name)) of its login left out")
            }
        }
    }

    /// A tunnel and the like that several connections share by a name.
    private static func takeNetwork(_ name: String, _ file: JSONTree, _ entry: inout ForeignEntry) {
        guard !name.isEmpty else { return }
        let shared = file["network-profiles"]?.members?.first { id, profile in
            id == name || profile["name"]?.string == name
        }
        guard let shared else {
            entry.remarks.append("its network profile left out: the file does not have it")
            return
        }
        takeHandlers(shared.value["handlers"], &entry)
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
                    user: handler["user"]?.scalarText ?? properties?["user"]?.scalarText
                        ?? properties?["userName"]?.scalarText)
                for hop in 0..<8
                where ["yes", "true"].contains(properties?["jumpServer\(hop).enabled"]?.scalarText) {
                    let host = properties?["jumpServer\(hop).host"]?.scalarText ?? ""
                    entry.remarks.append(
                        "the jump server \(DialAddress.shown(host)) left out: ProxyJump in ~/.ssh/config leads through it"
                    )
                }
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

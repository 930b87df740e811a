import Profiles

/// DataGrip's `dataSources.xml`, and what it copies to the clipboard. User names, tunnels and folders lie in files beside it.
package enum DataGripSources {
    /// Where DataGrip keeps what is one person's own, by the data source's uuid.
    private static let localFile = "dataSources.local.xml"
    /// Where it keeps what `ssh-config-id` names.
    private static let tunnelFile = "sshConfigs.xml"

    /// - Parameter beside: the text of a file of that name in the same folder; nil where there is none.
    package static func read(_ text: String, beside: (String) -> String? = { _ in nil }) -> ForeignReading {
        var reading = ForeignReading()
        let root: XMLNode
        let bytes = Array(document(text).utf8)
        do throws(XMLNode.Malformed) { root = try XMLNode.read(bytes) } catch {
            reading.problems.append(error.text)
            return reading
        }
        let sources = Self.sources(under: root)
        if sources.isEmpty { reading.problems.append("there is no <data-source> in it") }
        var (others, nameless) = (0, 0)
        var counted = (at: 0, line: 1)
        let local = Dictionary(
            nodes(beside(localFile), "data-source", localFile, &reading).compactMap { node in
                node.attributes["uuid"].map { ($0, node) }
            }, uniquingKeysWith: { first, _ in first })
        let tunnels = Dictionary(
            nodes(beside(tunnelFile), "sshConfig", tunnelFile, &reading).compactMap { node in
                node.attributes["id"].map { ($0, node.attributes) }
            }, uniquingKeysWith: { first, _ in first })
        let groups = DataGripFolders.groups(
            nodes(beside(DataGripFolders.file), "data", DataGripFolders.file, &reading).first?.text ?? "")
        for (index, source) in sources.enumerated() {
            let name = source.attributes["name"]
            // They come in the document's order.
            counted.line += bytes[counted.at..<max(counted.at, source.offset)].count { $0 == 0x0a }
            counted.at = max(counted.at, source.offset)
            let place = "line \(counted.line), data source \(index + 1)"
            var entry = ForeignEntry(place: place, name: name)
            guard let url = source.text("jdbc-url") else {
                nameless += 1
                continue
            }
            guard let address = JDBCAddress(url.trimmingBlanks()) else {
                others += 1
                continue
            }
            entry.take(address)
            take(source, tunnels, &entry)
            if let own = source.attributes["uuid"].flatMap({ local[$0] }) { take(own, tunnels, &entry) }
            entry.group = entry.group ?? source.attributes["uuid"].flatMap { groups[$0] }
            reading.entries.append(entry)
        }
        if others > 0 {
            reading.notes.append("\(others) data source\(others == 1 ? "" : "s") of other databases left out")
        }
        if nameless > 0 {
            reading.problems.append(
                "\(nameless) data source\(nameless == 1 ? " has" : "s have") no jdbc-url: import dataSources.xml, \(localFile) is read with it"
            )
        }
        if beside(localFile) == nil,
            reading.entries.contains(where: {
                $0.settings["user"] == nil && $0.conninfo?.contains("@") != true
            })
        {
            reading.notes.append("DataGrip keeps user names in \(localFile): there is none beside the file")
        }
        return reading
    }

    /// The clipboard's text has comments of its own around several roots.
    private static func document(_ text: String) -> String {
        guard text.hasPrefix("#") else { return text }
        // Empty in their place, so that lines keep their numbers.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasPrefix("#") ? "" : $0
        }
        return "<clipboard>\(lines.joined(separator: "\n"))</clipboard>"
    }

    /// The elements of a name in a file beside; what is wrong with it keeps only it out.
    private static func nodes(
        _ text: String?, _ name: String, _ file: String, _ reading: inout ForeignReading
    ) -> [XMLNode] {
        guard let text else { return [] }
        do throws(XMLNode.Malformed) {
            return sources(under: try XMLNode.read(Array(text.utf8)), named: name)
        } catch {
            reading.problems.append("\(file) beside it: \(error.text)")
            return []
        }
    }

    private static func sources(under root: XMLNode, named name: String = "data-source") -> [XMLNode] {
        var (found, waiting) = ([XMLNode](), [root])
        while let node = waiting.popLast() {
            if node.name == name {
                found.append(node)
            } else {
                waiting += node.children.reversed()
            }
        }
        return found
    }

    private static func take(
        _ source: XMLNode, _ tunnels: [String: [String: String]], _ entry: inout ForeignEntry
    ) {
        func text(_ name: String) -> String? {
            source.text(name).map { $0.trimmingBlanks() }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let user = text("user-name") { entry.settings["user"] = user }
        if let notes = source.attributes["comment"] ?? text("remarks") { entry.notes = notes }
        if let group = source.attributes["group"] ?? text("group-name") { entry.group = group }
        if source.attributes["read-only"] == "true" || text("read-only") == "true" {
            entry.fields[ProfileField.readOnly.rawValue] = "yes"
        }
        let provider = text("auth-provider")?.lowercased() ?? ""
        if provider.contains("iam") { entry.auth = .iam }
        if provider.contains("pgpass") { entry.auth = .pgpass }
        if provider.contains("no-auth") { entry.auth = Authentication.none }
        takeProperties(source, &entry)
        if let ssl = source["ssl-config"], ssl.text("enabled") == "true" {
            if let mode = ssl.text("mode") {
                entry.settings["sslmode"] = mode.lowercased().replacing("_", with: "-")
            }
            for (name, keyword) in [
                ("ca-cert", "sslrootcert"), ("client-cert", "sslcert"), ("client-key", "sslkey"),
            ] {
                if let path = ssl.text(name), !path.isEmpty { entry.settings[keyword] = path }
            }
        }
        if let ssh = source["ssh-properties"], ssh.text("enabled") == "true" {
            let id = ssh.text("ssh-config-id") ?? ""
            if let config = tunnels[id] {
                entry.take(tunnel: config["host"], port: config["port"], user: config["username"])
            } else if let host = ssh.text("proxy-host"), !host.isEmpty {
                entry.take(tunnel: host, port: ssh.text("proxy-port"), user: ssh.text("user"))
            } else {
                entry.remarks.append(
                    "its tunnel left out: \(tunnelFile), which says where it leads, is not beside the file or lacks it"
                )
            }
        }
    }

    /// The driver's properties, and those of the AWS Toolkit's login.
    private static func takeProperties(_ source: XMLNode, _ entry: inout ForeignEntry) {
        var (signingHost, signingPort): (String?, String?)
        var parameters: [(name: String, value: String)] = []
        for list in ["jdbc-additional-properties", "driver-properties"] {
            for property in source.list(list) {
                guard let name = property.attributes["name"], let value = property.attributes["value"],
                    !value.isEmpty
                else { continue }
                switch name.lowercased() {
                case "aws.credentialid":
                    let parts = value.split(separator: ":", maxSplits: 1)
                    if parts.count == 2, parts[0] == "profile" {
                        entry.fields["aws_profile"] = String(parts[1])
                    }
                case "aws.regionid": entry.fields["region"] = value
                case let key where key.contains("signinghost") || key.contains("signing_host"):
                    signingHost = value
                case let key where key.contains("signingport") || key.contains("signing_port"):
                    signingPort = value
                case "password": entry.dropSecret("the password")
                // What the URL says stands over these.
                case "sslmode": entry.settings["sslmode"] = entry.settings["sslmode"] ?? value
                case "applicationname":
                    entry.settings["application_name"] = entry.settings["application_name"] ?? value
                // The others of the IDE's are about itself.
                default: if list == "driver-properties" { parameters.append((name, value)) }
                }
            }
        }
        entry.take(driver: parameters)
        guard let host = signingHost else { return }
        entry.fields["signing_host"] = signingPort.map { "\(host):\($0)" } ?? host
    }
}

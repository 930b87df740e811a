import Profiles

/// DataGrip's `dataSources.xml`, and what it copies to the clipboard. User names lie in a file beside it.
package enum DataGripSources {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        let root: XMLNode
        do throws(XMLNode.Malformed) { root = try XMLNode.read(Array(document(text).utf8)) } catch {
            reading.problems.append(error.text)
            return reading
        }
        let sources = Self.sources(under: root)
        if sources.isEmpty { reading.problems.append("there is no <data-source> in it") }
        var others = 0
        for (index, source) in sources.enumerated() {
            let name = source.attributes["name"]
            var entry = ForeignEntry(place: "data source \(index + 1)", name: name)
            guard let address = source.text("jdbc-url").flatMap({ JDBCAddress($0.trimmingBlanks()) }) else {
                others += 1
                continue
            }
            address.apply(to: &entry)
            take(source, &entry)
            reading.entries.append(entry)
        }
        if others > 0 {
            reading.notes.append("\(others) data source\(others == 1 ? "" : "s") of other databases left out")
        }
        return reading
    }

    /// The clipboard's text has comments of its own around several roots.
    private static func document(_ text: String) -> String {
        guard text.hasPrefix("#") else { return text }
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return "<clipboard>\(lines.joined(separator: "\n"))</clipboard>"
    }

    private static func sources(under root: XMLNode) -> [XMLNode] {
        var (found, waiting) = ([XMLNode](), [root])
        while let node = waiting.popLast() {
            if node.name == "data-source" {
                found.append(node)
            } else {
                waiting += node.children.reversed()
            }
        }
        return found
    }

    private static func take(_ source: XMLNode, _ entry: inout ForeignEntry) {
        func text(_ name: String) -> String? {
            source.text(name).map { $0.trimmingBlanks() }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let user = text("user-name") { entry.settings["user"] = user }
        entry.notes = source.attributes["comment"] ?? text("remarks") ?? ""
        entry.group = source.attributes["group"] ?? text("group-name")
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
            entry.take(
                tunnel: ssh.text("proxy-host") ?? ssh.text("ssh-config-id"), port: ssh.text("proxy-port"),
                user: ssh.text("user"))
        }
    }

    /// The driver's properties, and those of the AWS Toolkit's login.
    private static func takeProperties(_ source: XMLNode, _ entry: inout ForeignEntry) {
        var (signingHost, signingPort): (String?, String?)
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
                case "sslmode": entry.settings["sslmode"] = value
                case "applicationname": entry.settings["application_name"] = value
                default: continue
                }
            }
        }
        guard let host = signingHost else { return }
        entry.fields["signing_host"] = signingPort.map { "\(host):\($0)" } ?? host
    }
}

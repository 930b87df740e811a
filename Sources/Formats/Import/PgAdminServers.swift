import Profiles

/// pgAdmin's `servers.json`, with ConnectionParameters and, before that, with SSLMode and its kin on top
/// (pgAdmin 4 documentation, "Import/Export Servers").
package enum PgAdminServers {
    package static func read(_ text: String) -> ForeignReading {
        var reading = ForeignReading()
        let (tree, lines): (JSONTree, [String: Int])
        do throws(JSONReader.Malformed) {
            (tree, lines) = try JSONReader.readLenient(text, linesOf: "Servers")
        } catch {
            reading.problems.append(error.text)
            return reading
        }
        guard let servers = tree["Servers"]?.members else {
            reading.problems.append("there is no object \"Servers\" in it")
            return reading
        }
        let ordered = servers.sorted { (Int($0.key) ?? .max, $0.key) < (Int($1.key) ?? .max, $1.key) }
        for (key, server) in ordered {
            let place = ForeignEntry.place("server", key, lines)
            guard let members = server.members else {
                reading.problems.append("\(place): is not an object")
                continue
            }
            reading.entries.append(entry(place, members))
        }
        return reading
    }

    /// The group that pgAdmin puts servers into unless told otherwise.
    static let defaultGroup = "Servers"

    /// Keys of ConnectionParameters under another name than libpq's, and those of the old generation.
    private static let old = [
        "SSLMode": "sslmode", "SSLRootCert": "sslrootcert", "SSLCert": "sslcert", "SSLKey": "sslkey",
        "SSLCrl": "sslcrl", "PassFile": "passfile", "Passfile": "passfile", "Timeout": "connect_timeout",
        "HostAddr": "hostaddr", "Host": "host", "Port": "port", "MaintenanceDB": "dbname",
        "MaintainanceDB": "dbname", "Username": "user", "Service": "service",
    ]

    private static func entry(_ place: String, _ members: [String: JSONTree]) -> ForeignEntry {
        var entry = ForeignEntry(place: place, name: members["Name"]?.string)
        func text(_ name: String) -> String? {
            members[name]?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        }
        func set(_ keyword: String, _ value: String) {
            // Compression has been nothing to anybody for long.
            guard !value.isEmpty, keyword != "sslcompression" else { return }
            // Paths inside pgAdmin's own storage are its own; two of them stand everywhere, whether used or not.
            guard !value.contains("<STORAGE_DIR>") else {
                if !value.contains("/.postgresql/postgresql.") {
                    entry.remarks.append("\(keyword) left out: it lies in pgAdmin's own storage")
                }
                return
            }
            entry.settings[keyword] = value
        }
        for (name, keyword) in old.sorted(by: { $0.key < $1.key }) {
            if let value = text(name) { set(keyword, value) }
        }
        for (keyword, value) in members["ConnectionParameters"]?.members ?? [:] {
            if let value = value.scalarText { set(keyword, value) }
        }
        entry.group = text("Group").flatMap { $0 == defaultGroup ? nil : $0 }
        entry.notes = text("Comment") ?? ""
        if case .array(let tags)? = members["Tags"] {
            entry.tags = tags.compactMap { $0["text"]?.string ?? $0.string }
        }
        if let role = text("Role") {
            entry.settings["options", default: ""] +=
                (entry.settings["options"] == nil ? "" : " ") + "-c role=\(escaped(role))"
        }
        if text("Password") != nil || text("SavePassword") == "yes" { entry.dropSecret("the password") }
        takeCommand(text("PasswordExecCommand"), &entry)
        takeTunnel(members, &entry)
        for (name, words) in [
            ("PostConnectionSQL", "SQL that pgAdmin runs after connecting"), ("BGColor", "its colour"),
            ("DBRestriction", "the list of databases to be shown"),
        ] where text(name) != nil {
            entry.remarks.append("\(words) left out")
        }
        if members["KerberosAuthentication"] == .bool(true) || text("KerberosAuthentication") == "1" {
            entry.remarks.append("Kerberos left out: set gssencmode and krbsrvname in its parameters")
            entry.auth = Authentication.none
        }
        if let own = members["pgfob"] { entry.fields.merge(ExtraFields.fields(own)) { $1 } }
        return entry
    }

    /// A command that prints a password may hold one: it is never run and never kept. That it makes IAM tokens is
    /// worth knowing.
    private static func takeCommand(_ command: String?, _ entry: inout ForeignEntry) {
        guard let command else { return }
        let words = ShellWords.split(command) ?? []
        let program = words.first?.split(separator: "/").last.map(String.init) ?? ""
        let makesToken =
            command.contains("generate-db-auth-token") || (program == "pgfob" && words.contains("token"))
        guard makesToken else {
            entry.remarks.append("the password command dropped: it was not run, and may hold a secret")
            if entry.auth == nil { entry.auth = .password }
            return
        }
        entry.auth = .iam
        if program == "aws" {
            for (option, field) in [("--profile", ProfileField.awsProfile), ("--region", .region)] {
                if let value = Self.value(of: option, words) { entry.fields[field.rawValue] = value }
            }
            // A tunnel's local end is not what the token is for.
            if let host = Self.value(of: "--hostname", words), !host.contains("%"),
                host.lowercased() != entry.settings["host"]?.lowercased()
            {
                entry.fields[ProfileField.signingHost.rawValue] =
                    Self.value(of: "--port", words).map { "\(host):\($0)" } ?? host
            }
        }
        entry.remarks.append("the password command is not needed: pgfob makes the token itself")
    }

    private static func value(of option: String, _ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word == option, index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
        }
        return nil
    }

    private static func takeTunnel(_ members: [String: JSONTree], _ entry: inout ForeignEntry) {
        guard let uses = members["UseSSHTunnel"]?.scalarText, uses == "1" || uses == "yes" else { return }
        entry.take(
            tunnel: members["TunnelHost"]?.scalarText, port: members["TunnelPort"]?.scalarText,
            user: members["TunnelUsername"]?.scalarText)
    }

    /// As one word of `options`: the server takes blanks for the end of a word and a backslash before either for the
    /// character itself (PostgreSQL documentation, "PGOPTIONS").
    private static func escaped(_ word: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            if scalar == "\\" || scalar.properties.isWhitespace { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}

extension ForeignEntry {
    /// A tunnel through ssh: a field of its own, which comes in once it is approved.
    mutating func take(tunnel host: String?, port: String?, user: String?) {
        let name = ProfileMaker.cleaned(host ?? "", limit: 255)
        guard !name.isEmpty else { return }
        let account =
            user.map { ProfileMaker.cleaned($0, limit: 63) }.flatMap { $0.isEmpty ? nil : "\($0)@" } ?? ""
        let place = port.flatMap { HostSyntax.port($0) }.map { $0 == 22 ? "" : ":\($0)" } ?? ""
        fields[ProfileField.tunnel.rawValue] = "ssh \(account)\(name)\(place)"
        // pgfob takes its ssh's own way to log in there.
        remarks.append("how it logs in at \(name) is left to ssh and ~/.ssh/config")
    }
}
